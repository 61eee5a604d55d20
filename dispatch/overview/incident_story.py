"""The whole story of one incident as its page tells it: everything that happened, in one line of time.

To what the incidents know of themselves come clocks, the way up, messages to chat groups and, for who may read the
access log, who looked at personal data. All of it is fetched in one statement.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import AccessRecord, User
from accounts.together import ALL, PERSON, Rows, attach
from dispatch.escalation import history
from dispatch.escalation.history import WayUp
from dispatch.models import Deadline, DeadlineShift, Escalation, EscalationStep, ExtensionRequest, OutboxMessage
from dispatch.overview import incident_clocks
from dispatch.overview.calls import Calls, calls_with, items_about, whistles_about
from grids.models import Ability, Kind
from grids.posts import has_ability
from households.auditing import shown_of
from incidents.kept import load_kept
from incidents.models import Incident
from incidents.timeline import Event, events_of, in_order

NAMED_FOR: Final = timedelta(days=14)
"""How long after its report messages are searched for an incident's number: groups are told of it hour by hour, and a
search through months of them is not worth the wait. What was sent for this one incident is found however old it is."""
_State = OutboxMessage.State
_TONES: Final = {_State.FAILED: "overdue", _State.SENT: "reported"}


@dataclass(frozen=True, slots=True)
class Story:
    """What the page of an incident tells to one reader, beside what is loaded into the incident itself."""

    events: list[Event]
    """Everything that this reader may know, the newest first."""
    clocks: list[Deadline]
    ways: list[WayUp]
    calls: Calls


def story_of(incident: Incident, reader: User, *, at: datetime) -> Story:
    """Load the incident with all that is kept of it, here and in `incidents.kept`, and tell it."""
    told = load_kept(incident, _rows_of(incident, reader, at))
    for relation in ("deadlines", "extensions", "escalations"):
        attach([incident], relation, told[relation])
    attach(told["deadlines"], "shifts", told["shifts"])
    attach(told["escalations"], "steps", told["steps"])
    clocks, ways = incident_clocks.clocks_of(incident), history.ways_up(incident)
    messages = {row.pk: row for row in [*told["messages"], *told["naming"]]}
    events = [
        *events_of(incident),
        *incident_clocks.events_of(incident, clocks),
        *history.events_of(ways),
        *map(_message, messages.values()),
        *map(_view, told["views"]),
    ]
    calls = calls_with(reader, incident, told["items"], told["whistles"], at=at)
    return Story(in_order(events), clocks, ways, calls)


def _rows_of(incident: Incident, reader: User, at: datetime) -> dict[str, Rows]:
    steps = EscalationStep.objects.filter(escalation__incident=incident)
    decided = {"asked_by": PERSON, "decided_by": PERSON}
    called = ("id", "number", "state")
    return {
        "deadlines": Rows(Deadline.objects.filter(incident=incident).order_by("pk")),
        "shifts": Rows(DeadlineShift.objects.filter(deadline__incident=incident), along={"approved_by": PERSON}),
        "extensions": Rows(ExtensionRequest.objects.filter(incident=incident), along=decided),
        "escalations": Rows(Escalation.objects.filter(incident=incident), along={"began_by": PERSON}),
        "steps": Rows(steps, along={"told": PERSON, "role": ALL}),
        "items": Rows(items_about(reader, incident), called),
        "whistles": Rows(whistles_about(reader, incident), (*called, "grade")),
        **_messages(incident, at),
        "views": _views(incident, reader),
    }


def _messages(incident: Incident, at: datetime) -> dict[str, Rows]:
    """Messages for this incident alone, and those of its street or district that led to it."""
    shown = ("id", "channel_id", "title", "state", "made_at", "sent_at")
    until = min(at, incident.reported_at + NAMED_FOR)
    near = Q(street=incident.street_id) | Q(street=None)
    made = OutboxMessage.objects.filter(near, made_at__range=(incident.reported_at, until))
    # What stands in a message that names it. Not the number alone: commands, whistles and items count alike.
    found = {
        "messages": OutboxMessage.objects.filter(incident=incident),
        "naming": made.filter(text__contains=f"incidents/{incident.number}/"),
    }
    return {name: Rows(rows.order_by("pk"), shown, {"channel": ("id", "name")}) for name, rows in found.items()}


def _message(row: OutboxMessage) -> Event:
    title = _("Message sent") if row.state == _State.SENT else str(row.get_state_display())
    channel = str(row.channel) if row.channel_id else ""
    return Event(row.sent_at or row.made_at, title, _TONES.get(_State(row.state), "idle"), channel, note=row.title)


def _views(incident: Incident, reader: User) -> Rows:
    """Who looked at numbers of the people concerned: recorded for the incident itself, or for the household where it
    is, while it was under way. Nothing for who may not read the access log; the numbers themselves stand nowhere."""
    looked = Q(subject="incident", subject_id=incident.pk)
    if incident.unit.kind == Kind.HOUSEHOLD:
        until = incident.closed_at or datetime.max.replace(tzinfo=incident.reported_at.tzinfo)
        looked |= Q(unit_code=incident.unit.code, at__gte=incident.reported_at, at__lte=until)
    found = AccessRecord.objects.filter(looked) if has_ability(reader, Ability.AUDIT) else AccessRecord.objects.none()
    shown = ("id", "actor_id", "at", "act", "what", "reason")
    return Rows(found.order_by("at", "pk"), shown, {"actor": PERSON})


def _view(row: Any) -> Event:
    return Event(
        row.at,
        pgettext("access log", "Looked at: %(what)s") % {"what": shown_of(row) or row.get_act_display()},
        "soon",
        str(row.actor or _("The system")),
        note=row.reason,
    )
