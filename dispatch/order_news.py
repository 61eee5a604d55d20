"""Who hears of emergency and zone orders: the street's robots when one is given or taken back, and the room that gave
an emergency order before it runs out.
"""

import logging
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.inbox import tell_many
from dispatch import order_wording
from dispatch.announcing import announce, was_announced
from dispatch.faults import log_failure
from dispatch.wording import Message
from grids import modes
from grids.models import OperationMode, Unit, ZoneOrder
from grids.signals import OrderAct

logger = logging.getLogger(__name__)

WARNED_BEFORE: Final = timedelta(hours=1)
_TOLD_WITHIN: Final = timedelta(days=1)
"""A beat that was away for longer doesn't tell of an order that ran out in the meantime: that is old news."""


def say_mode_changed(sender: Any, order: OperationMode, act: OrderAct, at: datetime, **kwargs: Any) -> None:
    """Tell the street's groups, in the transaction that gives the order or ends it."""
    message = order_wording.mode_order(act, order.unit.name, starts_at=order.starts_at, until=order.until)
    _announce(message, key=f"mode:{order.pk}:{act}", street=order.unit.street, at=at)


def say_zone_changed(sender: Any, order: ZoneOrder, act: OrderAct, at: datetime, **kwargs: Any) -> None:
    """One message to each street that the order concerns."""
    units = order.units.select_related("street").order_by("street", "lft")
    moment = order.starts_at if act == OrderAct.ORDERED else (order.ended_at or at)
    path = reverse("zones:zone", args=[order.pk]).lstrip("/")
    for street, places in groupby(units, key=lambda unit: unit.street):
        names = [unit.full_name for unit in places]
        message = order_wording.zone_order(act, order.zone, names, at=moment, path=path)
        _announce(message, key=f"zone:{order.pk}:{act}:{street.pk if street else '-'}", street=street, at=at)


def tell_of_ends(now: datetime) -> None:
    """Tell of orders that run out within the hour, and of those that have run out since yesterday."""
    said = gettext_lazy("The emergency mode of {place} ends on {time} unless it is renewed.")
    for order in modes.expired_unrenewed(now, now + WARNED_BEFORE).filter(starts_at__lte=now):
        message = order_wording.mode_expires(order.unit.name, until=order.until)
        _tell_room(order, "expires", message, said, now)
    said = gettext_lazy("The emergency mode of {place} ended on {time}: normal rules hold again.")
    for order in modes.expired_unrenewed(now - _TOLD_WITHIN, now):
        message = order_wording.mode_expired(order.unit.name, until=order.until)
        _tell_room(order, "expired", message, said, now)


def _tell_room(order: OperationMode, what: str, message: Message, said: Any, now: datetime) -> None:
    """Once, in the room and to its robots: the message's key is the record that it was told."""
    key = f"mode:{order.pk}:{what}"
    try:
        with transaction.atomic():
            # The second question is for another worker, who was quicker and is through now.
            if not was_announced(key) and _announce(message, key=key, street=order.unit.street, at=now):
                text = format_lazy(said, place=order.unit.name, time=f"{timezone.localtime(order.until):%m-%d %H:%M}")
                tell_many(modes.room_of(order, now), text, url=reverse("modes:list"), tone="warning", at=now)
    except Exception as error:
        log_failure(logger, f"Telling that emergency order {order.pk} {what}", error)


def _announce(message: Message, *, key: str, street: Unit | None, at: datetime) -> int:
    """Also in quiet hours; 0 when every group has it already."""
    return announce(message, kind="order", key=key, street=street, at=at, is_urgent=True)
