"""Who sends a message, and what came of it: rows, written before and after the talk with a robot.

A claim is a lease: it sets the next try a minute ahead and commits. A worker that dies before it records leaves a row
that is due again when the lease is over. Such a message may arrive twice, which can't be told from here; the log and an
attempt with the outcome "unknown" say so.
"""

import logging
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.sealing import SealBroken
from dispatch import pacing
from dispatch.channels import Message, Outcome, Reply, Robot
from dispatch.models import Channel, OutboxAttempt, OutboxMessage
from dispatch.wording import link

logger = logging.getLogger(__name__)

State = OutboxMessage.State
UNRECORDED: Final = "an earlier attempt was never recorded; it may have arrived twice"
UNKNOWN: Final = "unknown"
"""The outcome of an attempt whose sender died; beside those of `Outcome`."""
_PACE: Final = ("is_active", "kind", "street", "held_until", "per_minute", "spoke_at", "quiet_from", "quiet_until")


def due_messages(at: datetime) -> QuerySet[OutboxMessage]:
    """Pending messages whose time has come, but for those of a robot that is muted; urgent ones first, then by age."""
    pending = OutboxMessage.objects.filter(pacing.is_due(at), state=State.PENDING).exclude(pacing.is_held(at))
    return pending.order_by("-is_urgent", "next_try_at", "pk")


@transaction.atomic
def claim(due: QuerySet[OutboxMessage], at: datetime) -> tuple[OutboxMessage | None, bool]:
    """The first message that is free, and whether it may be sent now; if so the row says that it is being sent.

    If not, the row says why: when to look again, or that it is not sent at all. The robot's row is locked after the
    message's, so two workers count the robot's last minute one after the other.
    """
    message = due.select_for_update(of=("self",), skip_locked=True).select_related("incident").first()
    if message is None:
        return None, False
    # Without token and secret: a key that is gone must not stop the messages of other robots.
    robots = Channel.objects.select_for_update(no_key=True, of=("self",)).select_related("street")
    channel = robots.only(*_PACE).get(messages=message)
    is_claimed = _decide(message, channel, at)
    message.save(update_fields=["state", "reply", "attempts", "tried_at", "next_try_at"])
    if is_claimed:
        pacing.take_slot(channel, at)
        channel.save(update_fields=["spoke_at"])
    return message, is_claimed


def _decide(message: OutboxMessage, channel: Channel, at: datetime) -> bool:
    """Write onto the message what becomes of it now; True when it is to be sent."""
    if not channel.is_active:
        message.state, message.reply = State.FAILED, _with_loss(message, "The channel is switched off.")
    elif reason := pacing.overtaken(message, at):
        message.state, message.reply = State.SKIPPED, _with_loss(message, reason)
        logger.info("Message %s is not sent: %s.", message.pk, message.reply)
    elif wait := pacing.wait_until(message, channel, at):
        message.next_try_at = wait
    else:
        message.reply = _with_loss(message, "")
        message.attempts, message.tried_at, message.next_try_at = message.attempts + 1, at, at + pacing.LEASE
        return True
    return False


def _with_loss(message: OutboxMessage, said: str) -> str:
    """What is said of a message, with a note when its last attempt has no reply: whoever made it died, and the message
    may have arrived."""
    if message.attempts == 0 or message.tried_at is None or message.reply not in {"", UNRECORDED}:
        return said
    OutboxAttempt.objects.create(message=message, at=message.tried_at, outcome=UNKNOWN, reply=UNRECORDED)
    logger.warning("Message %s: %s", message.pk, UNRECORDED)
    return f"{said}; {UNRECORDED}" if said else UNRECORDED


def robot_of(message: OutboxMessage) -> Robot | Reply:
    """The robot that is to say it; a refusal when its keys can't be opened."""
    try:
        channel = Channel.objects.get(messages=message)
    except SealBroken:
        return Reply(Outcome.REFUSED, "sealed: the token can't be opened with the present FIELD_KEYS, enter it again")
    defaults = {
        Channel.Kind.DINGTALK: settings.DINGTALK_BASE_URL,
        Channel.Kind.WECOM: settings.WECOM_BASE_URL,
        Channel.Kind.FEISHU: settings.FEISHU_BASE_URL,
    }
    return Robot(
        kind=channel.kind,
        base_url=channel.base_url or defaults.get(Channel.Kind(channel.kind), ""),
        token=channel.token,
        secret=channel.secret,
        keyword=channel.keyword,
        mentions=tuple(channel.mentions.split()),
        recipients=tuple(channel.recipients.split()),
    )


def words_of(message: OutboxMessage) -> Message:
    """The message as a robot is told it; a long one leads to the queue, where all of it is."""
    return Message(
        title=message.title,
        text=message.text,
        url=message.url,
        is_urgent=message.is_urgent,
        more_url=message.url or link("queue/"),
        key=message.dedupe_key,
    )


@transaction.atomic
def record(message: OutboxMessage, reply: Reply, at: datetime, *, tries_again: bool = True) -> OutboxMessage:
    """Write down what came of the attempt, unless somebody else took over meanwhile; "sent" always counts.

    `tries_again` False: an attempt that failed was the only one, as with a test.
    """
    row = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    channel = Channel.objects.select_for_update(no_key=True).only("held_until", "trouble", "spoke_at").get(messages=row)
    began_at = message.tried_at
    OutboxAttempt.objects.create(message=row, at=at, outcome=reply.outcome.value, reply=reply.raw or reply.text)
    pacing.settle_slot(channel, began_at, at)
    _note_on_channel(channel, reply, at)
    channel.save(update_fields=["held_until", "trouble", "spoke_at"])
    is_ours = row.attempts == message.attempts and row.state == State.PENDING
    if is_ours or (reply.outcome is Outcome.SENT and row.state != State.SENT):
        _note_on_message(row, reply, at, tries_again=tries_again)
        row.save(update_fields=["state", "reply", "attempts", "next_try_at", "sent_at"])
    return row


def _note_on_channel(channel: Channel, reply: Reply, at: datetime) -> None:
    if reply.outcome is Outcome.SENT:
        channel.trouble, channel.held_until = "", None
    elif reply.outcome is Outcome.MUTED:
        channel.trouble, channel.held_until = "", at + pacing.MUTE
    elif reply.outcome is Outcome.SILENT:
        channel.trouble, channel.held_until = reply.text[:500], at + pacing.REST
    elif reply.outcome is Outcome.REFUSED:
        channel.trouble = reply.text[:500]


def _note_on_message(row: OutboxMessage, reply: Reply, at: datetime, *, tries_again: bool) -> None:
    row.reply = f"{reply.text}; {UNRECORDED}" if row.reply == UNRECORDED else reply.text
    if reply.outcome is Outcome.SENT:
        row.state, row.sent_at = State.SENT, at
    elif not tries_again or reply.outcome is Outcome.REFUSED:
        _give_up(row)
    elif reply.outcome is Outcome.MUTED:
        # The robot's fault, not the message's: the attempt doesn't count.
        row.attempts, row.next_try_at = row.attempts - 1, at + pacing.MUTE
    elif row.attempts >= pacing.MOST_ATTEMPTS:
        _give_up(row)
    else:
        row.next_try_at = at + pacing.back_off(row)


def _give_up(row: OutboxMessage) -> None:
    row.state = State.FAILED
    logger.error("Message %s to channel %s was not delivered: %s", row.pk, row.channel_id, row.reply)
