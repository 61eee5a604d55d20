"""Clocks and ladders follow the incident, in the transaction that moves it; groups hear of orders."""

from typing import Any

from dispatch import clocks, order_news
from dispatch.escalation import beginning
from grids.signals import mode_changed, zone_changed
from incidents.models import StatusChange
from incidents.signals import incident_moved


def connect() -> None:
    incident_moved.connect(follow, dispatch_uid="dispatch.clocks.follow")
    mode_changed.connect(order_news.say_mode_changed, dispatch_uid="dispatch.order_news.say_mode_changed")
    zone_changed.connect(order_news.say_zone_changed, dispatch_uid="dispatch.order_news.say_zone_changed")


def follow(sender: Any, change: StatusChange, **kwargs: Any) -> None:
    clocks.follow(change)
    beginning.follow(change)  # after the clocks: whether a ladder is wanted is read from them
