"""Messages are written in the transaction that causes them and sent afterwards: none is lost, none sent for nothing."""

import logging
from datetime import datetime
from typing import Final

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from dispatch.models import Channel, OutboxMessage
from grids.models import Unit

logger = logging.getLogger(__name__)

MOST_BYTES: Final = 20_000
"""What DingTalk takes as the body of one message (handbook, section 4.1); the text leaves room for the rest of it."""
_ROOM: Final = 1_000
_MORE: Final = "\n\n…"


@transaction.atomic
def enqueue(
    *,
    kind: str,
    key: str,
    title: str,
    text: str,
    street: Unit | None,
    channel: Channel | None,
    at: datetime | None = None,
) -> OutboxMessage | None:
    """Write a message to `channel`; None when the one with this `key` is there already.

    Without a channel it is kept for the messages page and told to the log once, so that an installation which has no
    robot yet shows what it would send. Otherwise it is handed to a worker as soon as the transaction is through; should
    that fail, the next minute's beat finds the row.
    """
    at = at or clock.now()
    state = OutboxMessage.State.PENDING if channel else OutboxMessage.State.SHOWN
    facts = {"title": title[:120], "text": cut(text), "made_at": at, "next_try_at": at, "state": state}
    message, is_new = OutboxMessage.objects.get_or_create(
        dedupe_key=key, defaults={"kind": kind, "channel": channel, "street": street, **facts}
    )
    if not is_new:
        return None
    # Robust: a broker that is away must not turn a committed act into an error.
    transaction.on_commit(lambda: _hand_over(message), robust=True)
    return message


def cut(text: str, most: int = MOST_BYTES - _ROOM) -> str:
    """`text`, shortened to `most` bytes between two characters and marked as shortened when it is longer."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - len(_MORE.encode())].decode(errors="ignore") + _MORE


def _hand_over(message: OutboxMessage) -> None:
    if message.state == OutboxMessage.State.SHOWN:
        logger.info("Would send (no channel is set): %s\n%s", message.title, message.text)
        return
    # By name: the task stands above this module. Without retrying: the beat looks for what was left within a minute.
    current_app.send_task("dispatch.tasks.deliver_message", [message.pk], retry=False)


@transaction.atomic
def send_again(message: OutboxMessage, *, actor: User, at: datetime | None = None) -> OutboxMessage:
    """Put a message that could not be delivered back in line, with all its attempts before it.

    Raises `Refused` when it is not one of those: it was sent meanwhile, or somebody else has put it back.
    """
    at = at or clock.now()
    message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state != OutboxMessage.State.FAILED:
        raise Refused(_("This message is not waiting to be sent again."), code="state")
    message.state, message.attempts, message.next_try_at = OutboxMessage.State.PENDING, 0, at
    message.save(update_fields=["state", "attempts", "next_try_at"])
    logger.info("Message %s is sent again at the wish of user %s.", message.pk, actor.pk)
    transaction.on_commit(lambda: _hand_over(message), robust=True)
    return message
