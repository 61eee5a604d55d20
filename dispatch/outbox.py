"""Messages are written in the transaction that causes them and sent afterwards: none is lost, none sent for nothing."""

import logging
from datetime import datetime
from typing import Final

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from dispatch.models import Channel, OutboxMessage
from grids.models import Unit
from incidents.models import Incident

logger = logging.getLogger(__name__)

State = OutboxMessage.State
TEST: Final = "test"
"""The kind of a test message: tried once, and no dead letter when it fails, for whoever asked has seen it fail."""
DEAD: Final = Q(state=State.FAILED) & ~Q(kind=TEST)
"""Dead letters: what somebody should have heard, and didn't."""
_DELIVER_ONE: Final = "dispatch.tasks.deliver_message"
_DELIVER_DUE: Final = "dispatch.tasks.deliver_outbox"


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
    url: str = "",
    is_urgent: bool = False,
    incident: Incident | None = None,
    good_until: datetime | None = None,
) -> OutboxMessage | None:
    """Write a message to `channel`; None when the one with this `key` is there already.

    Without a channel it is kept for the messages page and told to the log once, so that an installation which has no
    robot yet shows what it would send. Otherwise it is handed to a worker as soon as the transaction is through; should
    that fail, the next minute's beat finds the row.

    `url`: where its button leads, when it is about a single matter. `is_urgent`: goes out in quiet hours and calls
    people by @. `incident`: the one that it presses for; it is not sent once that is over. `good_until`: it is not sent
    from then on, because something newer says the same.
    """
    at = at or clock.now()
    state = State.PENDING if channel else State.SHOWN
    facts = {"title": title[:120], "text": text, "url": url, "made_at": at, "next_try_at": at, "state": state}
    wishes = {"is_urgent": is_urgent, "incident": incident, "good_until": good_until}
    message, is_new = OutboxMessage.objects.get_or_create(
        dedupe_key=key, defaults={"kind": kind, "channel": channel, "street": street, **facts, **wishes}
    )
    if not is_new:
        return None
    # Robust: a broker that is away must not turn a committed act into an error.
    transaction.on_commit(lambda: _hand_over(message), robust=True)
    return message


def _hand_over(message: OutboxMessage) -> None:
    if message.state == State.SHOWN:
        logger.info("Would send (no channel is set): %s\n%s", message.title, message.text)
        return
    _ask_worker(_DELIVER_ONE, [message.pk])


def _ask_worker(task: str, arguments: list[int]) -> None:
    # By name: the task stands above this module. Without retrying: the beat looks for what was left within a minute.
    current_app.send_task(task, arguments, retry=False)


@transaction.atomic
def send_again(message: OutboxMessage, *, actor: User, at: datetime | None = None) -> OutboxMessage:
    """Put a message that could not be delivered back in line, with all its attempts before it.

    It goes out even when something newer has overtaken it: somebody chose this very message. Raises `Refused` when it
    is not one of those: it was sent meanwhile, or somebody else has put it back.
    """
    at = at or clock.now()
    message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state != State.FAILED:
        raise Refused(_("This message is not waiting to be sent again."), code="state")
    message.state, message.attempts, message.next_try_at, message.good_until = State.PENDING, 0, at, None
    message.save(update_fields=["state", "attempts", "next_try_at", "good_until"])
    logger.info("Message %s is sent again at the wish of user %s.", message.pk, actor.pk)
    transaction.on_commit(lambda: _hand_over(message), robust=True)
    return message


@transaction.atomic
def send_all_again(channel: Channel, *, actor: User, at: datetime | None = None) -> int:
    """Put back in line whatever this channel could not deliver; returns how many messages that were.

    Those that something newer has overtaken keep their `good_until`, and so are passed over with that reason: a group
    whose robot is mended in the afternoon wants to know what is open, not what was open at each hour of the morning.
    """
    at = at or clock.now()
    failed = OutboxMessage.objects.select_for_update(of=("self",)).filter(DEAD, channel=channel)
    keys = list(failed.order_by("pk").values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=keys).update(state=State.PENDING, attempts=0, next_try_at=at)
    if keys:
        logger.info("%s messages of channel %s are sent again, wish of user %s.", len(keys), channel.pk, actor.pk)
        transaction.on_commit(lambda: _ask_worker(_DELIVER_DUE, []), robust=True)
    return len(keys)
