"""What follows from an emergency order: clocks of what is open, if it says so, and who is told before it runs out.

Each minute's beat asks what is owed; nothing here depends on the moment at which an order was given.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

import clock
from dispatch import order_news, rules, shifts
from dispatch.calendar import calendar_of
from dispatch.clocks import UNDONE, life_began
from dispatch.faults import log_failure
from dispatch.limits import Limit, is_copy_of, limit_for
from dispatch.models import Deadline, DeadlineShift
from dispatch.models.deadline import Clock
from grids import modes
from grids.models import OperationMode, Unit
from incidents.models import Incident
from incidents.selectors import in_unit
from incidents.workflow import RUNNING

logger = logging.getLogger(__name__)

CLOCKS: Final = (Clock.SIGN, Clock.HANDLE, Clock.VERIFY, Clock.CLOSE_OUT)


def tend_orders(now: datetime | None = None) -> int:
    """Do what emergency orders owe by `now`; returns how many clocks were moved.

    Orders that apply to what is open are applied as soon as they begin, and the room that gave an order is told an hour
    before it runs out and when it has. Each is done once, however often and by however many this is asked.
    """
    now = now or clock.now()
    owed = modes.orders_in_force(now).filter(applies_to_open=True, applied_at=None).select_related("made_by")
    moved = sum(apply_order(order, at=now) for order in owed)
    order_news.tell_of_ends(now)
    return moved


def apply_order(order: OperationMode, *, at: datetime) -> int:
    """Set the running clocks of what is open in the unit by the rules of the emergency; returns how many moved.

    1. Incidents come oldest first, each in a transaction of its own with its row locked. A moved clock carries the
       order in its copy of the rule, so whoever goes on after a crash, or works beside this call, moves none twice.
    2. The order is noted as applied once none is left. While one incident fails it is not: the next minute tries again.
    """
    moved, failed = 0, False
    for pk in _affected(order).order_by("reported_at", "pk").values_list("pk", flat=True):
        try:
            with transaction.atomic():
                moved += _apply_to(pk, order, at)
        except Exception as error:
            failed = True
            log_failure(logger, f"Applying emergency order {order.pk} to incident {pk}", error)
    if not failed:
        OperationMode.objects.filter(pk=order.pk, applied_at=None).update(applied_at=at)
    return moved


def open_in(unit: Unit) -> QuerySet[Incident]:
    """The incidents whose clocks run in a unit."""
    return in_unit(Incident.objects.filter(status__in=RUNNING), unit)


def due_under(order: OperationMode, deadline: Deadline, limit: Limit, at: datetime) -> tuple[datetime, bool]:
    """When a running clock is due by another limit, and whether that counts from the order instead of its own start.

    Counted from its own start, standstills left out. When that moment is over, the holder has had no chance to keep it:
    then it counts from now, and never beyond the moment that was due anyway.
    """
    incident = deadline.incident
    assert incident is not None  # noqa: S101  (only clocks of incidents are applied to)
    start = life_began(incident) if "again_after" in deadline.rule else deadline.starts_at
    calendar = calendar_of(incident.unit)
    due = limit.due(start, calendar)
    if stood := _stood_still(deadline):
        due += stood
        due = rules.next_line(due, limit.at_time) if limit.at_time else due
    if due > at:
        return due, False
    return min(deadline.due_at, limit.due(at, calendar)), True


def _affected(order: OperationMode) -> QuerySet[Incident]:
    return open_in(order.unit).filter(Exists(_to_move(order).filter(incident=OuterRef("pk"))))


def _to_move(order: OperationMode) -> QuerySet[Deadline]:
    """Running clocks that the order may move: not those it has moved, not what is missed or stands still already, and
    not those to which somebody granted more time by name."""
    granted = DeadlineShift.objects.filter(deadline=OuterRef("pk"), kind=DeadlineShift.Kind.EXTENDED)
    running = Deadline.objects.filter(UNDONE, clock__in=CLOCKS, missed_at=None, suspended_at=None)
    return running.filter(~Exists(granted), ~Q(rule__contains={"order": order.pk}))


def _apply_to(pk: int, order: OperationMode, at: datetime) -> int:
    """Move the clocks of one incident; returns how many. Nothing, once somebody has ended the order or the incident."""
    rows = Incident.objects.select_related("category", "unit").defer("description")
    incident = rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
    still_holds = OperationMode.objects.filter(pk=order.pk, ended_at=None, applied_at=None).exists()
    if incident.status not in RUNNING or not still_holds:
        return 0
    moved = 0
    for deadline in _to_move(order).filter(incident=incident).order_by("pk"):
        deadline.incident = incident
        moved += _move(deadline, order, at)
    return moved


def _move(deadline: Deadline, order: OperationMode, at: datetime) -> int:
    assert deadline.incident is not None  # noqa: S101
    limit = limit_for(Clock(deadline.clock), deadline.incident, at=at)
    if limit is None or is_copy_of(deadline.rule, limit):
        return 0
    due_is, from_order = due_under(order, deadline, limit, at)
    if due_is == deadline.due_at:
        return 0
    reason = f"应急命令：{order.scenario}（授权：{order.authorised_by}）"
    if from_order:
        reason += "；按原起点计算已经到期，改自命令适用时起算"
    shifts.move(
        deadline,
        kind=DeadlineShift.Kind.MODE,
        due_is=due_is,
        at=at,
        reason=reason,
        approved_by=order.made_by,
        rule=_copied(deadline, limit, order),
    )
    return 1


def _copied(deadline: Deadline, limit: Limit, order: OperationMode) -> dict[str, Any]:
    """The new limit in place of the old one; what else the row notes about itself stays."""
    notes = {name: deadline.rule[name] for name in ("set_at", "again_after") if name in deadline.rule}
    return {**limit.as_json(), **notes, "order": order.pk}


def _stood_still(deadline: Deadline) -> timedelta:
    stood = deadline.shifts.filter(kind=DeadlineShift.Kind.STOOD_STILL).values_list("since", "at")
    return sum((until - since for since, until in stood if since), timedelta())
