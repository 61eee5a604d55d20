"""The hours that every deployment starts with."""

from datetime import time
from typing import Final

from django.db import transaction

from dispatch.models import WorkingHours
from dispatch.working_time import Stretch

# The usual hours of a government office; they are the product's own proposal and are edited in the configuration.
STRETCHES: Final[tuple[Stretch, ...]] = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
DAYS: Final = range(5)  # Monday to Friday
STANDARD_WEEK: Final = dict.fromkeys(DAYS, STRETCHES)


@transaction.atomic
def load_standard_hours() -> int:
    """Lay down the usual hours where nobody has entered any yet; returns how many rows were added."""
    if WorkingHours.objects.exists():
        return 0
    rows = [WorkingHours(weekday=day, begins=begins, ends=ends) for day in DAYS for begins, ends in STRETCHES]
    return len(WorkingHours.objects.bulk_create(rows))
