"""Time as people say it: "还剩 42 分", "超时 1 小时 05 分", "5 分钟前". Pure: no clock, no database."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# The first warning before the 16:00 close-out goes out at 15:00: an hour is what "due soon" means on every page.
DUE_SOON = timedelta(hours=1)

_MINUTE = timedelta(minutes=1)
_HOUR = 60
_DAY = 24 * _HOUR


def duration(span: timedelta) -> str:
    """A length of time, never negative, to the minute; beyond a day to the hour: nobody plans minutes days ahead."""
    minutes = abs(span) // _MINUTE
    if minutes >= _DAY:
        days, hours = minutes // _DAY, minutes % _DAY // _HOUR
        said = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        return _("%(days)s %(hours)d h") % {"days": said, "hours": hours} if hours else said
    if minutes >= _HOUR:
        return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // _HOUR, "minutes": minutes % _HOUR}
    return _("%(minutes)d min") % {"minutes": minutes}


def left(span: timedelta) -> str:
    """What remains of a limit; a negative span is time over it. Under a minute either way it is due now."""
    if abs(span) < _MINUTE:
        return _("due now")
    if span > timedelta():
        return _("%(time)s left") % {"time": duration(span)}
    return _("overdue %(time)s") % {"time": duration(span)}


def ago(span: timedelta) -> str:
    """How long ago something happened. A span below zero (two machines' clocks disagree) is "just now" too."""
    if span < _MINUTE:
        return _("just now")
    return _("%(time)s ago") % {"time": duration(span)}


def day_and_time(at: datetime, *, now: datetime) -> str:
    """A point in time within a sentence, both as local time: "11-20 15:42"; the year only where it is another one."""
    return f"{at:%m-%d %H:%M}" if at.year == now.year else f"{at:%Y-%m-%d %H:%M}"


def state(span: timedelta) -> str:
    """Which of the three states of an undone limit holds: `overdue`, `soon` or `running`."""
    if span < timedelta():
        return "overdue"
    return "soon" if span <= DUE_SOON else "running"
