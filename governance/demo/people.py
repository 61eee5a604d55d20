"""Fills a layout with people: households with their members, exact to the person.

`fill(layout, seed=…, on=…)` walks the micro-grids of `governance.demo.layout` in their order and yields each with its
households, one micro-grid at a time, so that a city needs no more memory than its largest micro-grid (and the set of ID
numbers already given). Everybody is invented; same layout, seed and day give the same people.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat
from random import Random
from typing import NamedTuple

from governance.demo.addresses import doors
from governance.demo.families import RELATION_WORDS, FamilySource, Role
from governance.demo.layout import Layout, MicroGrid
from governance.demo.names import NameSource
from governance.demo.numbers import NumberSource
from governance.demo.scales import Scale

OWNED = "owned"
RENTED = "rented"
DORMITORY = "dormitory"

REGISTERED = "registered"
ELSEWHERE = "elsewhere"
FLOATING = "floating"

# How often families of one to seven occur before the exact total is reached.
_FAMILY_WEIGHTS = (14, 27, 27, 17, 9, 5, 1)
# Rooms let in a farmhouse with its owner: most let none or a few, some let many.
_LODGER_WEIGHTS = (46, 10, 12, 10, 8, 5, 4, 2, 1, 1, 1)
_PHONE_AGE = 14
_OF_THE_HOUSE = frozenset({"head", "child", "grandchild", "daughters_child", "parent"})
_MARRIED_IN = frozenset({"spouse", "child_in_law"})


class Person(NamedTuple):
    """One resident, as a register has them. `relation` is the Chinese word; `phone` may be empty."""

    name: str
    sex: str
    born_on: date
    id_number: str
    phone: str
    relation: str
    residence: str


class Household(NamedTuple):
    """The people behind one door, the head first. `landlord` is set where somebody else owns the door."""

    address: str
    dwelling: str
    landlord: str
    landlord_phone: str
    members: tuple[Person, ...]


def fill(layout: Layout, *, seed: int, on: date) -> Iterator[tuple[MicroGrid, list[Household]]]:
    """Every micro-grid of the layout with its households. Ages are as of the day `on`."""
    census = _Census(layout, seed, on)
    for micro_grid in layout.micro_grids():
        yield micro_grid, census.households(micro_grid)


def exact_sizes(rng: Random, count: int, total: int, low: int, weights: Sequence[float]) -> list[int]:
    """`count` sizes of at least `low`, drawn by `weights` (for low, low + 1, …), put right until they sum to `total`.

    Raises ValueError when no such list exists.
    """
    high = low + len(weights) - 1
    if not low * count <= total <= high * count:
        raise ValueError(f"{count} sizes from {low} to {high} can't sum to {total}")
    sizes = rng.choices(range(low, high + 1), weights, k=count)
    missing = total - sum(sizes)
    step = 1 if missing > 0 else -1
    limit = high if missing > 0 else low
    while missing:
        index = rng.randrange(count)
        if sizes[index] != limit:
            sizes[index] += step
            missing -= step
    return sizes


class _Census:
    """The running state of one filling: the sizes still to be used and the random sources."""

    def __init__(self, layout: Layout, seed: int, on: date):
        scale = layout.scale
        self._rng = rng = Random(seed)
        self._random = rng.random
        self._today = on.toordinal()
        self._names = NameSource(rng)
        self._numbers = NumberSource(rng)
        self._families = FamilySource(rng)
        settled = scale.registered + scale.elsewhere
        self._owned = iter(exact_sizes(rng, scale.owned, settled, 1, _FAMILY_WEIGHTS))
        self._rented = iter(exact_sizes(rng, scale.rented, scale.tenants, 1, _FAMILY_WEIGHTS))
        self._dormitories = iter(_dormitory_sizes(rng, scale))
        farmhouses = sum(micro_grid.owned for micro_grid in layout.micro_grids() if micro_grid.is_rural)
        self._lodgers = iter(exact_sizes(rng, farmhouses, scale.lodgers, 0, _LODGER_WEIGHTS))
        self._settled_left = settled
        self._elsewhere_left = scale.elsewhere

    def households(self, micro_grid: MicroGrid) -> list[Household]:
        """The households of one micro-grid, in the order of its doors."""
        dwellings = [OWNED] * micro_grid.owned + [RENTED] * micro_grid.rented + [DORMITORY] * micro_grid.dormitories
        self._rng.shuffle(dwellings)
        make = {OWNED: self._owner, RENTED: self._renter, DORMITORY: self._dormitory}
        return [make[dwelling](micro_grid, door) for door, dwelling in zip(doors(micro_grid), dwellings, strict=False)]

    def _owner(self, micro_grid: MicroGrid, door: str) -> Household:
        family = self._families.settled(next(self._owned))
        people = self._people(family, [self._settled_residence() for _ in family], local=True)
        if micro_grid.is_rural:
            lodgers = self._families.lodgers(next(self._lodgers), "tenant")
            people += self._people(lodgers, repeat(FLOATING), local=False)
        return Household(door, OWNED, "", "", tuple(people))

    def _renter(self, micro_grid: MicroGrid, door: str) -> Household:
        family = self._families.incoming(next(self._rented))
        landlord = self._names.family(local=True) + self._names.given("male", self._birth_year(50))
        people = self._people(family, repeat(FLOATING), local=False)
        return Household(door, RENTED, landlord, self._numbers.phone(), tuple(people))

    def _dormitory(self, micro_grid: MicroGrid, door: str) -> Household:
        roles = self._families.dormitory(next(self._dormitories))
        people = self._people(roles, repeat(FLOATING), local=False)
        return Household(door, DORMITORY, micro_grid.organisation, self._numbers.phone(), tuple(people))

    def _settled_residence(self) -> str:
        """Registered here, or elsewhere in the exact number wanted: each seat gets its fair chance of what is left."""
        elsewhere = self._random() * self._settled_left < self._elsewhere_left
        self._settled_left -= 1
        self._elsewhere_left -= elsewhere
        return ELSEWHERE if elsewhere else REGISTERED

    def _people(self, roles: Sequence[Role], residences: Iterable[str], *, local: bool) -> list[Person]:
        """Names, dates, numbers for one family. Relatives share surnames by line, and families a home county."""
        surnames: dict[str, str] = {}
        counties: dict[str, str] = {}
        people = []
        for role, residence in zip(roles, residences, strict=False):
            surname = surnames.get(role.line) or self._names.family(local=local)
            county = self._numbers.county(residence)
            if role.relation in _OF_THE_HOUSE:
                surnames.setdefault("head" if role.line == "head" else role.relation, surname)
                county = counties.setdefault(residence, county)
            elif role.relation in _MARRIED_IN:
                surnames[role.relation] = surname
            people.append(self._person(role, surname, residence, county))
        return people

    def _person(self, role: Role, surname: str, residence: str, county: str) -> Person:
        ordinal = self._today - int(role.age * 365.2425) - 1 - int(self._random() * 364)
        born_on = self._numbers.born(ordinal)
        return Person(
            surname + self._names.given(role.sex, born_on.year),
            role.sex,
            born_on,
            self._numbers.id_number(county, ordinal, role.sex),
            self._phone(role.age),
            RELATION_WORDS[role.relation][role.sex],
            residence,
        )

    def _phone(self, age: int) -> str:
        """A phone for nearly everybody grown up, for few of the very old, for no small child."""
        share = 0.0 if age < _PHONE_AGE else 0.55 if age < 18 or age > 80 else 0.97
        return self._numbers.phone() if self._random() < share else ""

    def _birth_year(self, age: int) -> int:
        return date.fromordinal(self._today).year - age


def _dormitory_sizes(rng: Random, scale: Scale) -> list[int]:
    """People behind each dormitory door: a room of up to eight, or a whole floor where the street's figures need it."""
    if scale.dormitory_floors:
        mean = scale.dormitory_people // scale.dormitories
        return exact_sizes(rng, scale.dormitories, scale.dormitory_people, mean // 2, (1,) * (mean + 2))
    return exact_sizes(rng, scale.dormitories, scale.dormitory_people, 2, (1, 2, 4, 2, 3, 1, 1))
