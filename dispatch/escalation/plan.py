"""The ladder frozen for one incident: which role at which place hears of it, and when. Written once, then followed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.models import LadderRung
from dispatch.models.escalation import Tier
from grids.models import Department, Kind, Unit
from incidents.models import Incident
from incidents.standing import lead_of
from incidents.workflow import Status

_COLUMN = {
    Tier.MICRO_GRID: "micro_grid",
    Tier.GRID: "grid",
    Tier.COMMUNITY: "community",
    Tier.STREET: "street",
}
_TIER_OF = {
    Kind.MICRO_GRID: Tier.MICRO_GRID,
    Kind.GRID: Tier.GRID,
    Kind.COMMUNITY: Tier.COMMUNITY,
    Kind.STREET: Tier.STREET,
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a frozen plan. `place` is the code of a unit or of the district, `unit` the key of the unit."""

    tier: Tier
    role: str
    role_id: int
    place: str
    unit: int | None
    district: int
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "tier": self.tier.value,
            "role": self.role,
            "role_id": self.role_id,
            "place": self.place,
            "unit": self.unit,
            "district": self.district,
            "at": self.at.isoformat(),
        }


def read(plan: Iterable[dict[str, Any]]) -> list[Rung]:
    """A plan as the row keeps it."""
    return [Rung(**{**row, "tier": Tier(row["tier"]), "at": datetime.fromisoformat(row["at"])}) for row in plan]


def freeze(rungs: Iterable[LadderRung], incident: Incident, *, since: datetime) -> list[Rung]:
    """The rungs for this incident, each with its moment counted from `since`.

    A tier that the place doesn't have (an incident of a whole community has no grid) has no rung.
    """
    plan: list[Rung] = []
    for row in rungs:
        at = since + timedelta(minutes=row.after_minutes)
        if plan:
            at = max(at, plan[-1].at)  # a higher tier never hears before a lower one
        place = _place(Tier(row.tier), incident)
        if place is not None:
            plan.append(Rung(Tier(row.tier), row.role.code, row.role_id, *place, incident.street.district_id, at))
    return plan


def later(plan: Iterable[Rung], by: timedelta) -> list[Rung]:
    return [replace(rung, at=rung.at + by) for rung in plan]


def tier_of_holder(incident: Incident) -> Tier:
    """The tier that holds the incident: that of the lead unit; the street for a department, for the command room that
    has to dispatch it, and for those who verify it."""
    lead = lead_of(incident)
    if lead is None or incident.status in {Status.REPORTED, Status.RETURNED, Status.HANDLED}:
        return Tier.STREET
    return tier_of_place(lead.party)


def tier_of_place(place: Unit | Department) -> Tier:
    """The tier that a unit belongs to. A department stands beside the command room of a street, and so does an area."""
    if isinstance(place, Unit):
        return _TIER_OF.get(Kind(place.kind), Tier.STREET)
    return Tier.STREET


def _place(tier: Tier, incident: Incident) -> tuple[str, int | None] | None:
    """Code and key of the incident's place in a tier; the district has a code alone."""
    column = _COLUMN.get(tier)
    if column is None:
        return incident.street.district.code, None
    unit = getattr(incident, column)
    return (unit.code, unit.pk) if unit else None
