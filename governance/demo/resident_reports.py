"""What residents have from the product: a code on every wall of the street, and reports in each stage.

The codes are given and the reports lived through by the product's own services, like the incidents. None of them names
anybody; the telephone numbers that two left belong to nobody (`governance.demo.numbers`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from governance.demo import stories
from governance.demo.cast import Cast
from governance.demo.numbers import NumberSource
from grids.models import Unit
from incidents import services
from incidents.models import Category, Evaluation, Incident
from incidents.workflow import Status
from public import answering, reporting
from public.consent import current_consent
from public.kinds import offered_kinds
from public.models import PlaceCode
from public.place_codes import CODED, give_codes
from public.reporting import Said

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Report:
    """One report by code: how long before now it was sent, and how far it came."""

    sent: timedelta
    is_answered: bool = False
    until: Status = Status.REPORTED
    leaves_phone: bool = False
    score: str = ""


REPORTS = (
    Report(35 * MINUTE, leaves_phone=True),
    Report(3 * HOUR),
    Report(20 * HOUR, until=Status.IN_PROGRESS),
    Report(50 * HOUR, until=Status.DISPATCHED),  # its answer was due yesterday evening
    Report(26 * HOUR, is_answered=True, until=Status.IN_PROGRESS, leaves_phone=True),
    Report(30 * HOUR, is_answered=True, until=Status.HANDLED),
    Report(2 * DAY, is_answered=True, until=Status.CLOSED),
    Report(2 * DAY + 5 * HOUR, is_answered=True, until=Status.CLOSED),
    Report(2 * DAY + 8 * HOUR, is_answered=True, until=Status.CLOSED, score=Evaluation.Score.SATISFIED),
)
"""Waiting for the first answer, one of them for too long; answered and in work; closed and to be evaluated."""
ANSWERS = (
    "已收到，所在网格员今天会到现场查看。",
    "谢谢您告诉我们。已交给主办单位，处理结果会写在这一页上。",
    "现场已看过，正在安排处理，最迟明天有结果。",
)


def live(street: Unit, *, now: datetime, seed: int) -> int:
    """Hang up a code at every place of the street and live through a few reports. Returns how many were sent."""
    people = {user.username: user for user in User.objects.filter(username__in=("command", "register"))}
    units = Unit.objects.filter(street=street, kind__in=CODED, retired_at=None)
    places = list(units.select_related("street", "community", "grid", "micro_grid").order_by("lft"))
    give_codes(places, actor=people["register"], at=now - 60 * DAY)
    teller = _Teller(Random(seed), Cast(street), people["command"], now)
    for report in sorted(REPORTS, key=lambda report: -report.sent):
        teller.tell(report)
    return len(REPORTS)


class _Teller:
    """Sends one report after the other and takes each as far as it came."""

    def __init__(self, rng: Random, cast: Cast, officer: User, now: datetime) -> None:
        self.rng, self.cast, self.officer, self.now = rng, cast, officer, now
        self.phones = NumberSource(rng)
        self.codes = {code.unit_id: code for code in PlaceCode.objects.filter(unit__street=cast.street, ended_at=None)}
        self.kinds = [self.cast.categories[row.code] for row in offered_kinds().tiles]

    def tell(self, report: Report) -> None:
        place, category = self._scene()
        at = self.now - report.sent
        code = self.codes[place.pk]
        code.unit = place  # as it was loaded, with the units above it
        text = self._words(category.code).replace("{place}", place.name.removesuffix("微网格"))
        phone = self.phones.phone() if report.leaves_phone else ""
        sent = reporting.send_report(Said(code, category, text, current_consent(), phone), at=at)
        if report.is_answered:
            answer = self.rng.choice(ANSWERS)
            answering.answer_resident(sent.incident, actor=self.officer, text=answer, at=at + 50 * MINUTE)
        sent.incident = self._handled(sent.incident, report.until, at)
        if report.score:
            reporting.evaluate(sent, score=report.score, at=at + 7 * HOUR)

    def _scene(self) -> tuple[Unit, Category]:
        """A place, half of the time one of the demo's own worker, and something that residents report from there."""
        near = self.cast.home if self.rng.random() < 0.5 else self.cast.micro_grids
        while True:
            place = self.rng.choice(near)
            where = stories.SURROUNDINGS[place.form]
            fitting = [row for row in self.kinds if row.lead and where in stories.catalogue()[row.code].where]
            if fitting:
                return place, self.rng.choice(fitting)
            near = self.cast.micro_grids

    def _words(self, code: str) -> str:
        """What a resident writes: nothing about patrols, which are the worker's."""
        texts = stories.catalogue()[code].reports
        return self.rng.choice([text for text in texts if "巡查" not in text])

    def _handled(self, incident: Incident, until: Status, began: datetime) -> Incident:
        """Dispatched, signed, handled and verified, as far as `until`."""
        lead = incident.category.lead
        assert lead is not None  # noqa: S101  (the scene has one)
        hand = self.cast.hand(lead)
        _who, measures, outcome = stories.result(self.rng, incident.category.code)
        steps: list[tuple[Callable[..., Incident], User, timedelta, dict[str, Any]]] = [
            (services.dispatch, self.officer, 20 * MINUTE, {"lead": lead}),
            (services.sign, hand, 45 * MINUTE, {}),
            (services.handle, hand, 4 * HOUR, {"measures": measures, "outcome": outcome}),
            (services.verify, self.cast.verifier, 6 * HOUR, {}),
        ]
        for act, actor, after, facts in steps:
            if incident.status == until:
                break
            incident = act(incident, actor=actor, at=began + after, **facts)
        return incident
