"""The test message: whether a channel works, asked at once while somebody waits, with the answer word for word."""

import logging
import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from dispatch import channels, pacing, wording
from dispatch.channels import Reply
from dispatch.claims import record, robot_of, words_of
from dispatch.models import Channel, OutboxMessage
from dispatch.outbox import TEST
from grids.models import Ability
from grids.posts import abilities_of

logger = logging.getLogger(__name__)


def try_channel(channel: Channel, *, actor: User, at: datetime | None = None) -> OutboxMessage:
    """Send a test message and wait for the answer, eight seconds at most; returns it as it stands in the outbox.

    It counts towards the robot's limit like any other and is tried once. A channel that isn't in use yet may be tried.
    Raises `Forbidden` for who may not configure, `Refused` while the robot is muted or its minute is full: a test would
    make that worse.
    """
    if Ability.CONFIGURE not in abilities_of(actor):
        raise Forbidden(_("No post of yours lets you do this here."), code="forbidden")
    message = _claimed(channel, actor, at or clock.now())
    robot = robot_of(message)
    reply = robot if isinstance(robot, Reply) else channels.send(robot, words_of(message))
    return record(message, reply, at or clock.now(), tries_again=False)


@transaction.atomic
def _claimed(channel: Channel, actor: User, at: datetime) -> OutboxMessage:
    """The message, written as one that is being sent, so that no worker takes it as well.

    Should we die before it is recorded, it is passed over and not sent later, when nobody looks at the group any more.
    """
    robots = Channel.objects.select_for_update(no_key=True).defer("token", "secret", "mentions")
    row = robots.get(pk=channel.pk)
    if wait := pacing.busy_until(row, at):
        until = f"{timezone.localtime(wait):%H:%M:%S}"
        raise Refused(_("The robot may not speak before %(time)s. Try again then.") % {"time": until}, code="muted")
    pacing.take_slot(row, at)
    row.save(update_fields=["spoke_at"])
    said = wording.trial()
    logger.info("Channel %s is tried by user %s.", row.pk, actor.pk)
    return OutboxMessage.objects.create(
        channel=row,
        street_id=row.street_id,
        kind=TEST,
        dedupe_key=f"{TEST}:{row.pk}:{actor.pk}:{uuid.uuid4().hex}",
        title=said.title,
        text=said.text,
        made_at=at,
        attempts=1,
        tried_at=at,
        next_try_at=at + pacing.LEASE,
        good_until=at + pacing.LEASE,
    )
