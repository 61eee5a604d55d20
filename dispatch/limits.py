"""Which limit counts: rules are rows, by what they are for, clock, level, category and mode."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from django.db import transaction

import clock as current
from dispatch import rules
from dispatch.models import LimitRule, Supervision, Whistle
from dispatch.models.deadline import Clock, Subject
from dispatch.working_time import WorkingCalendar
from grids.models import Mode, Unit
from grids.modes import mode_at
from incidents.models import Category, Incident

Measure = LimitRule.Measure

# Practices 69-73 of the handbook: level 1 at once (an hour when it can't be settled on the spot), level 2 within six
# hours, level 3 and up pushed every hour until closed instead of a limit, everything by 16:00. For whistles section
# 1.12: sign within an hour, contact within a day, a key whistle there within three working days, a hard one within
# five. An hour to sign an incident, a day to verify, a working day for a routine whistle and a day to put right what a
# supervision item names are the product's own proposal. Nobody has to evaluate unless a rule says so.
_DEFAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"clock": Clock.SIGN, "amount": 60},
    {"clock": Clock.HANDLE, "level_to": 1, "amount": 60},
    {"clock": Clock.HANDLE, "level_from": 2, "level_to": 2, "amount": 360},
    {"clock": Clock.VERIFY, "amount": 1440},
    # In an emergency an hour until somebody takes it, and a day until somebody looks, are too long. Our own proposal.
    {"clock": Clock.SIGN, "mode": Mode.EMERGENCY, "amount": 30},
    {"clock": Clock.VERIFY, "mode": Mode.EMERGENCY, "amount": 240},
    {"clock": Clock.CLOSE_OUT, "at_time": rules.CLOSE_OUT_AT},
    *(
        {"applies_to": Subject.WHISTLE, **rule}
        for rule in (
            {"clock": Clock.SIGN, "amount": 1, "measure": Measure.URGENT_HOURS},
            {"clock": Clock.CONTACT, "amount": 24, "measure": Measure.URGENT_HOURS},
            {"clock": Clock.ARRIVE, "level_to": 1, "amount": 1, "measure": Measure.WORKING_DAYS},
            {"clock": Clock.ARRIVE, "level_from": 2, "level_to": 2, "amount": 3, "measure": Measure.WORKING_DAYS},
            {"clock": Clock.ARRIVE, "level_from": 3, "amount": 5, "measure": Measure.WORKING_DAYS},
        )
    ),
    {"applies_to": Subject.SUPERVISION, "clock": Clock.SUPERVISE, "amount": 24, "measure": Measure.URGENT_HOURS},
)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it stands now: so many of a measure after the start, or a time of day; and where it comes from.

    `mode`: the mode that the place stood in, when the rule is one for that mode alone.
    """

    amount: int | None = None
    measure: str = Measure.MINUTES
    at_time: time | None = None
    source: str = ""
    mode: str = ""

    def due(self, start: datetime, calendar: WorkingCalendar) -> datetime:
        """When a clock that starts at `start` runs out. Raises `NoWorkingTime` (only limits in working time)."""
        if self.at_time is not None:
            return rules.due_at_line(start, self.at_time)
        amount = self.amount or 0
        match self.measure:
            case Measure.WORKING_HOURS:
                return calendar.after_hours(start, amount)
            case Measure.WORKING_DAYS:
                return calendar.end_of_working_day(start, amount)
            case Measure.NATURAL_DAYS:
                return rules.end_of_natural_day(start, amount)
            case Measure.URGENT_HOURS:
                return rules.due_after(start, amount * 60)
        return rules.due_after(start, amount)

    def as_json(self) -> dict[str, Any]:
        """The copy that a deadline keeps: all that its due moment was reckoned from, besides start and calendar."""
        at_time = f"{self.at_time:%H:%M}" if self.at_time else None
        copied = {"amount": self.amount, "measure": str(self.measure)} if at_time is None else {"at_time": at_time}
        return {**copied, "source": self.source, "mode": str(self.mode)}


