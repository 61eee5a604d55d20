"""The close-outs of the last weeks, day by day: a table, and the same as shapes for a small chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from dispatch.models import DayClose
from grids.models import Unit

SPANS = (14, 30, 90)
WIDTH, HEIGHT = 720, 200
"""Of the chart, in its own units; the page stretches it to the room there is."""
_GAP = 0.3


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one street, or of several as a sum; `streets` is how many of them were frozen, none on a gap."""

    day: date
    streets: int = 0
    due: int = 0
    due_closed: int = 0
    open: int = 0
    late: int = 0

    @property
    def missed(self) -> int:
        return self.due - self.due_closed

    @property
    def share(self) -> str:
        """How much of what was due was closed in time."""
        return f"{self.due_closed / self.due:.1%}" if self.due else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day in the chart: how high what was closed in time is, and on top of it what was not."""

    day: Day
    x: float
    width: float
    in_time_y: float
    in_time: float
    missed_y: float
    missed: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars for what was due, a line for what was open, both against the same scale from nothing to `top`."""

    bars: Sequence[Bar]
    open_lines: Sequence[str]
    top: int


def trend(streets: Sequence[Unit], *, until: date, span: int) -> list[Day]:
    """The last `span` days up to `until`, the oldest first; a day without any closing is a gap, not a zero."""
    first = until - timedelta(days=span - 1)
    closings = DayClose.objects.filter(street__in=streets, day__gte=first, day__lte=until)
    sums = (
        closings.order_by()
        .values("day")
        .annotate(streets=Count("pk"), due=Sum("due"), due_closed=Sum("due_closed"), open=Sum("open"), late=Sum("late"))
    )
    frozen = {row["day"]: Day(**row) for row in sums}
    days = [first + timedelta(days=index) for index in range(span)]
    return [frozen.get(day) or Day(day) for day in days]


def chart(days: Sequence[Day]) -> Chart:
    """The shapes of the chart. Pure."""
    top = max((max(day.due, day.open) for day in days), default=0) or 1
    step = WIDTH / max(1, len(days))
    bars = [_bar(day, index * step, step, top) for index, day in enumerate(days) if day.streets]
    return Chart(bars, _open_lines(days, step, top), top)


def _bar(day: Day, left: float, step: float, top: int) -> Bar:
    in_time, missed = HEIGHT * day.due_closed / top, HEIGHT * day.missed / top
    return Bar(
        day=day,
        x=round(left + step * _GAP / 2, 2),
        width=round(step * (1 - _GAP), 2),
        in_time_y=round(HEIGHT - in_time, 2),
        in_time=round(in_time, 2),
        missed_y=round(HEIGHT - in_time - missed, 2),
        missed=round(missed, 2),
    )


def _open_lines(days: Sequence[Day], step: float, top: int) -> list[str]:
    """The line of what was open as points for `polyline`; a gap in the days is a gap in the line."""
    lines: list[list[str]] = [[]]
    for index, day in enumerate(days):
        if day.streets:
            lines[-1].append(f"{(index + 0.5) * step:.1f},{HEIGHT - HEIGHT * day.open / top:.1f}")
        elif lines[-1]:
            lines.append([])
    return [" ".join(points) for points in lines if points]
