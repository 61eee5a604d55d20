"""How a day is cut into shifts. Pure: times of the clock on the wall, no database."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WEEK = 7


class Pattern(models.TextChoices):
    LIKE_BEFORE = "before", _("Like the last planned week")
    THREE = "three", _("Three shifts of 8 hours")
    TWO = "two", _("Two shifts of 12 hours")
    ONE = "one", _("One shift of 24 hours")


_BEGINS = {Pattern.THREE: (0, 8, 16), Pattern.TWO: (8, 20), Pattern.ONE: (8,)}


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift of a day, to be filled with somebody; `number` counts those of the same times."""

    day: date
    starts_at: datetime
    ends_at: datetime
    number: int = 1

    @property
    def times(self) -> tuple[datetime, datetime]:
        return self.starts_at, self.ends_at

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        begins, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"slot_{begins:%m%d_%H%M}_{ends:%H%M}" + (f"_{self.number}" if self.number > 1 else "")


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def slots_of(pattern: Pattern, monday: date) -> Iterator[Slot]:
    """The slots of seven days by a pattern that cuts each day alike, in order."""
    begins = _BEGINS[pattern]
    length = timedelta(hours=24 // len(begins))
    for day in (monday + timedelta(days=number) for number in range(WEEK)):
        for hour in begins:
            start = timezone.make_aware(datetime.combine(day, time(hour)))
            yield Slot(day, start, start + length)


def slots_like(shifts: Iterable[tuple[datetime, datetime]], monday: date) -> Iterator[Slot]:
    """The slots of a week with the shifts of an earlier one, on the same weekdays, in order.

    Two people on duty at the same times make two slots.
    """
    seen: Counter[tuple[datetime, datetime]] = Counter()
    for times in sorted(moved_to(monday, *each) for each in shifts):
        seen[times] += 1
        yield Slot(timezone.localdate(times[0]), *times, number=seen[times])


def moved_to(monday: date, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """The same weekday and times in the week of that Monday."""
    by = monday - monday_of(timezone.localdate(starts_at))
    return starts_at + by, ends_at + by
