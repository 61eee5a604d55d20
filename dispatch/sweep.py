"""Each minute: find the clocks that have run out, and wake what was suspended until now.

The database says what is owed, so a sweep that comes late, twice or beside another one finds each clock once.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import DatabaseError, transaction

import clock
from dispatch import missed_calls
from dispatch.escalation import beginning
from dispatch.faults import log_failure
from dispatch.models import Deadline
from dispatch.models.deadline import Clock
from dispatch.selectors import to_sweep
from incidents import services
from incidents.models import Incident
from incidents.workflow import ENDED, Status

logger = logging.getLogger(__name__)

BATCH: Final = 100
"""Claims by the hundred were measured twenty times as quick as one by one, and hold their locks for milliseconds."""
_READ: Final = ("due_at", "clock", "rule", "starts_at", "incident__status", "incident__state_entered_at")


@dataclass(slots=True)
class Swept:
    """What one sweep did."""

    missed: int = 0
    unwanted: int = 0
    failed: int = 0
    resumed: int = 0


def sweep(now: datetime | None = None, limit: int = BATCH) -> Swept:
    """Mark every clock that has run out by `now` as missed, then resume what was suspended until now.

    1. Claim up to `limit` due rows, the oldest first, skipping those that another sweep holds.
    2. Look again whether each is still wanted: an ended incident's clock is cancelled, a suspended one's stands still.
    3. Mark the others in one statement; when that fails, each in a savepoint of its own, so that a bad row keeps its
       error and stops nobody else. It is tried again by the next sweep.
    4. Go on until nothing is left.
    """
    now, done, bad = now or clock.now(), Swept(), set[int]()
    while _sweep_batch(now, limit, done, bad) == limit:
        pass
    _wake(now, done)
    return done


def _sweep_batch(now: datetime, limit: int, done: Swept, bad: set[int]) -> int:
    """Settle one batch in a transaction of its own; returns how many rows were claimed."""
    with transaction.atomic():
        due = to_sweep(now).exclude(pk__in=bad).select_related("incident").only(*_READ)
        rows = list(due.select_for_update(of=("self",), skip_locked=True)[:limit])
        wanted = [row for row in rows if _is_wanted(row, now)]
        done.unwanted += len(rows) - len(wanted)
        done.missed += _mark(wanted, now, bad)
        done.failed = len(bad)
    return len(rows)


def _is_wanted(row: Deadline, now: datetime) -> bool:
    """False, with the row put right, when the incident's status says that this clock should not run."""
    if row.incident is None:
        return True
    if row.incident.status in ENDED and not _outlives(row):
        _update([row], cancelled_at=now, error="The incident had ended.")
        return False
    if row.incident.status == Status.SUSPENDED:
        _update([row], suspended_at=row.incident.state_entered_at, error="The incident was suspended.")
        return False
    return True


def _outlives(row: Deadline) -> bool:
    """The person concerned is asked after the closing."""
    return row.clock == Clock.EVALUATE and row.incident is not None and row.incident.status == Status.CLOSED


def _mark(rows: Sequence[Deadline], now: datetime, bad: set[int]) -> int:
    """Mark rows as missed; the pks of those that can't be marked go into `bad`. Returns how many were marked."""
    if _missed(rows, now) is None:
        return len(rows)
    marked = 0
    for row in rows:
        error = _missed([row], now)
        if error is None:
            marked += 1
            continue
        bad.add(row.pk)
        log_failure(logger, f"Marking deadline {row.pk} as missed", error)
        _record(row, error)
    return marked


def _missed(rows: Sequence[Deadline], now: datetime) -> Exception | None:
    """Mark rows in a savepoint, and start what has to start with that; the error when it fails.

    `due_at` keeps the true moment.
    """
    try:
        with transaction.atomic():
            _update(rows, missed_at=now, error="")
            beginning.on_missed(rows, at=now)
            missed_calls.on_missed(rows, at=now)
    except Exception as error:
        return error  # whatever it is: the caller tries the rows one by one, records it on the bad one and goes on
    return None


def _record(row: Deadline, error: Exception) -> None:
    said = next(iter(str(error).splitlines()), "")[:300]
    try:
        with transaction.atomic():
            _update([row], error=f"{type(error).__name__}: {said}")
    except DatabaseError as again:
        log_failure(logger, f"Recording the error on deadline {row.pk}", again)


def _update(rows: Iterable[Deadline], **changes: object) -> None:
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)


def _wake(now: datetime, done: Swept) -> None:
    """Resume the incidents whose suspension is over, each in a transaction of its own."""
    for incident in Incident.objects.filter(status=Status.SUSPENDED, suspended_until__lte=now).order_by("pk"):
        try:
            services.resume(incident, actor=None, at=now)
            done.resumed += 1
        except Exception as error:
            done.failed += 1
            log_failure(logger, f"Resuming incident {incident.number}", error)
