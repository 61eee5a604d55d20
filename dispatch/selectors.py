"""Which deadlines, in which order; and the figures of a board, read from the frozen place columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from dispatch import rules
from dispatch.clocks import UNDONE
from dispatch.limits import close_out_time
from dispatch.models import Deadline
from grids.models import Ability, Kind, Unit
from grids.posts import area_filter, posts_with
from incidents.models import Incident
from incidents.selectors import in_unit
from incidents.workflow import OPEN, Status

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SERIOUS = 3
"""From this level on an incident is analysed, pushed every hour and told to the district (practices 71 and 72)."""

RUNNING = UNDONE & Q(suspended_at=None)


def streets_closed_by(user: User) -> QuerySet[Unit]:
    """The streets whose close-out the user sees: those served as a whole, for a close-out names what all of it owes."""
    posts = posts_with(user, Ability.CLOSE_OUT)
    streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code")
    if area_filter(posts) is None:
        return streets
    return streets.filter(pk__in={post.unit_id for post in posts if post.unit})


def undone_deadlines(incidents: QuerySet[Incident]) -> QuerySet[Deadline]:
    """The clocks that still run or stand still, the nearest first."""
    return Deadline.objects.filter(UNDONE, incident__in=incidents).order_by("due_at", "pk")


class Due(TypedDict):
    """What `with_due` adds."""

    due_at: datetime | None
    due_clock: str | None


def with_due(incidents: QuerySet[Incident]) -> "QuerySet[WithAnnotations[Incident, Due]]":
    """Annotates `due_at` and `due_clock` of the nearest running clock; both empty when none runs.

    Ask for `status__in=OPEN` as well: the partial index over the open incidents is what makes this quick.
    """
    # Ordered by the index `deadline_running` alone; two clocks due at the same moment may be named either way.
    nearest = Deadline.objects.filter(RUNNING, incident=OuterRef("pk")).order_by("due_at")
    return incidents.annotate(
        due_at=Subquery(nearest.values("due_at")[:1]), due_clock=Subquery(nearest.values("clock")[:1])
    )


def by_minutes_left(incidents: QuerySet[Incident]) -> "QuerySet[WithAnnotations[Incident, Due]]":
    """With `due_at`, the most pressing first; what has no running clock comes last."""
    return with_due(incidents).order_by(F("due_at").asc(nulls_last=True), "-level", "pk")


def to_sweep(now: datetime) -> QuerySet[Deadline]:
    """Clocks that have run out and that no sweep has found yet, the oldest first (index `deadline_to_sweep`)."""
    return Deadline.objects.filter(RUNNING, missed_at=None, due_at__lte=now).order_by("due_at", "pk")


@dataclass(frozen=True, slots=True)
class Figures:
    """The five numbers of a board."""

    open: int = 0
    overdue: int = 0
    due_today: int = 0
    """Still in time, and due at today's close-out at the latest."""
    serious: int = 0
    closed_today: int = 0


def figures_by(
    tier: Kind,
    *,
    now: datetime,
    within: Unit | None = None,
    among: QuerySet[Incident] | None = None,
    line: time | None = None,
) -> dict[int | None, Figures]:
    """The five numbers of each unit of a tier, by the unit's id; `within` narrows to a unit above it.

    `among`: the incidents that the reader may see (all of them for the system itself). `line`: when the day closes, for
    who has asked the limits already.

    Key None: incidents that lie above that tier (reported for the community as a whole, say). A unit without any has no
    entry.
    """
    incidents = _within(within, Incident.objects.all() if among is None else among)
    closes_at = rules.line_of(timezone.localdate(now), line or close_out_time())
    rows = {row.pop("place"): row for row in _open_figures(tier, incidents, now, closes_at)}
    for place, closed in _closed_today(tier, incidents, now):
        rows.setdefault(place, {})["closed_today"] = closed
    return {place: Figures(**row) for place, row in rows.items()}


def figures_of(unit: Unit | None, *, now: datetime) -> Figures:
    """The five numbers of one unit with everything below it; of the whole district without one."""
    # The district's rows are grouped by street and added up; a unit's fall into one group of its own tier.
    tier = Kind(unit.kind) if unit else Kind.STREET
    parts = figures_by(tier, now=now, within=unit).values()
    names = Figures.__dataclass_fields__
    return Figures(**{name: sum(getattr(part, name) for part in parts) for name in names})


def _within(unit: Unit | None, incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    return in_unit(incidents, unit) if unit else incidents


def _open_figures(tier: Kind, incidents: QuerySet[Incident], now: datetime, line: datetime) -> list[dict[str, Any]]:
    """Grouped outside the query that finds each incident's due moment, which the ORM would repeat for every figure."""
    rows = with_due(incidents.filter(status__in=OPEN)).order_by().values("level", "due_at", place=F(f"{tier}_id"))
    inner, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(rows=inner), [*parameters, now, now, line, SERIOUS])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# Materialized: drawn into the outer query, the due moment would be looked up once for each figure that asks for it.
_FIGURES: Final = """
    WITH rows AS MATERIALIZED ({rows})
    SELECT place, count(*) AS open,
        count(*) FILTER (WHERE due_at < %s) AS overdue,
        count(*) FILTER (WHERE due_at >= %s AND due_at <= %s) AS due_today,
        count(*) FILTER (WHERE level >= %s) AS serious
    FROM rows GROUP BY place
"""


def _closed_today(tier: Kind, incidents: QuerySet[Incident], now: datetime) -> Iterable[tuple[int | None, int]]:
    """Closed since midnight and not opened again, archived since or not."""
    today = timezone.localdate(now)
    begins, ends = rules.start_of(today), rules.start_of(today + timedelta(days=1))
    settled = incidents.filter(status__in=(Status.CLOSED, Status.ARCHIVED), closed_at__gte=begins, closed_at__lt=ends)
    return settled.order_by().values_list(f"{tier}_id").annotate(Count("pk"))
