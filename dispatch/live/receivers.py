"""Which news gives a place a new version.

Acts on incidents tell of themselves; of what is asked, granted and called beside them the rows tell that are appended
in the same transaction. What time alone changes, minutes left and what gets overdue, is no news: pages renew
themselves every half minute for that.
"""

from typing import Any

from django.db.models.signals import post_save

from dispatch.live.versions import calls_changed, changed
from dispatch.models import (
    DayClose,
    DayCloseReason,
    DeadlineShift,
    ExtensionRequest,
    SupervisionStep,
    WhistleStep,
)
from grids.models import OperationMode, Unit, ZoneOrder
from grids.signals import mode_changed, unit_changed, zone_changed
from incidents.models import StatusChange, SuspensionRequest
from incidents.signals import incident_moved


def connect() -> None:
    incident_moved.connect(on_move, dispatch_uid="dispatch.live.move")
    mode_changed.connect(on_mode, dispatch_uid="dispatch.live.mode")
    zone_changed.connect(on_zone, dispatch_uid="dispatch.live.zone")
    unit_changed.connect(on_unit, dispatch_uid="dispatch.live.unit")
    for request in (ExtensionRequest, SuspensionRequest):
        post_save.connect(on_request, sender=request, dispatch_uid=f"dispatch.live.{request.__name__}")
    post_save.connect(on_shift, sender=DeadlineShift, dispatch_uid="dispatch.live.shift")
    post_save.connect(on_supervision, sender=SupervisionStep, dispatch_uid="dispatch.live.supervision")
    post_save.connect(on_whistle, sender=WhistleStep, dispatch_uid="dispatch.live.whistle")
    post_save.connect(on_close, sender=DayClose, dispatch_uid="dispatch.live.close")
    post_save.connect(on_reason, sender=DayCloseReason, dispatch_uid="dispatch.live.reason")


def on_move(sender: Any, change: StatusChange, **kwargs: Any) -> None:
    changed(change.incident.street_id)


def on_mode(sender: Any, order: OperationMode, **kwargs: Any) -> None:
    changed(order.unit.street_id or order.unit_id)


def on_zone(sender: Any, order: ZoneOrder, **kwargs: Any) -> None:
    changed(*(unit.street_id or unit.pk for unit in order.units.all()))


def on_unit(sender: Any, unit: Unit, **kwargs: Any) -> None:
    changed(unit.street_id or unit.pk)


def on_request(sender: Any, instance: ExtensionRequest | SuspensionRequest, **kwargs: Any) -> None:
    changed(instance.incident.street_id)


def on_shift(sender: Any, instance: DeadlineShift, **kwargs: Any) -> None:
    """A clock of an incident; those of calls are told of by the calls' own steps."""
    incident = instance.deadline.incident
    if incident:
        changed(incident.street_id)


def on_supervision(sender: Any, instance: SupervisionStep, **kwargs: Any) -> None:
    calls_changed(instance.supervision.street_id)


def on_whistle(sender: Any, instance: WhistleStep, **kwargs: Any) -> None:
    calls_changed(instance.whistle.street_id)


def on_close(sender: Any, instance: DayClose, **kwargs: Any) -> None:
    """The lines are written after their close-out, in the same transaction: news goes out when both are there."""
    calls_changed(instance.street_id)


def on_reason(sender: Any, instance: DayCloseReason, **kwargs: Any) -> None:
    calls_changed(instance.line.day_close.street_id)
