"""How an area stood at any past minute, told from history alone: one query for any number of incidents.

The rules are those of `dispatch.retrospect`, which tells one incident at a time with everything about it and freezes
the close-out; a test holds the two together, and the figures of a past 16:00 to the frozen ones. What is told here is
counted by the hundred, so the database does it: for each incident its status, level, nearest due moment and closing as
of then.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import DateTimeField, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from dispatch import rules
from dispatch.models import Deadline, DeadlineShift
from dispatch.selectors import SERIOUS, Figures
from grids.models import Kind
from incidents.models import Incident, StatusChange
from incidents.workflow import OPEN, Act, Status

REACH: Final = timedelta(days=90)
"""How far back a board can be replayed."""
_SETTLED: Final = (Status.CLOSED, Status.ARCHIVED)
_PLACES: Final = tuple(f"{tier}_id" for tier in (Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID))


@dataclass(frozen=True, slots=True)
class Stood:
    """One incident as it stood at `moment`: open, or closed on that very day."""

    incident_id: int
    places: dict[str, int | None]
    """Its unit of each tier, as frozen when it was reported."""
    status: Status
    level: int
    due_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_serious(self) -> bool:
        return self.is_open and self.level >= SERIOUS


def is_within_reach(moment: datetime, now: datetime) -> bool:
    """Past, and no longer ago than boards are replayed."""
    return now - REACH <= moment <= now


def stood_at(moment: datetime, among: QuerySet[Incident]) -> list[Stood]:
    """Of `among`, what was open at `moment` and what had been closed since that day's midnight, in one query."""
    midnight = rules.start_of(timezone.localdate(moment))
    rows = _as_of(moment, _touched_since(midnight, moment, among)).values_list(
        "pk", *_PLACES, "status_then", "level_then", "due_then", "closed_then"
    )
    return [stood for row in rows.iterator() if (stood := _told(row, midnight))]


def figures_then(stood: Iterable[Stood], tier: Kind, moment: datetime, line: datetime) -> dict[int | None, Figures]:
    """The five numbers of each unit of a tier at `moment`, as `selectors.figures_by` counts them of the present."""
    counts: dict[int | None, Counter[str]] = {}
    for one in stood:
        place = counts.setdefault(one.places[tier], Counter())
        place.update(name for name, counts_as in _COUNTED.items() if counts_as(one, moment, line))
    return {place: Figures(**count) for place, count in counts.items()}


def closed_by_hour(stood: Iterable[Stood]) -> Counter[int]:
    """How many had been closed in each hour of the day."""
    return Counter(timezone.localtime(one.closed_at).hour for one in stood if one.closed_at)


_COUNTED: Final[dict[str, Callable[[Stood, datetime, datetime], bool]]] = {
    "open": lambda one, moment, line: one.is_open,
    "overdue": lambda one, moment, line: one.due_at is not None and one.due_at < moment,
    "due_today": lambda one, moment, line: one.due_at is not None and moment <= one.due_at <= line,
    "serious": lambda one, moment, line: one.is_serious,
    "closed_today": lambda one, moment, line: one.closed_at is not None,
}


def _told(row: tuple, midnight: datetime) -> Stood | None:
    """None for what was neither open nor closed that day."""
    incident_id, *places, status, level, due_at, closed_at = row
    is_open, is_settled = status in OPEN, status in _SETTLED and closed_at is not None and closed_at >= midnight
    if not is_open and not is_settled:
        return None
    runs = is_open and status != Status.SUSPENDED
    return Stood(
        incident_id=incident_id,
        places={name.removesuffix("_id"): place for name, place in zip(_PLACES, places, strict=True)},
        status=Status(status),
        level=level,
        due_at=due_at if runs else None,
        closed_at=closed_at if is_settled else None,
    )


def _touched_since(midnight: datetime, moment: datetime, among: QuerySet[Incident]) -> QuerySet[Incident]:
    """Whatever was open at the moment or closed that day is open now, or was closed, merged or voided since midnight.

    `closed_at` is the last closing, emptied by a re-opening and kept by the archive.
    """
    ended = Q(status__in=(Status.MERGED, Status.VOID), state_entered_at__gte=midnight)
    return among.filter(Q(status__in=OPEN) | Q(closed_at__gte=midnight) | ended, reported_at__lte=moment)


def _as_of(moment: datetime, incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    changes = StatusChange.objects.filter(incident=OuterRef("pk"))
    before = changes.filter(at__lte=moment).order_by("-pk")
    closings = before.filter(new=Status.CLOSED).exclude(old=Status.CLOSED)
    later_triage = changes.filter(at__gt=moment, act=Act.TRIAGE, data__has_key="level").order_by("pk")
    level_was = later_triage.annotate(was=Cast(KT("data__level__0"), IntegerField())).values("was")[:1]
    return incidents.order_by().annotate(
        status_then=Subquery(before.values("new")[:1]),
        level_then=Coalesce(Subquery(level_was), F("level"), output_field=IntegerField()),
        due_then=_nearest_due(moment),
        closed_then=Subquery(closings.values("at")[:1]),
    )


def _nearest_due(moment: datetime) -> Subquery:
    """Of the clocks of an incident that ran at the moment, the nearest; a limit moved later counts as it was."""
    moved = DeadlineShift.objects.filter(deadline=OuterRef("pk"), at__gt=moment).order_by("pk").values("due_was")[:1]
    clocks = Deadline.objects.filter(
        Q(met_at=None) | Q(met_at__gt=moment),
        Q(cancelled_at=None) | Q(cancelled_at__gt=moment),
        incident=OuterRef("pk"),
    ).annotate(
        # A limit set by triage counts from the report but was not there before.
        set_at=Coalesce(Cast(KT("rule__set_at"), DateTimeField()), F("starts_at")),
        due_then=Coalesce(Subquery(moved), F("due_at")),
    )
    return Subquery(clocks.filter(set_at__lte=moment).order_by("due_then").values("due_then")[:1])
