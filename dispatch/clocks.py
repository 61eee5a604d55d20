"""Clocks follow the incident: what starts, meets, stops and moves a deadline.

`follow` runs in the transaction that moves the incident, on its locked row, so a deadline is never behind the status.
`docs/clocks.md` has the same as a table. A rule that changes later changes no running clock: its limit is copied.
Remarks and requests move nothing, so no clock is touched by them.
"""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, Final

from django.db.models import Case, F, Q, QuerySet, When

from dispatch import rules, shifts
from dispatch.calendar import calendar_of
from dispatch.limits import Limit, is_copy_of, limit_for
from dispatch.models import Deadline, DeadlineShift
from dispatch.models.deadline import Clock
from incidents.models import Incident, StatusChange
from incidents.workflow import Act

UNDONE: Final = Q(met_at=None, cancelled_at=None)

_BEGINNINGS: Final = (Act.REPORT, Act.REOPEN, Act.REOPEN_TO_TRIAGE)
_FROM_THE_START: Final = (Clock.HANDLE, Clock.CLOSE_OUT)


def follow(change: StatusChange) -> None:
    """Move the incident's clocks as `change` demands; the moment is `change.at`."""
    if move := _MOVES.get(Act(change.act)):
        move(change)


def undone(incident: Incident) -> QuerySet[Deadline]:
    """The clocks of an incident that are neither met nor cancelled."""
    return Deadline.objects.filter(UNDONE, incident=incident)


def _begin(change: StatusChange) -> None:
    """Reported or opened again: the handling clock and the close-out run from this moment."""
    _cancel(change, *_FROM_THE_START, Clock.EVALUATE)
    for clock in _FROM_THE_START:
        _start(change, clock, since=change.at)


def _level_set(change: StatusChange) -> None:
    """Another level or category: the new limit counts from the report, as if it had been known from the start."""
    since = life_began(change.incident)
    for clock in _FROM_THE_START:
        running = undone(change.incident).filter(clock=clock).first()
        limit = limit_for(clock, change.incident, at=change.at)
        if running and limit and is_copy_of(running.rule, limit):
            continue
        _cancel(change, clock)
        _run(change, clock, limit, since=since)


def _dispatched(change: StatusChange) -> None:
    _cancel(change, Clock.SIGN)
    _start(change, Clock.SIGN, since=change.at)


def _signed(change: StatusChange) -> None:
    _meet(change, Clock.SIGN)


def _returned(change: StatusChange) -> None:
    _cancel(change, Clock.SIGN)


def _handled(change: StatusChange) -> None:
    _meet(change, Clock.HANDLE)
    _start(change, Clock.VERIFY, since=change.at)


def _rejected(change: StatusChange) -> None:
    """Rework does not reset the clock: handling runs on, in a new row, towards the moment it was due at first."""
    _meet(change, Clock.VERIFY)
    began = life_began(change.incident)
    before = change.incident.deadlines.filter(clock=Clock.HANDLE, met_at__gte=began).order_by("pk").last()
    if before:
        rule = {**before.rule, "again_after": before.pk}
        _add(change, clock=Clock.HANDLE, rule=rule, starts_at=change.at, due_at=before.due_at)


def _settled(change: StatusChange) -> None:
    """Closed: nothing is owed any more but the word of the person concerned, where a rule asks for it."""
    _meet(change, *Clock)
    _start(change, Clock.EVALUATE, since=change.at)


def _evaluated(change: StatusChange) -> None:
    _meet(change, Clock.EVALUATE)


def _ended(change: StatusChange) -> None:
    _cancel(change, *Clock)


def _suspended(change: StatusChange) -> None:
    undone(change.incident).filter(suspended_at=None).update(suspended_at=change.at, missed_at=_unless_in_time(change))


def _resumed(change: StatusChange) -> None:
    """Every clock that stood still is due later by as long as it stood; a close-out at the next line after that.

    Whoever approved the suspension has approved the shift; its reason is the reason.
    """
    suspension = StatusChange.objects.filter(incident=change.incident, act=Act.SUSPEND).order_by("pk").last()
    for deadline in undone(change.incident).exclude(suspended_at=None):
        since = deadline.suspended_at
        assert since is not None  # noqa: S101  (excluded above)
        shifts.move(
            deadline,
            kind=DeadlineShift.Kind.STOOD_STILL,
            due_is=at_line(deadline, deadline.due_at + (change.at - since)),
            at=change.at,
            reason=suspension.data.get("reason", "") if suspension else "",
            approved_by=suspension.actor if suspension else None,
            since=since,
        )


def at_line(deadline: Deadline, moment: datetime) -> datetime:
    """`moment`, or for a clock that runs to a time of day the first such time from then on."""
    line = deadline.rule.get("at_time")
    return rules.next_line(moment, time.fromisoformat(line)) if line else moment


def _start(change: StatusChange, clock: Clock, *, since: datetime) -> None:
    _run(change, clock, limit_for(clock, change.incident, at=change.at), since=since)


def _run(change: StatusChange, clock: Clock, limit: Limit | None, *, since: datetime) -> None:
    """Start a clock that counts from `since`; nothing happens when no rule asks for one."""
    if limit is not None:
        due_at = limit.due(since, calendar_of(change.incident.unit))
        _add(change, clock=clock, rule=limit.as_json(), starts_at=since, due_at=due_at)


def _add(change: StatusChange, *, clock: Clock, rule: dict[str, Any], starts_at: datetime, due_at: datetime) -> None:
    """A new row; one that is due before the act itself is missed from the start, without waiting for the sweep.

    A clock that counts from an earlier moment than the act notes when it was set: before that it was not there.
    """
    if starts_at != change.at:
        rule = {**rule, "set_at": change.at.isoformat()}
    Deadline.objects.create(
        incident=change.incident,
        clock=clock,
        rule=rule,
        starts_at=starts_at,
        due_at=due_at,
        missed_at=change.at if due_at < change.at else None,
    )


def _meet(change: StatusChange, *clocks: Clock) -> None:
    undone(change.incident).filter(clock__in=clocks).update(met_at=change.at, missed_at=_unless_in_time(change))


def _unless_in_time(change: StatusChange) -> Any:
    """A sweep that ran between an act in time and its commit called the clock missed too early; that is taken back."""
    in_time: Any = When(due_at__gte=change.at, then=None)
    return Case(in_time, default=F("missed_at"))


def _cancel(change: StatusChange, *clocks: Clock) -> None:
    undone(change.incident).filter(clock__in=clocks).update(cancelled_at=change.at)


def life_began(incident: Incident) -> datetime:
    """When the incident was reported, or opened again for the last time."""
    began = StatusChange.objects.filter(incident=incident, act__in=_BEGINNINGS).order_by("pk").last()
    return began.at if began else incident.reported_at


_MOVES: Final[dict[Act, Callable[[StatusChange], None]]] = {
    Act.REPORT: _begin,
    Act.SETTLE: _settled,
    Act.TRIAGE: _level_set,
    Act.DISPATCH: _dispatched,
    Act.REDISPATCH: _dispatched,
    Act.SIGN: _signed,
    Act.RETURN: _returned,
    Act.HANDLE: _handled,
    Act.VERIFY: _settled,
    Act.REJECT: _rejected,
    Act.SUSPEND: _suspended,
    Act.RESUME: _resumed,
    Act.REOPEN: _begin,
    Act.REOPEN_TO_TRIAGE: _begin,
    Act.EVALUATE: _evaluated,
    Act.ARCHIVE: _ended,
    Act.MERGE: _ended,
    Act.VOID: _ended,
}
"""Every act stands here (a test compares with the workflow's table)."""
