"""When a ladder starts, waits and ends: with the clocks, in the transaction that moves them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Prefetch, QuerySet

from dispatch.clocks import undone
from dispatch.escalation.ladder import Rungs, height, ladder_of, ladders_of
from dispatch.escalation.plan import freeze, later, read, tier_of_holder
from dispatch.models import Deadline, Escalation
from dispatch.models.deadline import Clock
from incidents.models import Assignment, Incident, StatusChange
from incidents.workflow import ENDED, Act

PRESSING: Final = (Clock.SIGN, Clock.HANDLE, Clock.VERIFY)
"""The clocks whose passing starts a ladder. The close-out has its own page, reasons and message."""


def on_missed(rows: Sequence[Deadline], *, at: datetime) -> None:
    """The sweep found that these clocks have run out: a ladder starts for each incident, in the sweep's transaction."""
    pressing = {row.incident_id: row for row in reversed(rows) if row.incident_id and row.clock in PRESSING}
    _begin_many(pressing, at=at)


def follow(change: StatusChange) -> None:
    """An act moved the incident, and its clocks with it: its ladder ends, waits, moves on or starts as they demand."""
    incident, at = change.incident, change.at
    if incident.status in ENDED:
        cancel(_running(incident), at=at)
        return
    if change.act == Act.RESUME:
        _move_later(change)
    missed = pressing_clock(incident)
    if missed is None:
        cancel(_running(incident).filter(kind=Escalation.Kind.LADDER), at=at)
    elif not _running(incident).filter(kind=Escalation.Kind.LADDER).exists():
        Escalation.objects.bulk_create(
            _ladder(incident, missed, ladder_of(incident.street), at=at), ignore_conflicts=True
        )


def pressing_clock(incident: Incident) -> Deadline | None:
    """The oldest clock that has run out while what it asks for is still owed; None when there is none."""
    return pressing_among(clocks_of(incident))


def clocks_of(incident: Incident) -> list[Deadline]:
    """The clocks that are neither met nor cancelled, the one that is due first before the others."""
    return list(undone(incident).order_by("due_at", "pk"))


def pressing_among(clocks: Iterable[Deadline]) -> Deadline | None:
    """The first of these clocks that has run out and doesn't stand still, if it is of those that start a ladder."""
    return next((row for row in clocks if row.clock in PRESSING and row.missed_at and not row.suspended_at), None)


def is_wanted(row: Escalation, incident: Incident, clocks: Iterable[Deadline]) -> bool:
    """False when the incident is over, or when the clock that started the ladder was met meanwhile."""
    if incident.status in ENDED:
        return False
    return row.kind != Escalation.Kind.LADDER or pressing_among(clocks) is not None


def cancel(ladders: QuerySet[Escalation], *, at: datetime) -> None:
    """End these ladders. What was told before stays told."""
    ladders.filter(cancelled_at=None).update(cancelled_at=at)


def _running(incident: Incident) -> QuerySet[Escalation]:
    return Escalation.objects.filter(incident=incident, cancelled_at=None)


def _begin_many(pressing: dict[int, Deadline], *, at: datetime) -> None:
    """Three statements, however many incidents: thousands may run out in the same minute."""
    if not pressing:
        return
    incidents = _with_place(pressing)
    ladders = ladders_of({incident.street_id for incident in incidents})
    rows = [
        row
        for incident in incidents
        for row in _ladder(incident, pressing[incident.pk], ladders[incident.street_id], at=at)
    ]
    # One running ladder an incident: where there is one, the missed clock adds nothing.
    Escalation.objects.bulk_create(rows, ignore_conflicts=True)


def _with_place(keys: Collection[int]) -> QuerySet[Incident]:
    parties = Assignment.objects.filter(ended_at=None).select_related("department", "unit")
    rows = Incident.objects.filter(pk__in=keys).defer("description").order_by("pk")
    return rows.select_related("street__district", "community", "grid", "micro_grid").prefetch_related(
        Prefetch("assignments", queryset=parties)
    )


def _ladder(incident: Incident, missed: Deadline, ladder: Rungs, *, at: datetime) -> list[Escalation]:
    """The ladder of an incident, frozen, from the tier of its holder up; none when no rung lies there."""
    lowest = height(tier_of_holder(incident))
    rungs = [row for row in ladder.rows if height(row.tier) >= lowest and row.level_from <= incident.level]
    plan = freeze(rungs, incident, since=_since(missed))
    if not plan:
        return []
    return [
        Escalation(
            incident=incident,
            kind=Escalation.Kind.LADDER,
            began_at=at,
            plan=[rung.as_json() for rung in plan],
            next_at=plan[0].at,
        )
    ]


def _since(missed: Deadline) -> datetime:
    """When the minutes of the ladder begin: at the limit; but a clock that was over when it was set was not there
    before (rework after the limit, a level that was set late)."""
    moments = [missed.due_at, missed.starts_at]
    if set_at := missed.rule.get("set_at"):
        moments.append(datetime.fromisoformat(set_at))
    return max(moments)


def _move_later(change: StatusChange) -> None:
    """The rungs that are left move later by as long as the incident stood still."""
    suspended = StatusChange.objects.filter(incident=change.incident, act=Act.SUSPEND).order_by("pk").last()
    stood: timedelta = change.at - suspended.at if suspended else timedelta()
    for row in _running(change.incident).exclude(next_at=None):
        plan = read(row.plan)
        left = later(plan[row.position :], stood)
        row.plan = [rung.as_json() for rung in (*plan[: row.position], *left)]
        row.next_at = left[0].at
        row.save(update_fields=["plan", "next_at"])
