"""The twenty workbooks through the loader itself: what stands in the register afterwards is exactly their truth."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from grids import soundness, tree
from grids.models import Form, Kind, Unit
from grids.tree import NewUnit
from households.catalogue import load_tag_kinds
from households.loading import runs
from households.loading.cleaning.addresses import key_of
from households.loading.placing.named_places import can_be_added
from households.loading.workbooks.error_workbook import name_of_errors
from households.models import Household, RegisterChange, RegisterLoad, Resident
from households.versions import version_of
from tests.households.test_twenty_workbooks import HOME_FIELDS, TWENTY, sent
from tests.households.workbooks.cast import Home, Person, Sent
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 9, 1, tzinfo=UTC)
CODED = ("天目社区", "330206002001", 5)
"""The community, its code, and how many micro-grids its first grid has: `a_hundred_columns` names one by its code."""
UNNAMED = ("坝头社区", "坝头网格", "坝头片区")
"""The community, grid and micro-grid of whatever a file leaves unsaid: named like nothing else, so nothing finds it."""
REFUSED_COLOUR = "FFFFC7CE"
FACTS = ("name", "number", "document", "phone", "sex", "born_on", "relation", "residence", "moved_in_on", "tags")
"""What is compared of a person, as far as the file says it."""

type Place = tuple[str, str, str]


def place_of(home: Home) -> Place:
    """Where the truth puts a home."""
    if home.micro_grid.isdecimal():
        return CODED[0], "1网格", f"{int(home.micro_grid[-3:])}微网格"
    said = home.community, home.grid, home.micro_grid
    return said[0] or UNNAMED[0], said[1] or UNNAMED[1], said[2] or UNNAMED[2]


def is_left_out(place: Place) -> bool:
    """Named in full by the file and yet not in the tree: the load is to add it."""
    return place[0] != CODED[0] and not set(UNNAMED) & set(place)


@pytest.fixture
def street(world: World, name: str) -> Iterator[Unit]:
    """A street with the places of one workbook. Its tree is sound afterwards."""
    street = tree.add_street(world.district, name="戚家山街道", code="330206002", actor=None, reason="cast", at=AT)
    coded = [(CODED[0], "1网格", f"{number}微网格") for number in range(1, CODED[2] + 1)]
    rows: dict[tuple[str, ...], NewUnit] = {}
    for place in dict.fromkeys((*coded, *map(place_of, sent(name).homes))):
        code = CODED[1] if place[0] == CODED[0] else ""
        community = NewUnit(street, Kind.COMMUNITY, place[0], form=Form.RESIDENTS, code=code)
        grid = NewUnit(rows.setdefault(place[:1], community), Kind.GRID, place[1])
        parent = rows.setdefault(place[:2], grid)
        if not is_left_out(place):
            rows[place] = NewUnit(parent, Kind.MICRO_GRID, place[2], form=Form.BUILDING)
    tree.add_units_in_bulk(street, rows.values(), actor=None, reason="cast", at=AT)
    load_tag_kinds()
    yield street
    assert soundness.findings() == []


# -- what a user does ------------------------------------------------------------------------------------------------
def previewed(name: str, content: bytes, told: Sent, street: Unit) -> RegisterLoad:
    """Sent, read, corrected by hand as the workbook says, every place answered that is open."""
    load = read(runs.receive(BytesIO(content), name=name, actor=None, scope=street, at=AT, by_worker=False))
    for sheet, column, field in told.corrections:
        corrected = runs.correct(load, actor=None, sheets={sheet: {"columns": {column: field}}}, at=AT, by_worker=False)
        load = read(corrected) if corrected.state == RegisterLoad.State.READING else corrected
    if runs.open_places(load).exists():
        load = read(with_places_said(load, street))
    assert not runs.open_places(load).exists()
    return load


def read(load: RegisterLoad) -> RegisterLoad:
    done = runs.read(load.pk, at=AT)
    assert done is not None
    assert done.state == RegisterLoad.State.READY, done.refusal
    return done


def with_places_said(load: RegisterLoad, street: Unit) -> RegisterLoad:
    """Added where the file says enough for that; otherwise the one micro-grid of the community that it names."""
    add, units = [], {}
    for row in runs.open_places(load):
        if can_be_added(row):
            add.append(row.index)
        else:
            units[row.index] = Unit.objects.get(
                street=street, kind=Kind.MICRO_GRID, community__name=row.community or UNNAMED[0]
            )
    return runs.say_places(load, actor=None, units=units, add=add, at=AT, by_worker=False)


def applied(load: RegisterLoad) -> RegisterLoad:
    runs.confirm(load, actor=None, at=AT, by_worker=False)
    done = runs.apply(load.pk, at=AT)
    assert done is not None
    assert done.state == RegisterLoad.State.APPLIED, done.refusal
    return done


# -- what comes of it ------------------------------------------------------------------------------------------------
type Told = list[tuple[Any, ...]]


def truth(told: Sent, *, mended: bool = False) -> Told:
    """Every home with its door, place and people; who is refused is missing until it is `mended`, and so are homes
    where nobody else lives."""
    return sorted(
        (
            *(key_of(home.door), place_of(home), home.dwelling or "owned", home.landlord_name, home.landlord_phone),
            sorted(facts(person, told.compared) for person in home.members if mended or not person.refused),
        )
        for home in told.homes
        if mended or any(not person.refused for person in home.members)
    )


def facts(person: Person, compared: frozenset[str]) -> list[str]:
    said = {field: getattr(person, field) for field in compared - HOME_FIELDS}
    said |= {"residence": person.residence or "registered", "tags": sorted(person.tags)}
    return [str(said.get(field, "")) for field in FACTS]


def held(street: Unit, told: Sent) -> Told:
    """The same of the register. Numbers are opened; what the file doesn't say isn't looked at."""
    homes = Household.objects.filter(unit__street=street).select_related(
        "unit__community", "unit__grid", "unit__micro_grid"
    )
    return sorted(
        (
            *(home.address_key, line_of(home.unit), home.dwelling, home.landlord_name, home.landlord_phone),
            sorted(facts_held(person, told.compared) for person in home.residents.prefetch_related("tags__kind")),
        )
        for home in homes
    )


def line_of(unit: Unit) -> Place:
    assert unit.community
    assert unit.grid
    assert unit.micro_grid
    return unit.community.name, unit.grid.name, unit.micro_grid.name


def facts_held(person: Resident, compared: frozenset[str]) -> list[str]:
    known = {field: getattr(person, field, "") for field in compared - HOME_FIELDS - {"number", "tags"}}
    known |= {"residence": person.residence, "tags": sorted(tag.kind.code for tag in person.tags.all())}
    known |= {"number": person.document_number} if "number" in compared else {}
    return [str(known.get(field, "")) for field in FACTS]


@pytest.mark.parametrize("name", TWENTY)
def test_the_register_holds_what_the_file_says_and_a_second_load_writes_nothing(name: str, street: Unit) -> None:
    told = sent(name)
    applied(previewed(told.name, told.content, told, street))
    assert held(street, told) == truth(told)
    version = version_of(street.pk)
    again = previewed(told.name, told.content, told, street)
    assert not any(again.counts.get(verdict) for verdict in ("new", "changed", "moved", "doubtful"))
    if again.counts["unchanged"]:
        applied(again)
    assert not RegisterChange.objects.exists()
    assert version_of(street.pk) == version


def refused(told: Sent) -> list[Person]:
    return [person for home in told.homes for person in home.members if person.refused]


def mended(workbook: bytes, told: Sent) -> bytes:
    """The right number typed into every coloured cell; nothing else is touched."""
    numbers = {person.name: person.number for person in refused(told)}
    book = openpyxl.load_workbook(BytesIO(workbook))
    for sheet in book:
        for line in sheet.iter_rows():
            wrong = [cell for cell in line if cell.fill.fgColor.rgb == REFUSED_COLOUR]
            for cell in wrong:
                assert cell.comment
                cell.value = next(numbers[other.value] for other in line if other.value in numbers)
    book.save(out := BytesIO())
    return out.getvalue()


@pytest.mark.parametrize("name", [name for name in TWENTY if refused(sent(name))])
def test_its_error_workbook_loads_as_it_is_once_mended(name: str, street: Unit) -> None:
    told = sent(name)
    load = applied(previewed(told.name, told.content, told, street))
    out = BytesIO()
    assert runs.write_error_workbook(load, out, actor=None, language="zh-hans") == len(refused(told))
    applied(previewed(name_of_errors(told.name), mended(out.getvalue(), told), told, street))
    assert held(street, told) == truth(told, mended=True)