def is_copy_of(kept: dict[str, Any], limit: Limit) -> bool:
    """True when a deadline's copy asks for the same as the limit, wherever either comes from."""
    return {name: kept.get(name) for name in _ASKED} == {name: limit.as_json().get(name) for name in _ASKED}


_ASKED: Final = ("amount", "measure", "at_time")


def limit_for(clock: Clock, incident: Incident, *, at: datetime | None = None) -> Limit | None:
    """The limit of this clock for an incident, under the mode of its place at `at`; None when no rule asks for one.

    For handling, the catalogue entry's own limit comes first.
    """
    if clock == Clock.HANDLE and incident.category.limit_minutes:
        return Limit(amount=incident.category.limit_minutes, source=f"category:{incident.category_id}")
    return _limit(Subject.INCIDENT, clock, incident.level, incident.category, incident.unit, at)


def limit_for_whistle(clock: Clock, whistle: Whistle, *, at: datetime | None = None) -> Limit | None:
    """The limit for each department that was whistled for; the whistle's grade stands as the level."""
    category = whistle.incident.category if whistle.incident else None
    return _limit(Subject.WHISTLE, clock, whistle.grade, category, whistle.unit, at)


def limit_for_supervision(item: Supervision, *, at: datetime | None = None) -> Limit | None:
    """The limit for putting right what a supervision item names; one from a patrol counts as level 1."""
    level, category = (item.incident.level, item.incident.category) if item.incident else (1, None)
    return _limit(Subject.SUPERVISION, Clock.SUPERVISE, level, category, item.unit or item.street, at)


def _limit(
    applies_to: Subject, clock: Clock, level: int, category: Category | None, place: Unit, at: datetime | None
) -> Limit | None:
    """The most particular active rule as a limit. The mode is looked up only when a rule depends on it."""
    fitting = LimitRule.objects.filter(
        applies_to=applies_to, clock=clock, is_active=True, level_from__lte=level, level_to__gte=level
    )
    candidates = list(fitting)
    mode = mode_at(place, at or current.now()) if any(rule.mode for rule in candidates) else Mode.NORMAL
    rule = best(candidates, category, mode)
    return Limit(rule.amount, rule.measure, rule.at_time, f"rule:{rule.pk}", rule.mode) if rule else None


def best(candidates: Iterable[LimitRule], category: Category | None, mode: Mode) -> LimitRule | None:
    """The most particular of the rules that cover category and mode.

    The longest category code comes first, then a rule for this mode before one for both, then the narrower levels; of
    rules as particular as each other the newest.
    """
    code = category.code if category else ""
    fitting = [rule for rule in candidates if code.startswith(rule.category_code) and rule.mode in {"", mode}]
    return max(fitting, key=_particularity, default=None)


def _particularity(rule: LimitRule) -> tuple[int, bool, int, int]:
    return len(rule.category_code), bool(rule.mode), rule.level_from - rule.level_to, rule.pk


def close_out_time() -> time:
    """When the day closes for the deployment: the general close-out rule, for every category and mode."""
    general = LimitRule.objects.filter(
        applies_to=Subject.INCIDENT, clock=Clock.CLOSE_OUT, is_active=True, category_code="", mode=""
    )
    rule = general.exclude(at_time=None).order_by("pk").last()
    return (rule.at_time if rule else None) or rules.CLOSE_OUT_AT


@transaction.atomic
def load_default_rules() -> int:
    """Lay down the limits that every deployment starts with; returns how many were added.

    A clock that has any rule already is left as it is, also when somebody changed or switched off what was laid down.
    """
    settled = set(LimitRule.objects.values_list("applies_to", "clock"))
    added = [LimitRule(**default) for default in _DEFAULTS]
    added = [rule for rule in added if (rule.applies_to, rule.clock) not in settled]
    return len(LimitRule.objects.bulk_create(added))
