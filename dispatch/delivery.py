"""Delivering the outbox: claim, send, record; never a network call while a lock is held.

A claim is a lease: it sets the next try a minute ahead and commits. A worker that dies before it records leaves a row
that is due again when the lease is over. Such a message may arrive twice, which can't be told from here; the log says
so.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

import clock
from accounts.sealing import SealBroken
from dispatch import dingtalk
from dispatch.dingtalk import Outcome, Reply, Robot
from dispatch.models import Channel, OutboxMessage

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=1)
"""Longer than the longest attempt, shorter than anybody would wait for a message whose sender died."""
MUTE: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 5
_WINDOW: Final = timedelta(minutes=1)
_UNRECORDED: Final = "an earlier attempt was never recorded; it may have arrived twice"


@dataclass(slots=True)
class Delivered:
    """What one round did."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0


def deliver_due(now: datetime | None = None, limit: int = 100) -> Delivered:
    """Send what is due, the oldest first, as far as each robot's limit goes; at most `limit` messages."""
    moment, done = _moments(now), Delivered()
    for _round in range(limit):
        at = moment()
        if not _deliver_first(_due(at), at, moment, done):
            break
    return done


def deliver(message_id: int, now: datetime | None = None) -> Delivered:
    """Send this message if it is due and nobody else is sending it."""
    moment, done = _moments(now), Delivered()
    at = moment()
    _deliver_first(_due(at).filter(pk=message_id), at, moment, done)
    return done


def _moments(now: datetime | None) -> Callable[[], datetime]:
    return clock.now if now is None else lambda: now


def _due(at: datetime) -> QuerySet[OutboxMessage]:
    """Pending messages whose time has come, but for those of a robot that is muted."""
    pending = OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING, next_try_at__lte=at)
    return pending.exclude(channel__held_until__gt=at).order_by("next_try_at", "pk")


def _deliver_first(due: QuerySet[OutboxMessage], at: datetime, moment: Callable[[], datetime], done: Delivered) -> bool:
    """Settle the first of `due` that nobody else holds; False when there is none."""
    message, is_claimed = _claim(due, at)
    if message is None:
        return False
    if is_claimed:
        message = _record(message, _attempt(message), moment())
    done.sent += message.state == OutboxMessage.State.SENT
    done.failed += message.state == OutboxMessage.State.FAILED
    done.put_off += message.state == OutboxMessage.State.PENDING
    return True


@transaction.atomic
def _claim(due: QuerySet[OutboxMessage], at: datetime) -> tuple[OutboxMessage | None, bool]:
    """The first message that is free, and whether it may be sent now; if so the row says that it is being sent.

    The robot's row is locked after the message's, so two workers count the robot's last minute one after the other.
    """
    message = due.select_for_update(of=("self",), skip_locked=True).first()
    if message is None:
        return None, False
    # Without token and secret: a key that is gone must not stop the messages of other robots.
    robots = Channel.objects.select_for_update(no_key=True, of=("self",)).only("is_active", "held_until", "per_minute")
    channel = robots.get(messages=message)
    if not channel.is_active:
        message.state, message.reply = OutboxMessage.State.FAILED, "The channel is switched off."
    elif wait := _wait_until(channel, at):
        message.next_try_at = wait
    else:
        is_lost = message.attempts > 0 and message.reply in {"", _UNRECORDED}
        if is_lost:
            logger.warning("Message %s: %s", message.pk, _UNRECORDED)
        message.reply = _UNRECORDED if is_lost else ""
        message.attempts, message.tried_at, message.next_try_at = message.attempts + 1, at, at + LEASE
    message.save(update_fields=["state", "reply", "attempts", "tried_at", "next_try_at"])
    return message, message.state == OutboxMessage.State.PENDING and message.tried_at == at


def _wait_until(channel: Channel, at: datetime) -> datetime | None:
    """When the robot may speak again: muted until then, or its last minute is full. None: now."""
    if channel.held_until and channel.held_until > at:
        return channel.held_until
    said = OutboxMessage.objects.filter(channel=channel, tried_at__gt=at - _WINDOW, tried_at__lte=at)
    times = [said_at for said_at in said.order_by("tried_at").values_list("tried_at", flat=True) if said_at]
    if len(times) < channel.per_minute:
        return None
    return times[len(times) - channel.per_minute] + _WINDOW


def _attempt(message: OutboxMessage) -> Reply:
    """Talk to the robot; no lock is held here."""
    try:
        channel = Channel.objects.get(messages=message)
    except SealBroken:
        return Reply(Outcome.REFUSED, "The token can't be opened with the present FIELD_KEYS: enter it again.")
    robot = Robot(
        base_url=channel.base_url or settings.DINGTALK_BASE_URL,
        token=channel.token,
        secret=channel.secret,
        keyword=channel.keyword,
    )
    return dingtalk.send(robot, title=message.title, text=message.text)


@transaction.atomic
def _record(message: OutboxMessage, reply: Reply, at: datetime) -> OutboxMessage:
    """Write down what came of the attempt, unless somebody else took over meanwhile; "sent" always counts."""
    row = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if row.attempts != message.attempts and reply.outcome != Outcome.SENT:
        return row
    row.reply = f"{reply.text}; {_UNRECORDED}" if row.reply == _UNRECORDED else reply.text
    if reply.outcome == Outcome.SENT:
        row.state, row.sent_at = OutboxMessage.State.SENT, at
    elif reply.outcome == Outcome.MUTED:
        # The robot's fault, not the message's: the attempt doesn't count.
        row.attempts, row.next_try_at = row.attempts - 1, at + MUTE
        Channel.objects.filter(messages=row).update(held_until=at + MUTE)
    elif reply.outcome == Outcome.REFUSED or row.attempts >= MOST_ATTEMPTS:
        row.state = OutboxMessage.State.FAILED
        logger.error("Message %s to channel %s was not delivered: %s", row.pk, row.channel_id, row.reply)
    else:
        row.next_try_at = at + timedelta(minutes=2 ** (row.attempts - 1))
    row.save(update_fields=["state", "reply", "attempts", "next_try_at", "sent_at"])
    return row
