"""What is missing or odd in the register: found by the rows themselves, each finding opens its record.

Most counts come with the figures of the units (`households.figures`), so the page costs no pass of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.models import SizingRule, Unit
from households.figures import PERSON_PROBLEMS, Figures, empty_homes, figures_of_all, micro_grids_with, twice
from households.living import living
from households.models import Household, Resident
from households.registers.areas import Area, in_order, within

_UNIT = "household__unit__"
FEW_PLACES: Final = 100


class Problem(TextChoices):
    WITHOUT_PHONE = "without_phone", _("No phone number")
    ODD_NUMBER = "odd_number", _("Document number is wrong or old")
    WITHOUT_BIRTH_DATE = "without_birth_date", _("No birth date")
    IN_TWO_HOUSEHOLDS = "in_two_households", _("One person in two households")
    EMPTY = "empty", _("Households without people")
    OUT_OF_SIZE = "out_of_size", _("Units outside their size")


MENDING: Final[dict[str, Promise]] = {
    Problem.WITHOUT_PHONE: _("Ask at the next visit. Children and some elderly have none."),
    Problem.ODD_NUMBER: _("Check it against the card: one digit is wrong, or it is a number of 15 digits."),
    Problem.WITHOUT_BIRTH_DATE: _("Without it nobody is counted among the elderly or the minors."),
    Problem.IN_TWO_HOUSEHOLDS: _("The same document number lives behind two doors. Move one of them out."),
    Problem.EMPTY: _("Mark the dwelling as vacant, or add who lives there."),
    Problem.OUT_OF_SIZE: _("The rule only warns. Split the unit, merge it, or change the rule."),
}
OF_PERSONS: Final = (*PERSON_PROBLEMS, Problem.IN_TWO_HOUSEHOLDS)


def count_of(problem: Problem, figures: Figures, area: Area) -> int:
    """How many records have the problem. `figures` are those of the area."""
    if problem == Problem.OUT_OF_SIZE:
        return len(units_out_of_size(area))
    return int(getattr(figures, problem))


def persons_with(problem: Problem, area: Area, on: date) -> QuerySet[Resident]:
    """The people living in the area whose record has the problem, in the order of the tree."""
    people = Resident.objects.filter(living(on), within(area, _UNIT))
    places = micro_grids_with(problem, area, on=on)
    if len(places) <= FEW_PLACES:  # looking through a whole street for three people took half a second
        people = people.filter(household__unit__micro_grid__in=places)
    if problem == Problem.IN_TWO_HOUSEHOLDS:
        return twice(people, on).order_by("document_fingerprint", *in_order(_UNIT), "pk")
    return people.filter(PERSON_PROBLEMS[problem]).order_by(*in_order(_UNIT), "pk")


def households_empty(area: Area, on: date) -> QuerySet[Household]:
    """Households of the area with nobody living in them that aren't marked as vacant."""
    homes = Household.objects.filter(within(area), unit__retired_at=None)
    places = micro_grids_with("empty", area, on=on)
    if len(places) <= FEW_PLACES:
        homes = homes.filter(unit__micro_grid__in=places)
    return empty_homes(homes, on).order_by(*in_order())


# -- Sizes ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class OutOfSize:
    """A unit that is smaller or larger than its rule says."""

    unit: Unit
    rule: SizingRule
    count: int


def units_out_of_size(area: Area) -> list[OutOfSize]:
    """The units of the area that their rule of size finds too small or too large, in the order of the tree."""
    rules = list(SizingRule.objects.filter(is_active=True))
    if not rules:
        return []
    kinds = {rule.kind for rule in rules}
    units = list(Unit.objects.filter(within(area, ""), kind__in=kinds, retired_at=None).order_by("tree_id", "lft"))
    figures = figures_of_all(units)
    found = []
    for unit in units:
        rule = rule_for(unit, rules)
        if rule is None:
            continue
        counted = figures[unit.pk]
        count = counted.residents if rule.counts == SizingRule.Counts.PERSONS else counted.households
        if not rule.fits(count):
            found.append(OutOfSize(unit, rule, count))
    return found


def rule_for(unit: Unit, rules: Iterable[SizingRule]) -> SizingRule | None:
    """The most particular of the rules that the unit falls under."""
    fitting = [
        rule for rule in rules if rule.kind == unit.kind and rule.form in ("", unit.form) and rule.use in ("", unit.use)
    ]
    return max(fitting, key=lambda rule: (bool(rule.form), bool(rule.use), -rule.pk), default=None)
