"""All that a board shows of one unit at one moment: as it is now, or as it was at a past minute."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils import timezone

from accounts.models import User
from dispatch import replay, rules
from dispatch.limits import close_out_time
from dispatch.overview.board import Row, Show, counted_tier, incidents_of, seen_in, table_of
from dispatch.overview.board_hours import Hour, hours_of, in_hours, reported_by_hour
from dispatch.selectors import Figures, by_minutes_left, figures_by
from grids.models import Unit
from incidents.models import Incident
from incidents.selectors import PLACE, visible_to, with_place
from incidents.workflow import Status

MOST_SERIOUS: Final = 10


@dataclass(frozen=True, slots=True)
class Serious:
    """An open incident of level 3 or above, with how it stood at the moment of the picture."""

    incident: Incident
    level: int
    status: Status
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Picture:
    """`rows` are empty for a micro-grid, which has nothing below it; `serious` may be cut short.

    `is_past` when it was told from history, whose day need not be today.
    """

    at: datetime
    unit: Unit | None
    total: Figures
    rows: list[Row]
    hours: list[Hour]
    serious: list[Serious]
    is_past: bool = field(default=False, compare=False)


def present(unit: Unit | None, user: User, *, at: datetime, most: int | None = MOST_SERIOUS) -> Picture:
    """How the unit stands now, with at most so many of level 3 and above; six queries."""
    line = close_out_time()
    figures = figures_by(counted_tier(unit), now=at, within=unit, among=visible_to(user), line=line)
    total, rows = table_of(unit, user, figures)
    serious = by_minutes_left(with_place(incidents_of(unit, Show.SERIOUS, user, at=at)))[:most]
    return Picture(
        at=at,
        unit=unit,
        total=total,
        rows=rows,
        hours=hours_of(seen_in(unit, user), at=at, line=line),
        serious=[Serious(one, one.level, Status(one.status), one.due_at) for one in serious],
    )


def past(unit: Unit | None, user: User, *, at: datetime, most: int | None = MOST_SERIOUS) -> Picture:
    """How the unit stood at `at`, from the history of what the user may see today; six queries."""
    line, seen = close_out_time(), seen_in(unit, user)
    closes_at = rules.line_of(timezone.localdate(at), line)
    counted = replay.counted_at(at, seen, tier=counted_tier(unit), line=closes_at)
    total, rows = table_of(unit, user, counted.figures)
    reported = reported_by_hour(seen, at=at)
    return Picture(
        at=at,
        unit=unit,
        total=total,
        rows=rows,
        hours=in_hours(reported, counted.closed_by_hour, at=at, line=line),
        serious=_serious_then(counted.serious, at, most),
        is_past=True,
    )


def _serious_then(keys: list[int], at: datetime, most: int | None) -> list[Serious]:
    """The most pressing first, as on the board of then; what stood still comes last."""
    if not keys:
        return []
    then = replay.stood_at(at, Incident.objects.filter(pk__in=keys))[:most]
    incidents = Incident.objects.select_related(*PLACE, "category").in_bulk([one.incident_id for one in then])
    return [Serious(incidents[one.incident_id], one.level, one.status, one.due_at) for one in then]
