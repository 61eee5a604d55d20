"""The numbers of every unit, always computed from the register, never typed.

One pass over a street counts all its micro-grids at once; what stands above them is added up from these. A pass over
217,000 residents takes a third of a second, so its result waits in the cache under the street's version
(`households.versions`): whatever changes the register changes the version, and the next reader counts anew. What the
cache holds are numbers alone. Ages and moves depend on the day, so the day is part of the key, too.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

import clock
from grids.models import Kind, Unit
from grids.rules import OWN_COLUMN
from households.living import holding, living, present
from households.models import Household, Organisation, Resident, ResidentTag, Resource, StreetRegister
from households.registers.areas import Area, within
from households.rules import years_before

KEPT_SECONDS = 24 * 3600
ADULT = 18
_MICRO = "household__unit__micro_grid"
_Residence = Resident.Residence


@dataclass(slots=True)
class Figures:
    """What there is in one unit and below it."""

    households: int = 0
    vacant: int = 0
    empty: int = 0
    """Households with nobody living in them that aren't marked as vacant."""
    residents: int = 0
    registered: int = 0
    elsewhere: int = 0
    floating: int = 0
    hmt: int = 0
    foreign: int = 0
    over_60: int = 0
    over_65: int = 0
    over_80: int = 0
    minors: int = 0
    key_people: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    """Live tags by the code of their kind; the sensitive kinds too, for a number names nobody."""
    without_phone: int = 0
    without_birth_date: int = 0
    odd_number: int = 0
    in_two_households: int = 0
    """People whose document number lives behind another door as well, here or in another street. What changes in the
    other street is seen when this one changes, or the next day."""


COUNTED = tuple(each.name for each in fields(Figures) if each.name != "by_kind")
Counted = tuple[tuple[int, ...], dict[str, int]]
"""The figures of a micro-grid as they lie in the cache: the counts in the order of `COUNTED`, and `by_kind`."""


def figures_of(area: Area, *, on: date | None = None) -> Figures:
    """The figures of one unit, or of the whole district."""
    on = on or clock.today()
    return _total(list(_counted_in(area, on).values()))


def figures_of_all(units: Sequence[Unit], *, on: date | None = None) -> dict[int, Figures]:
    """The figures of many units at once, say of all children of one, by their keys. Doors have none."""
    on = on or clock.today()
    parts: dict[int, list[Counted]] = {unit.pk: [] for unit in units}
    for street_id in {unit.street_id for unit in units if unit.street_id}:
        here = [unit for unit in units if unit.street_id == street_id]
        _share_out(_street(street_id, on), here, parts)
    return {pk: _total(counted) for pk, counted in parts.items()}


def micro_grids_with(name: str, area: Area, *, on: date) -> list[int]:
    """The keys of the micro-grids of the area that count any `name`: where to look for the rows behind a number."""
    at = COUNTED.index(name)
    return [pk for pk, (counts, _by_kind) in _counted_in(area, on).items() if counts[at]]


@dataclass(frozen=True, slots=True)
class Assets:
    """What else there is in a unit: few rows, so they are counted as they stand."""

    organisations: int
    key_organisations: int
    resources: int


def assets_of(area: Area, *, on: date | None = None) -> Assets:
    on = on or clock.today()
    organisations = Organisation.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on), within(area))
    counted = organisations.aggregate(all=Count("pk"), key=Count("pk", filter=Q(is_key=True)))
    at_hand = Resource.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), within(area))
    return Assets(counted["all"], counted["key"], at_hand.count())


# -- One street ----------------------------------------------------------------------------------------------------
def _street(street_id: int, on: date) -> dict[int, Counted]:
    """What all micro-grids of a street count, by their keys: from the cache while the version is the same."""
    known = StreetRegister.objects.filter(pk=street_id).values_list("version", "changed_at").first()
    # The moment too: a version that was rolled back comes again, with other rows.
    version = f"{known[0]}.{known[1].timestamp()}" if known else "0"
    key = f"figures:{street_id}:{version}:{on}"
    kept: dict[int, Counted] | None = cache.get(key)
    if kept is None:
        kept = {pk: (_counts(figures), figures.by_kind) for pk, figures in _count(street_id, on).items()}
        cache.set(key, kept, KEPT_SECONDS)
    return kept


_counts = attrgetter(*COUNTED)


def _count(street_id: int, on: date) -> dict[int, Figures]:
    counted: dict[int, Figures] = defaultdict(Figures)
    people = Resident.objects.filter(living(on), household__unit__street=street_id)
    _gather(counted, people.values(_MICRO).annotate(**_people_counts(on)))
    homes = Household.objects.filter(unit__street=street_id, unit__retired_at=None)
    _gather(counted, homes.values("unit__micro_grid").annotate(**_home_counts(on)))
    doubled = twice(people, on).order_by().values_list(_MICRO)
    for pk, count in doubled.annotate(Count("pk")):
        counted[pk].in_two_households = count
    _count_tags(counted, street_id, on)
    return dict(counted)


