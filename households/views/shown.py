"""Households and people as pages show them to one reader: masked, counted, in words. No page shows a row itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse

from accounts.masking import mask_number, mask_phone
from grids.models import Unit
from households.filters import Wanted
from households.models import Household, Resident, ResidentTag
from households.rules import age_on
from households.selectors import Rights, with_people

MOST_NAMES: Final = 4
"""People that a line of a list names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Number:
    """A masked number and where its full form is asked for; `url` is empty where there is nothing to show."""

    masked: str
    url: str = ""
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    resident: Resident
    name: str
    age: int | None
    tags: list[ResidentTag]
    number: Number
    phone: Number
    is_wanted: bool = False
    """Fits the filters about people."""


@dataclass(frozen=True, slots=True)
class Home:
    """One line of a list of households."""

    household: Household
    people: list[Person]
    more: int
    count: int
    tags: list[ResidentTag]
    """One of each kind that somebody here carries."""


def person(resident: Resident, unit: Unit, rights: Rights, on: date, *, wanted: Wanted | None = None) -> Person:
    """`resident` comes with `current_tags`."""
    is_own = rights.reveals(unit)
    return Person(
        resident,
        name=rights.name(resident.name, unit),
        age=age_on(resident.born_on, on) if resident.born_on else None,
        tags=rights.tags(resident.current_tags, unit),  # type: ignore[attr-defined]
        number=number_of(resident, "document_number", is_own=is_own),
        phone=number_of(resident, "phone", is_own=is_own),
        is_wanted=wanted is not None and wanted.is_about_people and wanted.fits(resident, on),
    )


def homes(households: Sequence[Household], rights: Rights, on: date, wanted: Wanted | None = None) -> list[Home]:
    """The lines of a list. Who fits the filters is named first."""
    people = with_people(households, on)
    return [_home(household, people.get(household.pk, []), rights, on, wanted) for household in households]


def number_of(subject: Resident | Household, what: str, *, is_own: bool) -> Number:
    """A number as everybody sees it who sees the register."""
    value = str(getattr(subject, what))
    if not value:
        return Number("")
    masked = mask_number(value) if what == "document_number" else mask_phone(value)
    if isinstance(subject, Resident):
        url = reverse("households:reveal", args=[subject.pk, what])
    else:
        url = reverse("households:reveal_landlord", args=[subject.unit.code])
    return Number(masked, url, needs_reason=not is_own)


def _home(household: Household, residents: Sequence[Resident], rights: Rights, on: date, wanted: Wanted | None) -> Home:
    shown = [person(resident, household.unit, rights, on, wanted=wanted) for resident in residents]
    shown.sort(key=lambda one: not one.is_wanted)
    return Home(
        household,
        people=shown[:MOST_NAMES],
        more=max(len(shown) - MOST_NAMES, 0),
        count=len(shown),
        tags=_once(tag for one in shown for tag in one.tags),
    )


def _once(tags: Iterable[ResidentTag]) -> list[ResidentTag]:
    by_kind: dict[Any, ResidentTag] = {}
    for tag in tags:
        by_kind.setdefault(tag.kind_id, tag)
    return sorted(by_kind.values(), key=lambda tag: (tag.kind.order, tag.kind_id))
