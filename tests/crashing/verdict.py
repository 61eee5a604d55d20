"""Afterwards: what was due was done once, or says why not; what was not due was not done."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any, Final

from django.db.models import Count, F, Q
from django.utils import timezone

from dispatch.audit import checks
from dispatch.audit.repairs import RUNNING_IN
from dispatch.channels import dingtalk
from dispatch.claims import UNKNOWN, robot_of, words_of
from dispatch.clocks import UNDONE
from dispatch.digest import FROM_MINUTE
from dispatch.limits import limit_for
from dispatch.models import (
    ClockAudit,
    DayClose,
    DayWarning,
    Deadline,
    DigestRun,
    EscalationStep,
    OutboxAttempt,
    OutboxMessage,
)
from dispatch.rules import hour_of
from dispatch.selectors import to_sweep
from dispatch.shifts import due_as_of
from incidents.models import Incident, StatusChange
from incidents.workflow import ENDED, OPEN, Act, Status
from tests.crashing.day import STREETS, Day, Shift
from tests.crashing.people import Over
from tests.crashing.robot import canonical

_UNSURE: Final = (UNKNOWN, "silent")
"""Attempts of which nobody can know whether the group saw the message: no answer came, or nobody lived to note it."""
State = OutboxMessage.State


@dataclass
class Verdict:
    violations: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps({"violations": self.violations, "figures": self.figures}, ensure_ascii=False)


def judge(day: Day, hours: set[datetime], at: datetime) -> Verdict:
    """Look at everything, at the moment `at` at which all has come to rest."""
    verdict = Verdict(violations=[f"stuck at {words}" for words in day.stuck])
    messages = list(OutboxMessage.objects.select_related("channel", "incident").order_by("pk"))
    for found in (
        _clocks(at),
        _rounds(hours),
        _ladders(),
        _standstills(_Moments(day.shifts)),
        _deliveries(day, messages, verdict.figures),
        _after_the_end(day, messages),
    ):
        verdict.violations += found
    verdict.figures |= _figures(day, messages)
    return verdict


# -- clocks ------------------------------------------------------------------------------------------------------


def _clocks(at: datetime) -> Iterator[str]:
    """Each open incident has just the clocks that its status asks for; each that ran out was found, once and not too
    early; nothing runs for what has ended."""
    for incident in Incident.objects.filter(status__in=OPEN).select_related("category", "unit"):
        wanted = {each.value for each in RUNNING_IN[Status(incident.status)] if limit_for(each, incident, at=at)}
        alive = set(Deadline.objects.filter(UNDONE, incident=incident).values_list("clock", flat=True))
        if alive != wanted:
            yield f"{incident.number} ({incident.status}) has the clocks {sorted(alive)}, not {sorted(wanted)}"
    for name in Deadline.objects.filter(UNDONE, incident__status__in=ENDED).values_list("incident__number", flat=True):
        yield f"{name} has ended and a clock of it runs"
    yield from (f"deadline {row.pk} ran out and was not found" for row in to_sweep(at))
    # By the moment it had then: a clock that was missed may have stood still since, and still be late.
    for row in Deadline.objects.filter(missed_at__lt=F("due_at")).prefetch_related("shifts"):
        if row.missed_at and row.missed_at < due_as_of(row, row.missed_at):
            yield f"deadline {row.pk} was called missed before it was"
    for check in (checks.without_clock, checks.wrong_standstill, checks.not_found, checks.not_climbed):
        if found := check(at):
            yield f"the audit finds {found}"


# -- what each hour and day owes ---------------------------------------------------------------------------------


def _rounds(hours: set[datetime]) -> Iterator[str]:
    """One digest an hour and place, one close-out and two warnings a street and day, each with its message."""
    runs = Counter(DigestRun.objects.values_list("hour", flat=True))
    yield from (f"{runs[hour]} digests at {hour}" for hour in sorted(hours) if runs[hour] != STREETS + 1)
    for model, kind, told in (
        (DigestRun, "digest", Q(incidents__gt=0)),
        (DayWarning, "day_warning", Q(incidents__gt=0)),
        (DayClose, "close_out", Q()),
    ):
        owed, sent = model.objects.filter(told).count(), OutboxMessage.objects.filter(kind=kind).count()
        if owed != sent:
            yield f"{owed} of {kind} are owed and {sent} were written"
    closings = DayClose.objects.values("day").annotate(Count("pk")).filter(~Q(pk__count=STREETS))
    yield from (f"{row['pk__count']} close-outs on {row['day']}" for row in closings)


def _ladders() -> Iterator[str]:
    doubled = (
        EscalationStep.objects.values("escalation", "position", "post").annotate(Count("pk")).filter(pk__count__gt=1)
    )
    yield from (f"rung {row['position']} of ladder {row['escalation']} was climbed twice" for row in doubled)


def _standstills(moments: "_Moments") -> Iterator[str]:
    """Nothing ran out and nothing climbed for an incident while it was suspended."""
    for change in StatusChange.objects.filter(act=Act.SUSPEND).select_related("incident"):
        incident = change.incident
        after = incident.changes.filter(pk__gt=change.pk).order_by("pk").values_list("at", flat=True).first()
        span = Over(moments.real(change.at), moments.real(after) if after else inf)
        missed = Deadline.objects.filter(incident=incident, missed_at__isnull=False).values_list("missed_at", flat=True)
        climbed = EscalationStep.objects.filter(escalation__incident=incident).values_list("at", flat=True)
        if found := [f"{at}" for at in (*missed, *climbed) if span.covers(moments.real(at))]:
            yield f"{incident.number} was suspended from {change.at} to {after}, and yet: {found}"


# -- messages ----------------------------------------------------------------------------------------------------


def _deliveries(day: Day, messages: Sequence[OutboxMessage], figures: dict[str, Any]) -> Iterator[str]:
    """What we call sent has arrived; what arrived more often than written was noted as uncertain that many times."""
    arrived = Counter((each.token, each.body) for each in day.robot.arrived)
    unsure = Counter(OutboxAttempt.objects.filter(outcome__in=_UNSURE).values_list("message", flat=True))
    by_key: dict[tuple[str, str], list[OutboxMessage]] = {}
    for message in messages:
        by_key.setdefault(_key_of(message), []).append(message)
    doubled = 0
    for key, rows in by_key.items():
        sent = sum(row.state == State.SENT for row in rows)
        may_have = sum(unsure[row.pk] for row in rows)
        doubled += max(0, arrived[key] - len(rows))
        if not sent <= arrived[key] <= sent + may_have:
            yield f"“{rows[0].title}” arrived {arrived[key]} times: {sent} sent, {may_have} uncertain"
    strangers = set(arrived) - set(by_key)
    yield from (f"nobody wrote what arrived: {body[:80]}" for _token, body in strangers)
    for row in messages:
        if row.state == State.PENDING or (row.state != State.SENT and not row.reply):
            yield f"“{row.title}” is {row.state} without a reason"
    figures |= {"may have arrived twice": sum(unsure.values()), "arrived twice": doubled}


def _key_of(message: OutboxMessage) -> tuple[str, str]:
    robot = robot_of(message)
    return robot.token, canonical(dingtalk.payload(robot, words_of(message)))


def _after_the_end(day: Day, messages: Sequence[OutboxMessage]) -> Iterator[str]:
    """Nothing was written about, or begun to be sent for, an incident whose closing had been committed."""
    moments = _Moments(day.shifts)
    for message in messages:
        made, number = moments.real(message.made_at), message.incident.number if message.incident else ""
        for each, times in day.people.over.items():
            if each in message.text and _is_within(made, times):
                history = [f"{change.act} {change.at}" for change in StatusChange.objects.filter(incident__number=each)]
                yield f"“{message.title}” was written at {message.made_at} ({made}) about {each}, {times}: {history}"
        tried = moments.real(message.tried_at) if message.state == State.SENT and message.tried_at else None
        if tried is not None and _is_within(tried, day.people.over.get(number, [])):
            yield f"“{message.title}” was sent after {message.incident} had ended"


def _is_within(moment: float, times: Sequence[Over]) -> bool:
    return any(over.covers(moment) for over in times)


class _Moments:
    """From a moment of the trial clock back to the machine's: the clock was only ever moved ahead, by minutes."""

    def __init__(self, shifts: Sequence[Shift]) -> None:
        self._shifts = shifts
        self._begins = [shift.since + shift.ahead.total_seconds() for shift in shifts]

    def real(self, moment: datetime) -> float:
        """A process that has not noticed the last move yet says a moment between two: it counts by the move before."""
        index = max(0, bisect_right(self._begins, moment.timestamp() + 0.01) - 1)
        return moment.timestamp() - self._shifts[index].ahead.total_seconds()


