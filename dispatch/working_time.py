"""Working hours and working days: the arithmetic of limits that stop at night and on days off. Pure.

How days are counted follows the Civil Code: the day of the start doesn't count (article 201), and where there are hours
of business the last day ends with them (article 203). Hours count from the start itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Refused
from dispatch.rules import line_of

Stretch = tuple[time, time]
"""From when to when people work without a break."""

MONDAY: Final = 0
_LONGEST_BREAK: Final = 60
"""Days without any work after which a calendar counts as empty: the longest holidays of a year take nine."""


class NoWorkingTime(Refused):
    """The calendar has no working time at all, or none for months: no limit in working time can be told."""

    def __init__(self, day: date) -> None:
        message = _("The working calendar has no working time after %(day)s. Enter working hours in the configuration.")
        super().__init__(message % {"day": day}, code="no_working_time")


@dataclass(frozen=True)
class WorkingCalendar:
    """When one district works.

    `hours`: the stretches of each day of the week, Monday being 0; a day that is missing is a day off.
    `exceptions`: days that are not what their day of the week says; True is worked, False is a holiday.
    """

    hours: Mapping[int, Sequence[Stretch]]
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def stretches(self, day: date) -> Sequence[Stretch]:
        """From when to when `day` is worked, in order; nothing on a day off.

        A Saturday worked to make up for a holiday has no hours of its own: it has those of a Monday.
        """
        worked = self.exceptions.get(day)
        if worked is False:
            return ()
        usual = self.hours.get(day.weekday(), ())
        return (usual or self.hours.get(MONDAY, ())) if worked else usual

    def is_working(self, day: date) -> bool:
        return bool(self.stretches(day))

    def after_hours(self, start: datetime, hours: int) -> datetime:
        """When so many hours of working time have passed since `start`.

        A start at night, at noon or on a day off counts from the next working moment. Hours that are up when people go
        home are up then, not the next morning. Raises `NoWorkingTime`.
        """
        left = timedelta(hours=hours)
        for day in self._working_days(timezone.localdate(start)):
            for begins, ends in self.stretches(day):
                since, until = max(start, line_of(day, begins)), line_of(day, ends)
                if since + left <= until:
                    return since + left
                left -= max(until - since, timedelta())
        raise AssertionError("the days above never end")

    def end_of_working_day(self, start: datetime, days: int) -> datetime:
        """The end of work on the so-many-th working day after the day of `start`. Raises `NoWorkingTime`."""
        coming = self._working_days(timezone.localdate(start) + timedelta(days=1))
        last = next(day for count, day in enumerate(coming, start=1) if count == days)
        return line_of(last, self.stretches(last)[-1][1])

    def _working_days(self, first: date) -> Iterator[date]:
        """Every day worked from `first` on, without end; raises `NoWorkingTime` when none comes for months."""
        day = idle_since = first
        while (day - idle_since).days < _LONGEST_BREAK:
            if self.is_working(day):
                yield day
                idle_since = day
            day += timedelta(days=1)
        raise NoWorkingTime(idle_since)
