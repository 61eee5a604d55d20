"""What a leader wants to know in three minutes: five numbers, five places that need help, and what burns.

(Handbook, section 6 d: "what is burning, where, since when, who holds it, is it better than last week".)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from dispatch import rules
from dispatch.limits import close_out_time
from dispatch.models import DayClose
from dispatch.overview.board import NUMBERS, seen_in, sees_whole
from dispatch.overview.close_out_report import Compared
from dispatch.overview.places_in_need import PlaceInNeed, Pressing, places_in_need
from dispatch.replay import counted_at
from dispatch.selectors import SERIOUS, Figures, figures_by, with_due
from grids.models import Kind, Unit
from incidents.models import Incident
from incidents.selectors import with_place
from incidents.workflow import OPEN

A_WEEK: Final = timedelta(days=7)
MOST_BURNING: Final = 5
_BELOW: Final = {Kind.COMMUNITY: Kind.GRID, Kind.GRID: Kind.MICRO_GRID, Kind.MICRO_GRID: Kind.MICRO_GRID}
"""The tier among which help is looked for; communities for whatever lies higher: that is where somebody answers."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that needs help, as a unit; `name` says the street too where there are several."""

    unit: Unit
    name: str
    need: PlaceInNeed


@dataclass(frozen=True, slots=True)
class LastClose:
    """The latest close-out; beside its share of closed in time that of a week before, empty unless it was frozen."""

    day: date
    due: int
    due_closed: int
    share: str
    share_before: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page; `then` is the moment that the numbers are compared with."""

    at: datetime
    then: datetime
    numbers: Sequence[Compared]
    places: Sequence[Place]
    burning: Sequence[Incident]
    burning_in_all: int
    close: LastClose | None
    """Frozen for whole streets: nothing for who sees a part of the unit's work only."""


def overview_of(unit: Unit | None, user: User, *, at: datetime) -> Overview:
    """The page of a unit, of the whole district without one: what this user may see of it."""
    among, then, closes_at = seen_in(unit, user), at - A_WEEK, close_out_time()
    pressing = _pressing(unit, among, at, closes_at)
    now = _sum(figures_by(Kind.STREET, now=at, among=among, line=closes_at).values())
    return Overview(
        at=at,
        then=then,
        numbers=_compared(now, _figures_at(then, among, closes_at)),
        places=_places(places_in_need(pressing, at=at), names_street=unit is None),
        burning=list(burning(among, at=at)[:MOST_BURNING]),
        burning_in_all=sum(_burns(row, at) for row in pressing),
        close=_last_close(unit, at) if sees_whole(user, unit) else None,
    )


def burning(among: QuerySet[Incident], *, at: datetime) -> QuerySet[Incident]:
    """What is overdue, and everything of level 3 and up: the higher level first, then what is due for longest."""
    rows = with_place(with_due(among.filter(status__in=OPEN))).filter(Q(due_at__lt=at) | Q(level__gte=SERIOUS))
    return rows.order_by("-level", F("due_at").asc(nulls_last=True), "pk")


def cases_at(unit: Unit, user: User, *, at: datetime) -> QuerySet[Incident]:
    """The cases behind a place that needs help, the most pressing first."""
    rows = _that_press(seen_in(unit, user), at, close_out_time())
    return with_place(rows).order_by(F("due_at").asc(nulls_last=True), "-level", "pk")


def _that_press(among: QuerySet[Incident], at: datetime, closes_at: time) -> QuerySet[Incident]:
    line = rules.line_of(timezone.localdate(at), closes_at)
    rows = with_due(among.filter(status__in=OPEN))
    return rows.filter(Q(due_at__lt=at) | Q(due_at__lte=line) | Q(level__gte=SERIOUS))


def _pressing(unit: Unit | None, among: QuerySet[Incident], at: datetime, closes_at: time) -> list[Pressing]:
    tier = _BELOW.get(Kind(unit.kind), Kind.COMMUNITY) if unit else Kind.COMMUNITY
    place = Coalesce(F(f"{tier}_id"), F("unit_id"))  # what lies above the tier counts for the place it was reported for
    rows = _that_press(among, at, closes_at).order_by().values_list(place, "level", "status", "due_at")
    return [Pressing(*row) for row in rows]


def _burns(row: Pressing, at: datetime) -> bool:
    return row.level >= SERIOUS or (row.due_at is not None and row.due_at < at)


def _places(needs: Sequence[PlaceInNeed], *, names_street: bool) -> list[Place]:
    units = Unit.objects.select_related("street", "community").in_bulk([need.place for need in needs])
    return [Place(unit := units[need.place], _name(unit, names_street), need) for need in needs]


def _name(unit: Unit, names_street: bool) -> str:
    return f"{unit.street.name} {unit.full_name}" if names_street and unit.street else unit.full_name


def _figures_at(moment: datetime, among: QuerySet[Incident], closes_at: time) -> Figures:
    """The figures of then, by the line that holds now: lines of days that are past aren't kept."""
    line = rules.line_of(timezone.localdate(moment), closes_at)
    return _sum(counted_at(moment, among, tier=Kind.STREET, line=line).figures.values())


def _sum(parts: Iterable[Figures]) -> Figures:
    parts = list(parts)
    return Figures(**{each.name: sum(getattr(part, each.name) for part in parts) for each in fields(Figures)})


def _compared(now: Figures, then: Figures) -> list[Compared]:
    return [
        Compared(show.value, str(show.label), getattr(now, name), getattr(then, name)) for show, name in NUMBERS.items()
    ]


def _last_close(unit: Unit | None, at: datetime) -> LastClose | None:
    """The latest close-out of the streets that lie in the unit; a part of a street has none of its own."""
    if unit is not None and unit.kind != Kind.STREET:
        return None
    closings = DayClose.objects.filter(day__gt=timezone.localdate(at) - 2 * A_WEEK)
    if unit is not None:
        closings = closings.filter(street=unit)
    sums = closings.order_by("-day").values("day").annotate(due=Sum("due"), due_closed=Sum("due_closed"))
    days = {row["day"]: (row["due"], row["due_closed"]) for row in sums}
    if not days:
        return None
    day = max(days)
    share, before = _share(*days[day]), _share(*days.get(day - A_WEEK, (0, 0)))
    return LastClose(day, *days[day], share=share, share_before=before)


def _share(due: int, due_closed: int) -> str:
    return f"{due_closed / due:.1%}" if due else ""
