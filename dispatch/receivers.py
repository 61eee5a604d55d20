"""Clocks follow the incident, in the transaction that moves it."""

from typing import Any

from dispatch import clocks
from incidents.models import StatusChange
from incidents.signals import incident_moved


def connect() -> None:
    incident_moved.connect(follow, dispatch_uid="dispatch.clocks.follow")


def follow(sender: Any, change: StatusChange, **kwargs: Any) -> None:
    clocks.follow(change)
