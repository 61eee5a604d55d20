"""A frozen day beside the day before, and one day of several streets as a sum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from dispatch.models import DayClose, DayCloseLine
from dispatch.overview.close_out import with_answers
from grids.models import Unit

FIGURES: Mapping[str, Promise] = {
    "reported": pgettext_lazy("since the last close-out", "Reported"),
    "closed": pgettext_lazy("since the last close-out", "Closed"),
    "due": pgettext_lazy("at the close-out", "Due"),
    "due_closed": gettext_lazy("Closed in time"),
    "open": pgettext_lazy("at the close-out", "Open"),
    "late": gettext_lazy("Late"),
}
"""The figures of a `DayClose`, in the order of every table."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure, and what it was the day before (None: that day was not frozen)."""

    name: str
    label: str
    now: int
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.now - self.before

    @property
    def change_in_words(self) -> str:
        """+3, −2, or that nothing changed."""
        if not self.change:
            return pgettext("a figure", "unchanged") if self.change == 0 else ""
        return f"+{self.change}" if self.change > 0 else f"−{-self.change}"


def totals(closings: Iterable[DayClose]) -> dict[str, int]:
    """The figures of several closings as a sum."""
    rows = list(closings)
    return {name: sum(getattr(row, name) for row in rows) for name in FIGURES}


def compared(now: Mapping[str, int], before: Mapping[str, int] | None) -> list[Compared]:
    return [Compared(name, str(label), now[name], before[name] if before else None) for name, label in FIGURES.items()]


def day_before(streets: Sequence[Unit], day: date) -> list[DayClose]:
    """What these streets froze the day before; nothing unless all of them did, for a sum of some compares badly."""
    rows = list(DayClose.objects.filter(street__in=streets, day=day - timedelta(days=1)))
    return rows if len(rows) == len(streets) else []


def lines_on(closings: Sequence[DayClose]) -> QuerySet[DayCloseLine]:
    """What stood open in several streets on a day, the latest first, with street and reasons."""
    return with_answers(DayCloseLine.objects.filter(day_close__in=closings)).select_related("day_close__street")
