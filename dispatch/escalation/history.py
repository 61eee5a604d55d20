"""What the page of an incident shows of its way up: lines of the timeline, and who was told when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.escalation.plan import Rung, read
from dispatch.models import Escalation, EscalationStep
from dispatch.models.escalation import Tier
from grids.models import Role
from incidents.models import Incident
from incidents.timeline import Event

Kind = Escalation.Kind


@dataclass(frozen=True, slots=True)
class Stop:
    """One tier at one moment: the steps of its roles, in the order in which they were climbed."""

    at: datetime
    steps: list[EscalationStep]

    @property
    def tier(self) -> str:
        return str(self.steps[0].get_tier_display())

    @property
    def is_of_the_street(self) -> bool:
        return self.steps[0].tier == Tier.STREET

    @property
    def place(self) -> str:
        return self.steps[0].place

    @property
    def is_vacant(self) -> bool:
        return not any(step.told_id for step in self.steps)

    @property
    def said(self) -> str:
        """The roles in one line."""
        return pgettext("between roles", "; ").join(self.lines)

    @property
    def lines(self) -> list[str]:
        """Each role with whom it reached, or with why nobody."""
        by_role = groupby(self.steps, key=lambda step: step.role)
        said = pgettext("a role and its people", "%(role)s: %(people)s")
        return [said % {"role": role, "people": _people(list(steps))} for role, steps in by_role]


@dataclass(frozen=True, slots=True)
class WayUp:
    """One escalation with its stops, and what is still to come."""

    row: Escalation
    stops: list[Stop]
    coming: Rung | None
    coming_role: Role | None

    @property
    def reached_nobody(self) -> bool:
        return bool(self.stops) and all(stop.is_vacant for stop in self.stops)

    @property
    def is_express(self) -> bool:
        return self.row.kind == Kind.EXPRESS

    @property
    def is_at_the_top(self) -> bool:
        """The ladder has ended, and nobody has ended it."""
        row = self.row
        return row.kind == Kind.LADDER and row.cancelled_at is None and row.next_at is None

    @property
    def coming_tier(self) -> str:
        """Tier and role: a street has two rungs, its command room and its leaders."""
        if self.coming is None:
            return ""
        tier = str(self.coming.tier.label)
        if self.coming_role is None:
            return tier
        return pgettext("a tier and a role", "%(tier)s (%(role)s)") % {"tier": tier, "role": self.coming_role}


def ways_up(incident: Incident) -> list[WayUp]:
    """The escalations of an incident that is loaded with their steps, the oldest first; a query while there is a rung
    to come."""
    ways = [(row, _coming(row)) for row in incident.escalations.all()]
    roles = Role.objects.in_bulk([coming.role_id for _row, coming in ways if coming])
    return [
        WayUp(row, _stops(row.steps.all()), coming, roles.get(coming.role_id) if coming else None)
        for row, coming in ways
    ]


def events_of(ways: Iterable[WayUp]) -> list[Event]:
    """As lines of the timeline: who sent it up and why, and every tier that heard of it."""
    events: list[Event] = []
    for way in ways:
        if way.row.kind != Kind.LADDER:
            by = str(way.row.began_by or "")
            events.append(Event(way.row.began_at, way.row.get_kind_display(), "returned", by, note=way.row.reason))
        events += [_event(stop) for stop in way.stops]
    return events


def _event(stop: Stop) -> Event:
    said = _("Nobody to tell: %(tier)s") if stop.is_vacant else _("Told: %(tier)s")
    tone = "overdue" if stop.is_vacant else "reported"
    return Event(stop.at, said % {"tier": stop.tier}, tone, stop.place, note="\n".join(stop.lines))


def _people(steps: list[EscalationStep]) -> str:
    """Names, those of stand-ins marked; the reason when nobody was reached under any post of the role."""
    names = [
        _("%(name)s (stands in)") % {"name": step.told} if step.stands_in else str(step.told)
        for step in steps
        if step.told
    ]
    if names:
        return pgettext("between names", ", ").join(names)
    if any(step.post_id for step in steps):
        return _("away, nobody stands in")
    return pgettext("of a post", "vacant")


def _stops(steps: Iterable[EscalationStep]) -> list[Stop]:
    by_tier = groupby(steps, key=lambda step: (step.at, step.tier))
    return [Stop(at, list(rows)) for (at, _tier), rows in by_tier]


def _coming(row: Escalation) -> Rung | None:
    if row.cancelled_at is not None or row.next_at is None:
        return None
    return next(iter(read(row.plan[row.position : row.position + 1])), None)
