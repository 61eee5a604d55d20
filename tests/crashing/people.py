"""People at work while servers die: incidents are filed and moved at random, through the services."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Final

from django.db import InterfaceError, OperationalError, connection

from accounts.errors import Refused
from accounts.models import User
from dispatch import extensions
from grids.models import Unit
from incidents import services
from incidents.models import Incident
from incidents.workflow import ENDED, OPEN, Status
from tests.incidents.stages import category
from tests.world import World

GONE: Final = (OperationalError, InterfaceError)
"""What Django says when the database is away in the middle of an act: nobody knows whether it was committed."""

Act = Callable[[Incident, datetime], Incident]


A_PASS: Final = 5.0
"""Seconds that a round of the digest, the sweep or the ladders may take on a machine at its limit."""


@dataclass
class Over:
    """While an incident was over, or stood still, by the machine's own clock: from the commit that ended it to just
    before it was taken up again.

    A pass says of all that it does the moment at which it began; what is taken up again meanwhile is rightly its.
    """

    since: float
    until: float = inf

    def covers(self, moment: float) -> bool:
        return self.since < moment < self.until - A_PASS


@dataclass
class People:
    """The staff of two streets; `over` tells when each incident was over."""

    world: World
    random: random.Random
    over: dict[str, list[Over]] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def act(self, at: datetime) -> None:
        """One act by somebody; half of them file a new incident."""
        try:
            if self.random.random() < 0.4 or not self._move(at):
                self._file(at)
        except Refused:
            self.done["refused"] += 1
        except GONE:
            self.done["interrupted"] += 1
            connection.close()

    def file_earlier(self, at: datetime, count: int) -> None:
        """Incidents of the morning, so that clocks run out all through the afternoon."""
        for _number in range(count):
            self._file(at - timedelta(minutes=self.random.randrange(1, 340)))

    def _file(self, at: datetime) -> None:
        places = [unit for name, unit in vars(self.world).items() if name.startswith("micro_")]
        unit: Unit = self.random.choice(places)
        reporter = self.world.outsider if unit == self.world.micro_b else self.world.command
        draft = services.Draft(
            unit=unit,
            category=category(self.world, self.random.choice((1, 1, 2, 2, 3))),
            description="楼道口堆了旧家具。",
        )
        services.report_incident(draft, actor=reporter, at=at)
        self.done["filed"] += 1

    def _move(self, at: datetime) -> bool:
        """Move an incident of street A one step; False when there is none."""
        movable = Incident.objects.filter(status__in=(*OPEN, Status.CLOSED), street=self.world.street_a)
        by_status: dict[str, list[int]] = {}
        for pk, status in movable.order_by("pk").values_list("pk", "status"):
            by_status.setdefault(status, []).append(pk)
        if not by_status:
            return False
        # The status first: most incidents are new, and few would ever come to their end.
        incident = Incident.objects.get(pk=self.random.choice(by_status[self.random.choice(sorted(by_status))]))
        if incident.status in ENDED and incident.number in self.over:
            # Before the act: from here on it may be open, also when nobody lives to hear of the commit.
            self.over[incident.number][-1].until = time.time()
        act = self.random.choice(self._steps(Status(incident.status)))
        moved = act(incident, max(at, incident.state_entered_at))
        if moved.status in ENDED:
            self.over.setdefault(moved.number, []).append(Over(since=time.time()))
        self.done[act.__name__] += 1
        return True

    def _steps(self, status: Status) -> tuple[Act, ...]:
        w = self.world
        lead = self.random.choice((w.enforcement, w.police))
        officers: dict[int, User] = {w.enforcement.pk: w.department, w.police.pk: w.police_officer}

        def leader_of(incident: Incident) -> User:
            return officers[incident.assignments.get(ended_at=None, part="lead").department_id or 0]

        def dispatch(incident: Incident, at: datetime) -> Incident:
            return services.dispatch(incident, actor=w.command, lead=lead, at=at)

        def void(incident: Incident, at: datetime) -> Incident:
            return services.void(incident, actor=w.command, note="重复", at=at)

        def triage(incident: Incident, at: datetime) -> Incident:
            return services.triage(incident, actor=w.command, level=self.random.choice((1, 2, 3)), at=at)

        def sign(incident: Incident, at: datetime) -> Incident:
            return services.sign(incident, actor=leader_of(incident), at=at)

        def hand_back(incident: Incident, at: datetime) -> Incident:
            return services.return_incident(incident, actor=leader_of(incident), note="不属本队", at=at)

        def handle(incident: Incident, at: datetime) -> Incident:
            return services.handle(incident, actor=leader_of(incident), measures="已清走。", at=at)

        def suspend(incident: Incident, at: datetime) -> Incident:
            until = at + timedelta(minutes=self.random.randrange(20, 120))
            services.ask_suspension(incident, actor=leader_of(incident), reason="等待配件", until=until, at=at)
            return services.decide_suspension(incident, actor=w.command, approve=True, at=at)

        def resume(incident: Incident, at: datetime) -> Incident:
            return services.resume(incident, actor=w.command, note="配件已到", at=at)

        def extend(incident: Incident, at: datetime) -> Incident:
            until = at + timedelta(hours=self.random.randrange(2, 9))
            extensions.ask_extension(incident, actor=leader_of(incident), reason="待料", until=until, at=at)
            extensions.decide_extension(incident, actor=w.command, approve=True, at=at)
            return incident

        def verify(incident: Incident, at: datetime) -> Incident:
            return services.verify(incident, actor=w.verifier, at=at)

        def reject(incident: Incident, at: datetime) -> Incident:
            return services.reject(incident, actor=w.verifier, note="现场未清", at=at)

        def reopen(incident: Incident, at: datetime) -> Incident:
            return services.reopen(incident, actor=w.verifier, note="又堆上了", at=at)

        steps: dict[Status, tuple[Act, ...]] = {
            Status.REPORTED: (dispatch, dispatch, dispatch, triage, void),
            Status.RETURNED: (dispatch, void),
            Status.DISPATCHED: (sign, sign, sign, hand_back),
            Status.IN_PROGRESS: (handle, handle, handle, suspend, extend),
            Status.SUSPENDED: (resume, void),
            Status.HANDLED: (verify, verify, verify, reject),
            Status.CLOSED: (reopen,),
        }
        return steps[status]
