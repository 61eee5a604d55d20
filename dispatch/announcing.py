"""One message to every chat group of a place: how all that is said in groups gets into the outbox."""

from collections.abc import Iterable
from datetime import datetime

from dispatch.models import Channel, OutboxMessage
from dispatch.outbox import enqueue
from dispatch.wording import Message, link
from grids.models import Unit
from incidents.models import Incident


def announce(
    message: Message,
    *,
    kind: str,
    key: str,
    street: Unit | None,
    at: datetime,
    path: str = "",
    is_urgent: bool = False,
    incident: Incident | None = None,
    good_until: datetime | None = None,
    channels: Iterable[Channel | None] | None = None,
) -> int:
    """Write `message` to each group of the street, or of the district, once a `key`; returns how many are new.

    `path`: the page that its button opens, as `wording.link` takes it. `channels`: those to be told, when it is not
    every one of the place. The rest is as `outbox.enqueue` takes it.
    """
    written = [
        enqueue(
            kind=kind,
            key=f"{key}:{channel.pk if channel else '-'}",
            title=message.title,
            text=message.text,
            street=street,
            channel=channel,
            at=at,
            url=link(path) if path else "",
            is_urgent=is_urgent,
            incident=incident,
            good_until=good_until,
        )
        for channel in (channels_of(street) if channels is None else channels)
    ]
    return sum(row is not None for row in written)


def was_announced(key: str) -> bool:
    """Whether any group was told under this `key`: one that is set up later isn't told of what is old by then."""
    return OutboxMessage.objects.filter(dedupe_key__startswith=f"{key}:").exists()


def channels_of(street: Unit | None) -> list[Channel | None]:
    """The robots of a street, or of the district; a single None when there is none."""
    # Without token and secret: a key that is gone must not keep the message from being written.
    return list(Channel.objects.filter(street=street, is_active=True).defer("token", "secret")) or [None]
