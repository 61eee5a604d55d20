"""Three weeks of incidents, lived through by the product's own services: no row of history is made up.

Most lives run to the end before `now`; some are stopped half-way, so that every status has incidents and no page is
empty. Same seed and same `now`, same history.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from governance.demo import stories
from governance.demo.cast import Cast
from grids.models import Unit
from incidents import services
from incidents.models import Category, Incident, Source
from incidents.services import Draft
from incidents.standing import current_assignments
from incidents.workflow import Status

WEEKS = 3
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# What happens on the way, how often in a hundred.
PLOTS = {"plain": 79, "returned": 6, "rejected": 5, "reopened": 3, "suspended": 3, "merged": 2, "void": 2}
# Lives that stop half-way: the status they stay in, how many, and how long before now they were reported.
UNFINISHED = (
    (Status.REPORTED, 4, 12 * MINUTE),
    (Status.DISPATCHED, 4, 50 * MINUTE),
    (Status.IN_PROGRESS, 6, 3 * HOUR),
    (Status.HANDLED, 4, 4 * HOUR),
    (Status.RETURNED, 2, 100 * MINUTE),
    (Status.SUSPENDED, 2, 30 * HOUR),
)


@dataclass(frozen=True, slots=True)
class Life:
    """One incident to be lived: when it is reported, what happens to it, and the status it must stay in, if any."""

    begins_at: datetime
    plot: str
    stays: Status | None = None


def live(street: Unit, *, a_day: int, now: datetime, seed: int) -> int:
    """Live through `a_day` incidents a day in this street. Returns how many were reported."""
    rng = Random(seed)
    narrator = _Narrator(rng, Cast(street), now)
    lives = sorted([*_past(rng, a_day, now), *_unfinished(rng, now)], key=lambda life: life.begins_at)
    for life in lives:
        narrator.tell(life)
    return len(lives)


def _past(rng: Random, a_day: int, now: datetime) -> Iterator[Life]:
    today = timezone.localdate(now)
    plots, weights = list(PLOTS), list(PLOTS.values())
    for days_ago in range(WEEKS * 7, -1, -1):
        midnight = timezone.make_aware(datetime.combine(today - timedelta(days=days_ago), time()))
        for _turn in range(a_day):
            begins_at = midnight + rng.triangular(6.5, 21, 9.5) * HOUR
            if begins_at < now - 5 * HOUR:
                yield Life(begins_at, rng.choices(plots, weights)[0])


def _unfinished(rng: Random, now: datetime) -> Iterator[Life]:
    plots = {Status.RETURNED: "returned", Status.SUSPENDED: "suspended"}
    for status, number, before in UNFINISHED:
        for turn in range(number):
            yield Life(now - before * (1 + 0.45 * turn) - rng.random() * MINUTE, plots.get(status, "plain"), status)


class _Over(Exception):
    """The life has come to now, or to the status that it stays in."""


class _Narrator:
    """Lives one life after the other; each step takes its time and its person."""

    def __init__(self, rng: Random, cast: Cast, now: datetime) -> None:
        self.rng, self.cast, self.now = rng, cast, now

    def tell(self, life: Life) -> None:
        self.life, self.at = life, life.begins_at
        # Half of what is open lies with the demo's own worker and team: their pages shall have work on them.
        self.is_near = life.stays is not None and self.rng.random() < 0.5
        micro_grid = self.rng.choice(self.cast.home if self.is_near else self.cast.micro_grids)
        category = self._category(micro_grid)
        self.incident = self._report(micro_grid, category)
        try:
            self._go_on(category)
        except _Over:
            return

    def _category(self, micro_grid: Unit) -> Category:
        """What happens there; an open one is more than routine, and near home our team's if it can be."""
        drawn = [self.cast.categories[stories.pick_category(self.rng, micro_grid.form)] for _turn in range(30)]
        if self.life.stays is None:
            return drawn[0]
        serious = [category for category in drawn if (category.level or 0) > 1]
        ours = [category for category in serious if category.lead and category.lead.code == "enforcement"]
        return ((ours if self.is_near else serious) or serious or drawn)[0]

    def _report(self, micro_grid: Unit, category: Category) -> Incident:
        by_phone = self.rng.random() < 0.25 and (category.level or 1) > 1
        reporter = self.cast.officer(self.rng) if by_phone else self.cast.worker(micro_grid)
        place = micro_grid.name.removesuffix("微网格")
        draft = Draft(
            unit=micro_grid,
            category=category,
            description=stories.report(self.rng, category.code, place),
            place_note=place,
            source=Source.HOTLINE if by_phone else Source.WORKER,
        )
        return services.report_incident(draft, actor=reporter, at=self.at)

    def _go_on(self, category: Category) -> None:
        if category.level == 1 and self.incident.source == Source.WORKER and self.rng.random() < 0.75:
            _, measures, _ = stories.result(self.rng, category.code)
            self._step(services.settle, self.incident.reporter, (1, 3), measures=measures)
            self._put_away()
            return
        if self.life.plot == "void":
            self._step(services.void, self.officer, (5, 40), note=self._one(stories.VOID_REASONS))
            return
        self._dispatch(category)
        if self.life.plot == "returned":
            self._step(services.return_incident, self._hand(), (10, 40), note=self._one(stories.RETURN_REASONS))
            self._dispatch(category)
        self._step(services.sign, self._hand(), (5, 75))
        self._work(category)

    def _work(self, category: Category) -> None:
        if self.life.plot == "merged":
            self._merge()
        if self.life.plot == "suspended":
            self._suspend()
        self._handle(category)
        if self.life.plot == "rejected":
            self._step(services.reject, self.verifier, (20, 90), note=self._one(stories.REJECT_NOTES))
            self._handle(category)
        self._step(services.verify, self.verifier, (15, 180), note=self._one(stories.VERIFY_NOTES))
        if self.life.plot == "reopened":
            self._reopen(category)
        self._put_away()

    def _dispatch(self, category: Category) -> None:
        parties = {"lead": category.lead, "assisting": list(category.assisting.all())}
        self._step(services.dispatch, self.officer, (4, 45), **parties)

    def _handle(self, category: Category) -> None:
        contacted, measures, outcome = stories.result(self.rng, category.code)
        for row in current_assignments(self.incident)[1:]:
            if row.state == row.State.ASSIGNED:
                self._take(10, 40)
                services.answer_assist(row, actor=self.cast.hand(row.party), answer="已到场配合处置。", at=self.at)
        words = {"contacted": contacted, "measures": measures, "outcome": outcome}
        self._step(services.handle, self._hand(), (40, 330), **words)

    def _suspend(self) -> None:
        self._take(10, 60)
        until = self.now + 2 * DAY if self.life.stays else self.at + self.rng.randint(1, 3) * DAY
        reason = self._one(stories.SUSPEND_REASONS)
        services.ask_suspension(self.incident, actor=self._hand(), reason=reason, until=until, at=self.at)
        note = self._one(stories.APPROVAL_NOTES)
        self._step(services.decide_suspension, self.officer, (10, 90), approve=True, note=note)
        self.at = until
        self._step(services.resume, None, (0, 1))

    def _merge(self) -> None:
        """Somebody rings up about the same thing; the second report is merged into this one."""
        self._take(3, 20)
        first = self.incident
        draft = Draft(
            unit=first.unit,
            category=first.category,
            description=first.description,
            place_note=first.place_note,
            source=Source.HOTLINE,
        )
        second = services.report_incident(draft, actor=self.officer, at=self.at)
        self._take(2, 15)
        services.merge(second, into=first, actor=self.officer, note=self._one(stories.MERGE_NOTES), at=self.at)

    def _reopen(self, category: Category) -> None:
        score, text = self._one(stories.COMPLAINTS)
        self._step(services.evaluate, self.officer, (300, 1500), score=score, text=text)
        self._step(services.reopen, self.officer, (1, 20), note=self._one(stories.REOPEN_NOTES))
        self._handle(category)
        self._step(services.verify, self.verifier, (15, 180), note=self._one(stories.VERIFY_NOTES))

    def _put_away(self) -> None:
        if self.rng.random() < 0.6:
            score, text = self._one(stories.EVALUATIONS)
            self._step(services.evaluate, self.officer, (120, 1500), score=score, text=text)
            self._step(services.archive, None, (20, 60))
        else:
            self.at += 3 * DAY
            self._step(services.archive, None, (20, 60))

    def _step(
        self, service: Callable[..., Incident], actor: User | None, minutes: tuple[int, int], **facts: Any
    ) -> None:
        self._take(*minutes)
        self.incident = service(self.incident, actor=actor, at=self.at, **facts)

    def _take(self, low: int, high: int) -> None:
        """Time passes. Stops the life when it has come to now, or to the status that it stays in."""
        if self.life.stays is not None:
            if self.incident.status == self.life.stays:
                raise _Over
            # One that stays somewhere must get there: its steps share the time that is left.
            self.at += (self.now - self.at) * 0.2
            return
        self.at += self.rng.uniform(low, high) * MINUTE
        if self.at > self.now:
            raise _Over

    @property
    def officer(self) -> User:
        return self.cast.officer(self.rng)

    @property
    def verifier(self) -> User:
        return self.cast.verifier

    def _hand(self) -> User:
        """Somebody of the lead party."""
        return self.cast.hand(current_assignments(self.incident)[0].party)

    def _one[Text](self, texts: Sequence[Text]) -> Text:
        return self.rng.choice(texts)
