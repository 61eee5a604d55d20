"""What an emergency changes: the limits that differ between the modes, as rules stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.limits import best
from dispatch.models import LimitRule
from dispatch.models.deadline import Clock, Subject
from grids.models import Mode
from incidents.models import Category

_LEVELS: Final = range(1, 5)


@dataclass(frozen=True, slots=True)
class Difference:
    """One limit that is another one in an emergency. `category`: the code that it is for; empty: every category."""

    clock: str
    levels: str
    category: str
    normal: str
    emergency: str


def differences() -> list[Difference]:
    """The limits of incidents that differ between normal days and emergencies, in one query.

    Only where some rule is for one mode alone; neighbouring levels with the same limits stand in one line.
    """
    rules = list(LimitRule.objects.filter(applies_to=Subject.INCIDENT, is_active=True))
    places = sorted({(rule.clock, rule.category_code) for rule in rules if rule.mode}, key=_in_order)
    return [line for clock, code in places for line in _lines(rules, Clock(clock), code)]


def _in_order(place: tuple[str, str]) -> tuple[int, str]:
    return list(Clock.values).index(place[0]), place[1]


def _lines(rules: Sequence[LimitRule], clock: Clock, code: str) -> list[Difference]:
    lines: list[tuple[list[int], str, str]] = []
    for level in _LEVELS:
        normal, emergency = (_said(rules, clock, level, code, mode) for mode in (Mode.NORMAL, Mode.EMERGENCY))
        if normal == emergency:
            continue
        if lines and lines[-1][0][-1] == level - 1 and lines[-1][1:] == (normal, emergency):
            lines[-1][0].append(level)
        else:
            lines.append(([level], normal, emergency))
    return [
        Difference(str(clock.label), f"{levels[0]}–{levels[-1]}" if len(levels) > 1 else str(levels[0]), code, *said)
        for levels, *said in lines
    ]


def _said(rules: Sequence[LimitRule], clock: Clock, level: int, code: str, mode: Mode) -> str:
    fitting = [rule for rule in rules if rule.clock == clock and rule.level_from <= level <= rule.level_to]
    rule = best(fitting, Category(code=code), mode)
    if rule is None:
        return pgettext("a limit", "none")
    if rule.at_time:
        return _("by %(time)s") % {"time": f"{rule.at_time:%H:%M}"}
    return rule.limit_in_words
