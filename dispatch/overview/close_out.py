"""The close-out as it nears, and what was frozen at the earlier ones."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from dispatch import rules
from dispatch.limits import close_out_time
from dispatch.models import DayClose, DayCloseLine
from dispatch.models.deadline import Clock
from dispatch.overview.needs import in_reach
from dispatch.selectors import with_due
from grids.models import Ability, Kind, Unit
from incidents.models import Incident
from incidents.selectors import in_unit
from incidents.workflow import OPEN

DAYS_LISTED = 31


@dataclass(frozen=True, slots=True)
class Window:
    """The time between two close-outs: `previous` is over, `line` is the one that counts."""

    previous: datetime
    line: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One street or community on its way to the close-out; `unit` empty is what lies above that tier."""

    unit: Unit | None
    due: int
    closed: int
    """Of those due, closed in time."""
    owed: int
    """Of those due, not closed yet."""
    open: int
    late: int


def window_at(at: datetime) -> Window:
    """The close-out that comes next, and the one before it."""
    at_time = close_out_time()
    line = rules.next_line(at, at_time)
    return Window(rules.line_of(timezone.localdate(line) - timedelta(days=1), at_time), line)


def rows_of(user: User, streets: list[Unit], *, window: Window, at: datetime) -> list[Row]:
    """By street for several streets, by community for one; the most owed first."""
    street = streets[0] if len(streets) == 1 else None
    tier = Kind.COMMUNITY if street else Kind.STREET
    among = in_reach(user, Ability.CLOSE_OUT)
    incidents = in_unit(among, street) if street else among
    due, open_ = _due_by(tier, incidents, window), _open_by(tier, incidents, at)
    units = list(Unit.objects.filter(kind=tier, street=street, retired_at=None).order_by("code")) if street else streets
    rows = [Row(unit, *due.get(unit.pk, (0, 0, 0)), *open_.get(unit.pk, (0, 0))) for unit in units]
    if None in due or None in open_:
        rows.append(Row(None, *due.get(None, (0, 0, 0)), *open_.get(None, (0, 0))))
    return sorted(rows, key=lambda row: (-row.owed, -row.late, -row.open))


def still_owed(user: User, street: Unit | None, *, window: Window) -> QuerySet[Incident]:
    """The open incidents that this close-out will find: overdue already, or due by its line."""
    among = in_reach(user, Ability.CLOSE_OUT).filter(status__in=OPEN)
    return with_due(in_unit(among, street) if street else among).filter(due_at__lte=window.line)


def closings_of(streets: list[Unit]) -> QuerySet[DayClose]:
    """The frozen close-outs of these streets, the latest first."""
    return DayClose.objects.filter(street__in=streets).select_related("street").order_by("-day", "street__code")


def lines_of(closing: DayClose) -> QuerySet[DayCloseLine]:
    """What stood open: whether it was late (`is_late`), where it stands today (`status_now`), and the reasons given."""
    return with_answers(closing.lines.all())


def with_answers(lines: QuerySet[DayCloseLine]) -> QuerySet[DayCloseLine]:
    is_late = Q(due_at__isnull=False, due_at__lte=F("day_close__due_at"))
    lines = lines.annotate(status_now=F("incident__status"), is_late=ExpressionWrapper(is_late, BooleanField()))
    return lines.prefetch_related("reasons").order_by("-minutes_late", "-is_late", "number")


def days_of(streets: list[Unit], *, before: date | None = None) -> list[date]:
    """The latest days with a close-out."""
    closings = DayClose.objects.filter(street__in=streets)
    if before:
        closings = closings.filter(day__lt=before)
    return list(closings.order_by("-day").values_list("day", flat=True).distinct()[:DAYS_LISTED])


def _due_by(tier: Kind, incidents: QuerySet[Incident], window: Window) -> dict[int | None, tuple[int, int, int]]:
    """How many close-outs fall due in the window, and how many of these are met in time and not met yet, by unit.

    `dispatch.close_out` counts alike.
    """
    # A day more: what is due after the earlier line by a rule of its own may have been closed before it.
    closed_since = Q(status__in=OPEN) | Q(closed_at__gt=window.previous - timedelta(days=1))
    rows = (
        incidents.filter(closed_since)
        .filter(
            deadlines__clock=Clock.CLOSE_OUT,
            deadlines__cancelled_at=None,
            deadlines__suspended_at=None,
            deadlines__due_at__gt=window.previous,
            deadlines__due_at__lte=window.line,
        )
        .order_by()
        .values_list(f"{tier}_id")
        .annotate(
            due=Count("deadlines"),
            met=Count("deadlines", filter=Q(deadlines__met_at__lte=F("deadlines__due_at"))),
            owed=Count("deadlines", filter=Q(deadlines__met_at=None)),
        )
    )
    return {place: (due, met, owed) for place, due, met, owed in rows}


def _open_by(tier: Kind, incidents: QuerySet[Incident], at: datetime) -> dict[int | None, tuple[int, int]]:
    """How many are open, and how many of these late, by unit."""
    rows = with_due(incidents.filter(status__in=OPEN)).order_by().values_list(f"{tier}_id")
    counted = rows.annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    return {place: (open_, late) for place, open_, late in counted}
