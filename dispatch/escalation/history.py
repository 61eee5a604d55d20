"""What the page of an incident shows of its way up: lines of the timeline, and who was told when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from dispatch.escalation.plan import Rung, read
from dispatch.models import Escalation, EscalationStep
from incidents.models import Incident
from incidents.timeline import Event

Kind = Escalation.Kind


@dataclass(frozen=True, slots=True)
class WayUp:
    """One escalation with its steps, and what is still to come."""

    row: Escalation
    steps: list[EscalationStep]
    coming: Rung | None

    @property
    def reached_nobody(self) -> bool:
        return not any(step.told_id for step in self.steps)

    @property
    def is_over(self) -> bool:
        """Cancelled, or at its end."""
        return self.coming is None

    @property
    def is_at_the_top(self) -> bool:
        return self.row.kind == Kind.LADDER and self.row.cancelled_at is None and self.row.next_at is None

    @property
    def coming_tier(self) -> str:
        return str(EscalationStep(tier=self.coming.tier).get_tier_display()) if self.coming else ""


def ways_up(incident: Incident) -> list[WayUp]:
    """The incident's escalations, the oldest first; two queries."""
    steps = EscalationStep.objects.select_related("told", "role").order_by("pk")
    rows = Escalation.objects.filter(incident=incident).select_related("began_by")
    return [WayUp(row, list(row.steps.all()), _coming(row)) for row in rows.prefetch_related(Prefetch("steps", steps))]


def events_of(ways: Iterable[WayUp]) -> list[Event]:
    """As lines of the timeline: who sent it up and why, and every step."""
    events: list[Event] = []
    for way in ways:
        if way.row.kind != Kind.LADDER:
            by = str(way.row.began_by or "")
            events.append(Event(way.row.began_at, way.row.get_kind_display(), "returned", by, note=way.row.reason))
        events += [_event(step) for step in way.steps]
        if way.is_at_the_top:
            events.append(Event(_last(way), _("The top of the ladder is reached"), "overdue"))
    return events


def _event(step: EscalationStep) -> Event:
    where = {"tier": step.get_tier_display(), "role": step.role}
    if step.told is None:
        return Event(step.at, _("Nobody to tell: %(tier)s, %(role)s") % where, "overdue", note=step.place)
    note = _("%(place)s, as a stand-in") % {"place": step.place} if step.stands_in else step.place
    return Event(step.at, _("Told: %(tier)s, %(role)s") % where, "reported", str(step.told), note=note)


def _coming(row: Escalation) -> Rung | None:
    if row.cancelled_at is not None or row.next_at is None:
        return None
    return read(row.plan[row.position : row.position + 1])[0]


def _last(way: WayUp) -> datetime:
    return way.steps[-1].at if way.steps else way.row.began_at