def _people_counts(on: date) -> dict[str, Count]:
    def born_by(years: int) -> Q:
        return Q(born_on__lte=years_before(on, years))

    wanted = {kind.value: Q(residence=kind) for kind in _Residence}
    wanted |= {f"over_{age}": born_by(age) for age in (60, 65, 80)}
    wanted["minors"] = Q(born_on__gt=years_before(on, ADULT))
    wanted |= PERSON_PROBLEMS
    return {"residents": Count("pk"), **{name: Count("pk", filter=where) for name, where in wanted.items()}}


PERSON_PROBLEMS = {
    "without_phone": Q(phone_fingerprint=""),
    "without_birth_date": Q(born_on=None),
    "odd_number": Q(number_check__in=[Resident.NumberCheck.INVALID, Resident.NumberCheck.OLD]),
}
"""What the data quality page finds in one person's row alone."""


def empty_homes(homes: QuerySet[Household], on: date) -> QuerySet[Household]:
    """Households with nobody living in them that aren't marked as vacant."""
    here = Resident.objects.filter(present(on), household=OuterRef("pk"))
    return homes.filter(~Exists(here)).exclude(dwelling=Household.Dwelling.VACANT)


def twice(people: QuerySet[Resident], on: date) -> QuerySet[Resident]:
    """Those of the people whose document number belongs to somebody behind another door, too."""
    other = Resident.objects.filter(present(on), ~Q(document_fingerprint=""), ~Q(household=OuterRef("household")))
    known = people.exclude(document_fingerprint="")
    return known.filter(Exists(other.filter(document_fingerprint=OuterRef("document_fingerprint"))))


def _home_counts(on: date) -> dict[str, Count]:
    somebody = Exists(Resident.objects.filter(present(on), household=OuterRef("pk")))
    vacant = Q(dwelling=Household.Dwelling.VACANT)
    return {
        "households": Count("pk"),
        "vacant": Count("pk", filter=vacant),
        "empty": Count("pk", filter=~vacant & ~Q(somebody)),
    }


def _gather(counted: dict[int, Figures], rows: Iterable[Mapping[str, Any]]) -> None:
    """Lay grouped rows (first the micro-grid, then counts by name) into the figures."""
    for row in rows:
        (_name, micro), *counts = row.items()
        for name, count in counts:
            setattr(counted[micro], name, count)


def _count_tags(counted: dict[int, Figures], street_id: int, on: date) -> None:
    here = living(on, at="resident__") & Q(resident__household__unit__street=street_id)
    tags = ResidentTag.objects.filter(holding(on), here).order_by()
    micro = f"resident__{_MICRO}"
    for pk, code, count in tags.values_list(micro, "kind__code").annotate(Count("pk")):
        counted[pk].by_kind[code] = count
    for pk, count in tags.values_list(micro).annotate(Count("resident", distinct=True)):
        counted[pk].key_people = count


def _counted_in(area: Area, on: date) -> dict[int, Counted]:
    """What the micro-grids of an area count, by their keys."""
    if area is not None and area.street_id and area.kind != Kind.STREET:
        counted = _street(area.street_id, on)
        return {pk: counted[pk] for pk in _micro_grids(area, counted)}
    return {pk: counts for street_id in _streets(area) for pk, counts in _street(street_id, on).items()}


# -- Adding up -----------------------------------------------------------------------------------------------------
def _streets(area: Area) -> list[int]:
    if area is not None:
        return [area.street_id] if area.street_id else []
    return list(Unit.objects.filter(kind=Kind.STREET).values_list("pk", flat=True))


def _micro_grids(area: Unit, counted: Container[int]) -> list[int]:
    if area.kind == Kind.HOUSEHOLD:
        return []
    inside = [area.pk]
    if area.kind != Kind.MICRO_GRID:
        inside = list(Unit.objects.filter(within(area, ""), kind=Kind.MICRO_GRID).values_list("pk", flat=True))
    return [pk for pk in inside if pk in counted]


def _share_out(counted: dict[int, Counted], units: Iterable[Unit], parts: dict[int, list[Counted]]) -> None:
    """Give what each micro-grid counts to those of `units` that it is or lies in."""
    spans = [(unit.lft, unit.rght, unit.pk) for unit in units if unit.kind == Kind.AREA]
    rows = Unit.objects.filter(pk__in=counted).values_list("pk", "lft", *OWN_COLUMN.values())
    for pk, lft, *line in rows:
        for unit_id in {*line, *(area for left, right, area in spans if left < lft < right)}:
            if unit_id in parts:
                parts[unit_id].append(counted[pk])


def _total(counted: Sequence[Counted]) -> Figures:
    columns = zip(*(counts for counts, _by_kind in counted), strict=True)
    by_kind: Counter[str] = Counter()
    for _counts, kinds in counted:
        by_kind.update(kinds)
    return Figures(**dict(zip(COUNTED, map(sum, columns), strict=False)), by_kind=dict(by_kind))
