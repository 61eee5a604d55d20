"""One day, compressed: from one interesting minute to the next, as soon as everything owed by then was done.

Time is the trial clock's, which all processes take from the one cache. The day doesn't go on while something is owed,
so that nothing is lost by going too fast; what is still owed after `PATIENCE` is a violation by itself.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import redis
from django.db import connection
from django.utils import timezone

import clock
from dispatch import rules
from dispatch.claims import UNRECORDED, due_messages
from dispatch.day_warnings import BEFORE
from dispatch.digest import FROM_MINUTE
from dispatch.escalation.climbing import due_ladders
from dispatch.limits import close_out_time
from dispatch.models import DayClose, DayWarning, DigestRun, OutboxMessage
from dispatch.selectors import to_sweep
from incidents.models import Incident
from incidents.workflow import Status
from tests.crashing.crew import WORKERS, Crew, patiently
from tests.crashing.people import GONE, People
from tests.crashing.robot import MoodyRobot

PATIENCE: Final = 60.0
STREETS: Final = 2
ACTS_A_MOMENT: Final = 12
AWAY: Final = (*GONE, redis.RedisError)
NOBODY: Final = ""
VICTIMS: Final = ("worker", "worker", "worker", "beat", "beat2", "valkey", "postgres", NOBODY, NOBODY)


@dataclass
class Shift:
    """From `since` on (by the machine's clock) the trial clock is ahead by so much."""

    since: float
    ahead: timedelta


@dataclass
class Day:
    """Moves the clock, lets people act and kills, until the moments are through or `seconds` are over."""

    crew: Crew
    people: People
    robot: MoodyRobot
    random: random.Random
    shifts: list[Shift] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    _victims: list[str] = field(default_factory=list)

    def live(self, moments: Iterator[datetime], *, until: float) -> None:
        for moment in moments:
            self._go_to(moment)
            self._work_until_settled(moment, kill_after=self.random.uniform(0, 0.8))
            if time.monotonic() > until:
                return

    def come_to_rest(self, after: datetime) -> datetime:
        """The robot is well again and nobody is killed: everything that is left settles. Returns the last moment."""
        self.robot.is_kind = True
        moment = after
        for _round in range(8):  # beyond the longest chain of waits: a mute, and a back-off after each of five attempts
            moment += timedelta(minutes=11)
            self._go_to(moment)
            self._work_until_settled(moment, kill_after=None)
            self._let_answers_come()
            if not OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING).exists():
                return moment
        return moment

    def _let_answers_come(self) -> None:
        """Wait for what a worker is telling the robot just now; one who was killed over it is waited for in vain."""
        until = time.monotonic() + 5
        telling = OutboxMessage.objects.filter(
            state=OutboxMessage.State.PENDING, attempts__gt=0, reply__in=("", UNRECORDED)
        )
        while telling.exists() and time.monotonic() < until:
            time.sleep(0.05)

    def now(self) -> datetime:
        return timezone.now() + self.shifts[-1].ahead

    def set_clock(self, moment: datetime) -> None:
        self.shifts.append(Shift(time.time(), moment - timezone.now()))
        patiently(lambda: clock.move_to(moment), *AWAY)

    def _go_to(self, moment: datetime) -> None:
        if moment > self.now():
            self.set_clock(moment)

    def _work_until_settled(self, moment: datetime, *, kill_after: float | None) -> None:
        began, acts = time.monotonic(), 0
        while True:
            spent = time.monotonic() - began
            if kill_after is not None and acts < ACTS_A_MOMENT:
                self.people.act(self.now())
                acts += 1
            if kill_after is not None and spent > kill_after:
                if victim := self._victim():
                    self.crew.kill(victim)
                kill_after = None
            self.crew.tend()
            owed = _owed(moment)
            if not owed and kill_after is None:
                return
            if spent > PATIENCE:
                self.stuck.append(f"{timezone.localtime(moment):%H:%M}: {owed}; {self._last_words()}")
                return
            time.sleep(0.05)

    def _victim(self) -> str:
        """Each in its turn, in an order that differs from round to round."""
        if not self._victims:
            self._victims = self.random.sample(VICTIMS, len(VICTIMS))
        return self._victims.pop()

    def _last_words(self) -> str:
        return " | ".join(f"{name}: {self.crew.children[name].last_words()[-600:]}" for name in WORKERS)


def _owed(moment: datetime) -> str:
    """What is due by `moment` and not done yet, in words; nothing when all is settled."""
    try:
        return ", ".join(_list_owed(moment))
    except AWAY as error:
        connection.close()
        return type(error).__name__


def _list_owed(moment: datetime) -> Iterator[str]:
    local = timezone.localtime(moment)
    if local.minute >= FROM_MINUTE and DigestRun.objects.filter(hour=rules.hour_of(moment)).count() <= STREETS:
        yield "digest"
    line = rules.line_of(local.date(), close_out_time())
    if moment >= line and DayClose.objects.filter(day=local.date()).count() < STREETS:
        yield "close-out"
    due = [line - before for before in BEFORE if line - before <= moment < line]
    if due and DayWarning.objects.filter(due_at=max(due)).count() < STREETS:
        yield "warning"
    if to_sweep(moment).exists():
        yield "sweep"
    if Incident.objects.filter(status=Status.SUSPENDED, suspended_until__lte=moment).exists():
        yield "resumption"
    if due_ladders(moment).exists():
        yield "ladder"
    if due_messages(moment).exists():
        yield "messages"


def moments_of(day: date, times: Sequence[str]) -> Iterator[datetime]:
    for each in times:
        yield timezone.make_aware(datetime.fromisoformat(f"{day}T{each}"))


AFTERNOON: Final = ("13:06", "13:40", "14:06", "15:06", "15:40", "15:59:59", "16:06", "16:20", "17:06")
"""Warnings at 15:00 and 15:30, the line at 16:00, five digests; clocks run out and ladders are climbed meanwhile."""


def days_from(day: date) -> Iterator[datetime]:
    """Round the clock, for as long as somebody asks: each hour's digest, and a second look at each hour.

    The last second before the line comes on top: a warning that is due by then has had its time.
    """
    times = [f"{hour:02d}:{minute}" for hour in range(24) for minute in ("06", "40")]
    while True:
        yield from moments_of(day, sorted([*times, "15:59:59"]))
        day += timedelta(days=1)
