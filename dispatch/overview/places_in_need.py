"""The places that need help, and why, in words. Units are named, people never. Pure: no clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clock import said
from dispatch.selectors import SERIOUS
from incidents.workflow import Status

MOST_PLACES: Final = 5


class Pressing(NamedTuple):
    """One open incident that presses: overdue, of level 3 and up, or due at the close-out; `place` is a unit's key."""

    place: int
    level: int
    status: str
    due_at: datetime | None


@dataclass(slots=True)
class PlaceInNeed:
    """One place with what presses there."""

    place: int
    cases: int = 0
    overdue: int = 0
    serious: int = 0
    unsigned: int = 0
    """Of the overdue ones, how many nobody has signed."""
    due: int = 0
    """Still in time, and due at the close-out."""
    oldest: datetime | None = None
    reasons: list[str] = field(default_factory=list)

    @property
    def urgency(self) -> tuple[int, int, int, float, int]:
        """What stands first: the most that is overdue, then the most of level 3 and up, then what is due; the longest
        wait decides between equals."""
        waits = self.oldest.timestamp() if self.oldest else 0.0
        return (-self.overdue, -self.serious, -self.due, waits, self.place)


def places_in_need(rows: Iterable[Pressing], *, at: datetime, most: int = MOST_PLACES) -> list[PlaceInNeed]:
    """At most `most` places, the one with the most need first, each with its reasons in words."""
    places: dict[int, PlaceInNeed] = {}
    for row in rows:
        _count(places.setdefault(row.place, PlaceInNeed(row.place)), row, at)
    chosen = sorted(places.values(), key=lambda place: place.urgency)[:most]
    for place in chosen:
        place.reasons = _reasons(place, at)
    return chosen


def _count(place: PlaceInNeed, row: Pressing, at: datetime) -> None:
    place.cases += 1
    place.serious += row.level >= SERIOUS
    if row.due_at is None:
        return
    if row.due_at >= at:
        place.due += row.level < SERIOUS
        return
    place.overdue += 1
    place.unsigned += row.status == Status.DISPATCHED
    place.oldest = min(place.oldest or row.due_at, row.due_at)


def _reasons(place: PlaceInNeed, at: datetime) -> list[str]:
    reasons = []
    if place.overdue and place.oldest:
        text = ngettext("%(count)d overdue, by %(time)s", "%(count)d overdue, the oldest by %(time)s", place.overdue)
        reasons.append(text % {"count": place.overdue, "time": said.duration(at - place.oldest)})
    if place.unsigned:
        reasons.append(_("%(count)d of them not signed") % {"count": place.unsigned})
    if place.serious:
        reasons.append(_("%(count)d of level 3 and up") % {"count": place.serious})
    if place.due:
        reasons.append(_("%(count)d due before the close-out") % {"count": place.due})
    return reasons
