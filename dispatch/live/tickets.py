"""Who may ask for a place's version: a page hands its reader a ticket, signed and good for a quarter of an hour.

The session and the posts behind it were checked when the page was made; asking for them each second would cost the
database two queries a second for every open screen. When the ticket has run out the page renews itself through all
those checks and gets another one. See docs/decisions/0018-live-by-polling.md.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing

from dispatch.live.versions import DISTRICT, version
from grids.models import Unit

GOOD_FOR: Final = timedelta(minutes=15)
_SALT: Final = "dispatch.live"


@dataclass(frozen=True, slots=True)
class LivePage:
    """What `components/_live.html` writes into a page."""

    place: str
    version: str
    ticket: str

    @property
    def url(self) -> str:
        return f"/live/{self.place}/"


def live_page(*units: Unit | None) -> LivePage:
    """For a page that shows these units; the whole district without any. Ask before the page's own queries."""
    place = place_of(*units)
    return LivePage(place, version(place), ticket_for(place))


def place_of(*units: Unit | None) -> str:
    """The one place whose version tells of every change in these units."""
    streets = {unit.street_id if unit else None for unit in units}
    street = streets.pop() if len(streets) == 1 else None
    return str(street) if street else DISTRICT


def ticket_for(place: str) -> str:
    return signing.TimestampSigner(salt=_SALT).sign(place)


def opens(ticket: str, place: str) -> bool:
    """Whether this ticket is one of ours, for this place, and still good."""
    try:
        return signing.TimestampSigner(salt=_SALT).unsign(ticket, max_age=GOOD_FOR) == place
    except signing.BadSignature:
        return False
