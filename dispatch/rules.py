"""By when: the arithmetic of limits. Pure: no clock, no database.

Moments are aware datetimes in any zone; days and times of day are those of the deployment's own zone (Asia/Shanghai).
Working time is in `dispatch.working_time`.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

CLOSE_OUT_AT = time(16, 0)
"""When the day closes unless a rule row says otherwise: practice 73 of the handbook, "每日16:00前当日事件全部办结"."""
_LAST_SECOND: Final = time(23, 59, 59)


def due_after(start: datetime, minutes: int) -> datetime:
    """`minutes` after `start`, by the clock on the wall: urgent limits run at night and on holidays too."""
    return start + timedelta(minutes=minutes)


def end_of_natural_day(start: datetime, days: int) -> datetime:
    """The end of the last of so many days, holidays counted: the day of the start doesn't count (Civil Code, art. 201).

    The last second of that day instead of the midnight after it, so that every page names the day that was promised.
    """
    return line_of(timezone.localdate(start) + timedelta(days=days), _LAST_SECOND)


def due_at_line(start: datetime, at: time) -> datetime:
    """The close-out that binds what starts at `start`: before the line today's, from the line on tomorrow's.

    Practice 73 of the handbook: reported at 15:59, due at 16:00; reported at 16:01, due at 16:00 of the next day.
    """
    today = line_of(timezone.localdate(start), at)
    return today if start < today else line_of(timezone.localdate(start) + timedelta(days=1), at)


def next_line(moment: datetime, at: time) -> datetime:
    """The first close-out at or after `moment`."""
    today = line_of(timezone.localdate(moment), at)
    return today if moment <= today else line_of(timezone.localdate(moment) + timedelta(days=1), at)


def line_of(day: date, at: time) -> datetime:
    """The moment at which `day` closes, in UTC as the database keeps it."""
    return timezone.make_aware(datetime.combine(day, at)).astimezone(UTC)


def start_of(day: date) -> datetime:
    """Midnight at which `day` begins."""
    return line_of(day, time())


def hour_of(moment: datetime) -> datetime:
    """The full hour that `moment` lies in, by the local clock (zones with half hours exist)."""
    local = timezone.localtime(moment)
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def minutes_late(due_at: datetime, at: datetime) -> int:
    """Whole minutes from `due_at` to `at`; nothing when it isn't due yet."""
    return max(0, int((at - due_at).total_seconds() // 60))


def days_owed(last: date | None, now: datetime, at: time, *, most: int = 7) -> list[date]:
    """The days to close by `now`, the oldest first: each since `last`, at most `most`; without a last, today alone."""
    today = timezone.localdate(now)
    newest = today if now >= line_of(today, at) else today - timedelta(days=1)
    if last is None:
        return [today] if newest == today else []
    first = max(last, newest - timedelta(days=most)) + timedelta(days=1)
    return [first + timedelta(days=index) for index in range((newest - first).days + 1)]
