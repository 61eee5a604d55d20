"""The one place that reads the clock.

A trial installation (TRIAL) may move the clock by command, so that somebody who tries the product sees the hourly
digest and the 16:00 close-out without waiting for the afternoon. In service the clock is the machine's, always.
"""

import time
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

SHIFT_KEY = "clock:shift-seconds"
_FRESH_SECONDS = 1.0
_seen: tuple[float, timedelta] = (float("-inf"), timedelta())


def now() -> datetime:
    """The present moment, aware; moved by `move_to` in a trial installation only."""
    return timezone.now() + _shift()


def today() -> date:
    """The present day in the deployment's own time zone: a day ends at its midnight, not at UTC's."""
    return timezone.localdate(now())


def move_to(moment: datetime | None) -> timedelta:
    """Move the trial clock to `moment` (None: back to the real time). Returns the shift that is in force.

    Raises `PermissionError` in service: there, nobody moves the clock.
    """
    if not settings.TRIAL:
        raise PermissionError("The clock can be moved in a trial installation only (TRIAL=1).")
    global _seen
    shift = timedelta() if moment is None else moment - timezone.now()
    cache.set(SHIFT_KEY, shift.total_seconds(), timeout=None)
    _seen = (float("-inf"), timedelta())
    return shift


def _shift() -> timedelta:
    """The shift in force, asked of the cache at most once a second in each process."""
    global _seen
    if not settings.TRIAL:
        return timedelta()
    asked_at, shift = _seen
    if time.monotonic() - asked_at > _FRESH_SECONDS:
        shift = timedelta(seconds=cache.get(SHIFT_KEY, 0))
        _seen = (time.monotonic(), shift)
    return shift
