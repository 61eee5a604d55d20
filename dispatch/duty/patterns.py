"""How a day is cut into shifts. Pure: times of the clock on the wall, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WEEK = 7


class Pattern(models.TextChoices):
    THREE = "three", _("Three shifts of 8 hours")
    TWO = "two", _("Two shifts of 12 hours")
    ONE = "one", _("One shift of 24 hours")


_BEGINS = {Pattern.THREE: (0, 8, 16), Pattern.TWO: (8, 20), Pattern.ONE: (8,)}


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift of a day, to be filled with somebody."""

    day: date
    starts_at: datetime
    ends_at: datetime

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"slot_{timezone.localtime(self.starts_at):%m%d_%H}"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def slots_of(pattern: Pattern, monday: date) -> Iterator[Slot]:
    """The slots of seven days, in order."""
    begins = _BEGINS[pattern]
    length = timedelta(hours=24 // len(begins))
    for day in (monday + timedelta(days=number) for number in range(WEEK)):
        for hour in begins:
            start = timezone.make_aware(datetime.combine(day, time(hour)))
            yield Slot(day, start, start + length)
