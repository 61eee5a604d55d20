"""The whole story of one incident as its page tells it: everything that happened, in one line of time.

To what the incidents know of themselves come clocks, the way up, messages to chat groups and, for who may read the
access log, who looked at personal data.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import AccessRecord, User
from dispatch.escalation import history
from dispatch.escalation.history import WayUp
from dispatch.models import Deadline, OutboxMessage
from dispatch.overview import incident_clocks
from grids.models import Ability, Kind
from grids.posts import has_ability
from households.auditing import shown_of
from incidents.models import Attachment, Incident, StatusChange
from incidents.timeline import Event, events_of, in_order

NAMED_FOR: Final = timedelta(days=14)
"""How long after its report messages are searched for an incident's number: groups are told of it hour by hour, and a
search through months of them is not worth the wait. What was sent for this one incident is found however old it is."""
_State = OutboxMessage.State
_TONES: Final = {_State.FAILED: "overdue", _State.SENT: "reported"}


def load(incident: Incident) -> None:
    """Load what the page tells of an incident, each kind once."""
    prefetch_related_objects(
        [incident],
        Prefetch("changes", StatusChange.objects.select_related("actor").order_by("pk")),
        Prefetch("attachments", Attachment.objects.select_related("uploaded_by").order_by("pk")),
    )


def story_of(
    incident: Incident, reader: User, *, clocks: Sequence[Deadline], ways: Sequence[WayUp], at: datetime
) -> list[Event]:
    """Everything that this reader may know, the newest first."""
    events = [*events_of(incident), *incident_clocks.events_of(incident, clocks), *history.events_of(ways)]
    return in_order([*events, *_messages(incident, at), *_views(incident, reader)])


def _messages(incident: Incident, at: datetime) -> list[Event]:
    """Messages for this incident alone, and those of its street or district that led to it."""
    found = OutboxMessage.objects.select_related("channel").order_by()
    until = min(at, incident.reported_at + NAMED_FOR)
    near = Q(street=incident.street_id) | Q(street=None)
    naming = found.filter(near, made_at__range=(incident.reported_at, until), text__contains=_link(incident))
    return [_message(row) for row in found.filter(incident=incident).union(naming)]


def _link(incident: Incident) -> str:
    """What stands in a message that names it. Not the number alone: commands, whistles and items count alike."""
    return f"incidents/{incident.number}/"


def _message(row: OutboxMessage) -> Event:
    title = _("Message sent") if row.state == _State.SENT else str(row.get_state_display())
    channel = str(row.channel) if row.channel_id else ""
    return Event(row.sent_at or row.made_at, title, _TONES.get(_State(row.state), "idle"), channel, note=row.title)


def _views(incident: Incident, reader: User) -> list[Event]:
    """Who looked at numbers of the people concerned: recorded for the incident itself, or for the household where it
    is, while it was under way. Nothing for who may not read the access log; the numbers themselves stand nowhere."""
    if not has_ability(reader, Ability.AUDIT):
        return []
    looked = Q(subject="incident", subject_id=incident.pk)
    if incident.unit.kind == Kind.HOUSEHOLD:
        until = incident.closed_at or datetime.max.replace(tzinfo=incident.reported_at.tzinfo)
        looked |= Q(unit_code=incident.unit.code, at__gte=incident.reported_at, at__lte=until)
    rows = AccessRecord.objects.filter(looked).select_related("actor").order_by("at")
    return [
        Event(
            row.at,
            pgettext("access log", "Looked at: %(what)s") % {"what": shown_of(row) or row.get_act_display()},
            "soon",
            str(row.actor or _("The system")),
            note=row.reason,
        )
        for row in rows
    ]
