"""The incidents behind a number of a past board, each as it stood at that minute."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import User
from dispatch import replay, rules
from dispatch.limits import close_out_time
from dispatch.overview.board import NUMBERS, Show, seen_in
from dispatch.replay import Stood
from grids.models import Unit
from incidents.held import Move, holder_of, leads_of
from incidents.models import Assignment, Incident
from incidents.selectors import PLACE
from incidents.workflow import OPEN, Status


@dataclass(frozen=True, slots=True)
class AsOf:
    """One row of the list: the incident, and what of it was otherwise then. `holder` is empty once it had ended."""

    incident: Incident
    status: Status
    level: int
    due_at: datetime | None
    closed_at: datetime | None
    holder: str


def behind(unit: Unit | None, show: Show, user: User, *, at: datetime) -> list[int]:
    """The keys of what one number of the board of then counted, the most pressing first: as many as it said."""
    line = rules.line_of(timezone.localdate(at), close_out_time())
    return replay.keys_behind(NUMBERS[show], at, seen_in(unit, user), line=line)


def as_they_stood(keys: Iterable[int], *, at: datetime) -> list[AsOf]:
    """One page of them with what a row shows, in the same order; three queries."""
    stood = replay.stood_at(at, Incident.objects.filter(pk__in=keys))
    parties = Assignment.objects.select_related("department", "unit")
    incidents = Incident.objects.select_related(*PLACE, "category").prefetch_related(Prefetch("assignments", parties))
    found = incidents.in_bulk([one.incident_id for one in stood])
    return [_as_of(found[one.incident_id], one, at) for one in stood]


def _as_of(incident: Incident, one: Stood, at: datetime) -> AsOf:
    _part, holder = holder_of(Move(at, one.status), leads_of(incident)) if one.status in OPEN else ("", "")
    return AsOf(incident, one.status, one.level, one.due_at, one.closed_at, holder)
