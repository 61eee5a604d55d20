"""Each minute: climb the rungs that are due, each incident in a transaction of its own.

The incident's row is locked while a rung is climbed, as it is by every act on it: what is closed first is never told of
afterwards. Rows that somebody holds are skipped, not waited for, and climbed a minute later.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

import clock
from dispatch.escalation.beginning import cancel, clocks_of, is_wanted
from dispatch.escalation.groups import Groups
from dispatch.escalation.plan import read
from dispatch.escalation.reach import Reach
from dispatch.escalation.telling import Climb
from dispatch.faults import log_failure
from dispatch.models import Escalation
from incidents.models import Incident
from incidents.workflow import Status

logger = logging.getLogger(__name__)

BATCH: Final = 500
_READ: Final = ("kind", "plan", "position", "incident__status")
_PLACE: Final = ("street__district", "community", "grid", "micro_grid", "unit", "category")


@dataclass(slots=True)
class Climbed:
    """What one pass did."""

    rungs: int = 0
    cancelled: int = 0
    failed: int = 0


def due_ladders(now: datetime) -> QuerySet[Escalation]:
    """Ladders with a rung that is due, the oldest first (index `ladder_due`); those of suspended incidents wait."""
    due = Escalation.objects.filter(cancelled_at=None, next_at__isnull=False, next_at__lte=now)
    return due.exclude(incident__status=Status.SUSPENDED).order_by("next_at", "pk")


def climb(now: datetime | None = None, limit: int = BATCH) -> Climbed:
    """Climb every rung that is due by `now`. A row that can't be climbed keeps its error and stops no other."""
    now, done, seen = now or clock.now(), Climbed(), set[int]()
    reach, groups = Reach(timezone.localdate(now)), Groups(now)
    while keys := list(due_ladders(now).exclude(pk__in=seen).values_list("pk", flat=True)[:limit]):
        seen.update(keys)
        places = _with_place(keys)
        for key in keys:
            _climb_alone(key, places, reach, groups, done)
    return done


def climb_from(step: Climb, *, position: int) -> int:
    """Climb from `position` on what is due; where nobody is reached, the next rung at once. Returns the next position.

    Somebody of the same tier who was told already counts as reached: the worker was, though there is no leader.
    """
    plan = read(step.escalation.plan)
    told = set(step.escalation.steps.exclude(told=None).values_list("tier", flat=True)) if position else set()
    at_once = False
    while position < len(plan) and (at_once or plan[position].at <= step.now):
        rung = plan[position]
        if step.tell(position, rung):
            told.add(rung.tier)
        at_once = rung.tier not in told
        position += 1
    return position


def _with_place(keys: Sequence[int]) -> dict[int, Incident]:
    """The incidents of these ladders with what a message names, read for all at once.

    Joined to the row that is locked, nine tables took the planner twenty times as long as the lock itself.
    """
    rows = Incident.objects.filter(escalations__in=keys).select_related(*_PLACE).defer("description")
    return {incident.pk: incident for incident in rows}


def _climb_alone(key: int, places: Mapping[int, Incident], reach: Reach, groups: Groups, done: Climbed) -> None:
    try:
        with transaction.atomic():
            _climb_locked(key, places, reach, groups, done)
    except Exception as error:
        done.failed += 1
        log_failure(logger, f"Climbing ladder {key}", error)
        _record(key, error)


def _climb_locked(key: int, places: Mapping[int, Incident], reach: Reach, groups: Groups, done: Climbed) -> None:
    """Lock ladder and incident, look again whether this is still wanted, and climb."""
    now = groups.now
    rows = due_ladders(now).filter(pk=key).select_related("incident").only(*_READ)
    # Skipping, not waiting, because whoever closes an incident locks the two in the other order.
    row = rows.select_for_update(of=("self", "incident"), skip_locked=True, no_key=True).first()
    if row is None:
        return
    clocks = clocks_of(row.incident)
    if not is_wanted(row, row.incident, clocks):
        cancel(Escalation.objects.filter(pk=row.pk), at=now)
        done.cancelled += 1
        return
    due_at = clocks[0].due_at if clocks else None
    position = climb_from(Climb(row, places[row.incident_id], due_at, reach, groups), position=row.position)
    done.rungs += position - row.position
    plan = row.plan
    row.position, row.error = position, ""
    row.next_at = datetime.fromisoformat(plan[position]["at"]) if position < len(plan) else None
    row.save(update_fields=["position", "next_at", "error"])


def _record(key: int, error: Exception) -> None:
    """Keep the kind of the error on the row; its words may quote data."""
    try:
        with transaction.atomic():
            Escalation.objects.filter(pk=key).update(error=type(error).__name__)
    except DatabaseError as again:
        log_failure(logger, f"Recording the error on ladder {key}", again)