def _figures(day: Day, messages: Sequence[OutboxMessage]) -> dict[str, Any]:
    audits = ClockAudit.objects.order_by("hour")
    return {
        "killed": dict(day.crew.deaths),
        "people": dict(day.people.done),
        "incidents ended": len(day.people.over),
        "clocks": Deadline.objects.count(),
        "clocks found run out": Deadline.objects.exclude(missed_at=None).count(),
        "digests": DigestRun.objects.count(),
        "close-outs": DayClose.objects.count(),
        "warnings": DayWarning.objects.count(),
        "rungs climbed": EscalationStep.objects.count(),
        "messages": dict(Counter(f"{row.kind} {row.state}" for row in messages)),
        "robot answered": day.robot.answers,
        "attempts": dict(Counter(OutboxAttempt.objects.values_list("outcome", flat=True))),
        "audits": audits.count(),
        "audits that put something right": audits.exclude(repairs=[]).count(),
        "audits not well": [
            f"{timezone.localtime(row.ran_at):%d. %H:%M} {row.findings}" for row in audits.filter(is_well=False)
        ],
    }


def hours_of(moments: Sequence[datetime]) -> set[datetime]:
    """The hours whose digest is owed once these moments are through."""
    return {hour_of(moment) for moment in moments if timezone.localtime(moment).minute >= FROM_MINUTE}
