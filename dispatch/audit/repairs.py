"""What the audit may put right by itself: through the door that everybody uses, or where there is only one answer.

Each takes the moment and returns how many rows it put right. Nothing here is sent, decided or closed that was not owed.
"""

from datetime import datetime
from typing import Any, Final

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet

from dispatch import clocks, close_out, day_warnings, digest
from dispatch import sweep as sweeping
from dispatch.audit import call_clocks, checks
from dispatch.calendar import calendar_of
from dispatch.escalation import climbing
from dispatch.limits import limit_for
from dispatch.models import Deadline
from dispatch.models.deadline import Clock
from incidents.models import Incident
from incidents.workflow import OPEN, Status

MOST: Final = 1_000
"""Rows of one kind that one audit puts right; the next goes on. So many at once are a fault of ours."""


def start_missing_clocks(now: datetime) -> int:
    """Start the clocks that today's rules ask for, counted from the report; the row notes that it was the audit.

    Then those of whistles and supervision items.
    """
    missing = checks.incidents_without_clock().values_list("pk", flat=True)[:MOST]
    return sum(_start(pk, now) for pk in missing) + call_clocks.start_missing(now, most=MOST)


@transaction.atomic
def _start(pk: int, now: datetime) -> bool:
    """False when somebody moves the incident at this very moment, or has given it a clock meanwhile."""
    free = Incident.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    incident = free.select_related("category").filter(pk=pk, status__in=OPEN).first()
    if incident is None or clocks.undone(incident).exists():
        return False
    began = clocks.life_began(incident)
    starts = {**dict.fromkeys(_FROM_THE_START, began), **dict.fromkeys(_FROM_THE_STATUS, incident.state_entered_at)}
    rows = [_clock(incident, each, starts[each], now) for each in RUNNING_IN[Status(incident.status)]]
    return bool(Deadline.objects.bulk_create(row for row in rows if row))


def _clock(incident: Incident, clock: Clock, since: datetime, now: datetime) -> Deadline | None:
    """None when no rule asks for this clock: the audit then goes on saying that the incident has none."""
    limit = limit_for(clock, incident, at=now)
    if limit is None:
        return None
    return Deadline(
        incident=incident,
        clock=clock,
        rule={**limit.as_json(), "set_at": now.isoformat(), "audit": now.isoformat()},
        starts_at=since,
        due_at=limit.due(since, calendar_of(incident.unit)),
        suspended_at=incident.state_entered_at if incident.status == Status.SUSPENDED else None,
    )


_FROM_THE_START: Final = (Clock.HANDLE, Clock.CLOSE_OUT)
_FROM_THE_STATUS: Final = (Clock.SIGN, Clock.VERIFY)
RUNNING_IN: Final = {
    Status.REPORTED: _FROM_THE_START,
    Status.DISPATCHED: (*_FROM_THE_START, Clock.SIGN),
    Status.IN_PROGRESS: _FROM_THE_START,
    Status.HANDLED: (Clock.VERIFY, Clock.CLOSE_OUT),
    Status.RETURNED: _FROM_THE_START,
    Status.SUSPENDED: _FROM_THE_START,
}
"""Which clocks an open incident has by its status: what is left of the table in `docs/clocks.md`."""


@transaction.atomic
def set_standstills_right(now: datetime) -> int:
    """Stop the clocks of the suspended; let those of the others run, towards the moment that they had: how long they
    should have stood still can't be told, and nobody is given time by a fault."""
    rows = list(_held(checks.clocks_in_wrong_state().select_related("incident"))[:MOST])
    for row in rows:
        assert row.incident is not None  # noqa: S101  (only incidents are suspended)
        is_suspended = row.incident.status == Status.SUSPENDED
        row.suspended_at = row.incident.state_entered_at if is_suspended else None
        row.rule = {**row.rule, "audit": now.isoformat()}
        row.save(update_fields=["suspended_at", "rule"])
    return len(rows)


@transaction.atomic
def end_what_outlived(now: datetime) -> int:
    """Cancel clocks and climbs of incidents, whistles and supervision items that have ended."""
    parties, items = call_clocks.clocks_of_ended_parties(), call_clocks.clocks_of_ended_items()
    ended = [pk for rows in (checks.clocks_of_ended(), parties, items) for pk in _keys_held(rows)]
    climbs = list(_held(checks.climbs_of_ended())[:MOST])
    Deadline.objects.filter(pk__in=ended).update(cancelled_at=now, error="What it belongs to had ended.")
    for climb in climbs:
        climb.cancelled_at = now
        climb.save(update_fields=["cancelled_at"])
    return len(ended) + len(climbs)


def _keys_held(rows: QuerySet[Deadline]) -> list[int]:
    return list(_held(rows).values_list("pk", flat=True)[:MOST])


def _held(rows: Any) -> Any:
    """Locked; what somebody else works on right now is left to him."""
    return rows.select_for_update(of=("self",), skip_locked=True)


def sweep(now: datetime) -> int:
    return sweeping.sweep(now).missed


def climb(now: datetime) -> int:
    return climbing.climb(now).rungs


def hand_over_messages(now: datetime) -> int:
    """Ask a worker for the outbox once more; a lease that is over binds nobody."""
    left = checks.messages_left(now).count()
    current_app.send_task("dispatch.tasks.deliver_outbox", [], retry=False)
    return left


def settle_digests(now: datetime) -> int:
    """The present hour's alone: what an hour that is over should have said is stale, and stays a finding."""
    return digest.push_reminders(now)


def warn_now(now: datetime) -> int:
    """The newest one that is owed, while its line has not passed; of an older one nobody has any use."""
    return day_warnings.warn(now)


def close_days(now: datetime) -> int:
    return close_out.close_owed_days(now)
