"""When a message may leave: quiet hours, the limit of a robot, its silence; and when it needn't any more. No sending.

Everything is judged from rows and a moment that is given, so a host whose clock jumps can delay a message by
`LONGEST_WAIT` at most: no wait of ours is longer than that, and one that seems to be was written by a clock that ran
ahead.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from dispatch.channels import TIMEOUT_SECONDS, feishu
from dispatch.models import Channel, OutboxMessage
from grids.models import Mode
from grids.modes import mode_at, orders_in_force
from incidents.workflow import OPEN

LEASE: Final = timedelta(minutes=1)
"""Longer than the longest attempt, shorter than anybody would wait for a message whose sender died."""
MUTE: Final = timedelta(minutes=10)
REST: Final = timedelta(minutes=1)
"""How long a robot that didn't answer is left alone: else each of its messages costs a worker the whole time-out."""
MOST_ATTEMPTS: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=15)
_LOOK_AGAIN: Final = timedelta(minutes=10)
"""A message waits for the end of quiet hours in such steps, so that an emergency ordered meanwhile lets it go."""
_WINDOW: Final = timedelta(minutes=1)
LONGEST_ATTEMPT: Final = timedelta(seconds=TIMEOUT_SECONDS)

OVERTAKEN: Final = "overtaken: something newer says the same"
INCIDENT_OVER: Final = "overtaken: the incident is over"


def is_due(at: datetime) -> Q:
    """Messages whose next try has come, or lies so far ahead that the clock must have jumped."""
    return Q(next_try_at__lte=at) | Q(next_try_at__gt=at + LONGEST_WAIT)


def is_held(at: datetime) -> Q:
    """Messages of channels that are muted, or rest, just now."""
    return Q(channel__held_until__gt=at, channel__held_until__lte=at + LONGEST_WAIT)


def overtaken(message: OutboxMessage, at: datetime) -> str:
    """Why a message needn't be sent any more; nothing when it still must."""
    if message.good_until and message.good_until <= at:
        return OVERTAKEN
    if message.incident and message.incident.status not in OPEN:
        return INCIDENT_OVER
    return ""


def wait_until(message: OutboxMessage, channel: Channel, at: datetime) -> datetime | None:
    """When to look at the message again; None: it may leave now."""
    if held := held_until(channel, at):
        return held
    if not message.is_urgent:
        if (quiet := quiet_until(channel, at)) and not _is_emergency(channel, at):
            return min(quiet, at + _LOOK_AGAIN)
        if channel.kind == Channel.Kind.FEISHU and (calm := feishu.out_of_the_rush(at)):
            return calm + jitter(message.dedupe_key)
    return _next_slot(channel, at)


def held_until(channel: Channel, at: datetime) -> datetime | None:
    """The end of a channel's silence, if it is muted or rests just now."""
    is_held = channel.held_until is not None and at < channel.held_until <= at + LONGEST_WAIT
    return channel.held_until if is_held else None


def busy_until(channel: Channel, at: datetime) -> datetime | None:
    """When a robot would take a message again, whatever the hour: its mute and the limit of its minute.

    A channel in trouble rests because we leave it alone, not because the robot demands it: it may be tried.
    """
    muted = None if channel.trouble else held_until(channel, at)
    return muted or _next_slot(channel, at)


def back_off(message: OutboxMessage) -> timedelta:
    """The wait after an attempt that may do better next time: 1, 2, 4, 8 minutes and some seconds of the message's own,
    so that what failed together doesn't come back together."""
    return timedelta(minutes=2 ** (max(1, message.attempts) - 1)) + jitter(message.dedupe_key)


def jitter(key: str) -> timedelta:
    """0 to 19 seconds, always the same for one key."""
    return timedelta(seconds=zlib.crc32(key.encode()) % 20)


# -- the limit of a robot ----------------------------------------------------------------------------------------
def take_slot(channel: Channel, at: datetime) -> None:
    """Count an attempt that begins now. Until it is over it counts as ending as late as it can: the robot counts
    arrivals, and this one may arrive at the last moment."""
    channel.spoke_at = [*_last_minute(channel.spoke_at, at), at + LONGEST_ATTEMPT]


def settle_slot(channel: Channel, began_at: datetime | None, at: datetime) -> None:
    """The attempt that began then is over: it arrived by now."""
    spoke_at = list(channel.spoke_at)
    if began_at and began_at + LONGEST_ATTEMPT in spoke_at:
        spoke_at.remove(began_at + LONGEST_ATTEMPT)
    channel.spoke_at = [*_last_minute(spoke_at, at), at]


def _next_slot(channel: Channel, at: datetime) -> datetime | None:
    times = sorted(_last_minute(channel.spoke_at, at))
    if len(times) < channel.per_minute:
        return None
    return times[len(times) - channel.per_minute] + _WINDOW


def _last_minute(times: Sequence[datetime], at: datetime) -> list[datetime]:
    """The attempts that a robot may still count. A time that can't have been yet was written by a clock that ran
    ahead: it counts as if it were now."""
    return [min(time, at + LONGEST_ATTEMPT) for time in times if time > at - _WINDOW]


# -- quiet hours -------------------------------------------------------------------------------------------------
def quiet_until(channel: Channel, at: datetime) -> datetime | None:
    """The end of the quiet hours in which `at` lies, also of those that began yesterday; None outside of them."""
    begins, ends = channel.quiet_from, channel.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    local = timezone.localtime(at)
    time = local.time()
    is_quiet = begins <= time < ends if begins < ends else time >= begins or time < ends
    if not is_quiet:
        return None
    last_day = local.date() if time < ends else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(last_day, ends))


def _is_emergency(channel: Channel, at: datetime) -> bool:
    """Whether the channel's street stands in an emergency; for a channel of the district, whether any place does."""
    if channel.street is None:
        return orders_in_force(at).exists()
    return mode_at(channel.street, at) == Mode.EMERGENCY
