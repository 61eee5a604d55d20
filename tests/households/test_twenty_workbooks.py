"""Twenty workbooks as different as real ones: each gives exactly its people, homes and places."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from households.loading.cleaning.addresses import key_of
from households.loading.cleaning.people import read_people
from households.loading.fields import SEVERITY, Problem, Severity
from households.loading.files.reading import Book, open_book
from households.loading.plan import BookPlan
from households.loading.recognition.corrections import correct
from households.loading.recognition.layouts import template_of
from households.loading.recognition.recognising import recognise
from households.loading.rows import NO_PLACE, NamedPlace, People
from households.loading.workbooks.error_workbook import name_of_errors, write_errors
from tests.households.workbooks import TWENTY
from tests.households.workbooks.cast import Home, Person, Sent

TODAY = date(2026, 3, 9)
TAGS = {"独居老人": "elderly_alone", "残疾人": "disabled", "残疾": "disabled", "低保": "minimum_living"}
MOST_CORRECTIONS = 2
KEPT = ("household_number", "address_key", "dwelling", "landlord_name", "phone", "sex", "relation", "residence", "tags")
HOME_FIELDS = {"dwelling", "landlord_name", "landlord_phone"}


@cache
def sent(name: str) -> Sent:
    return TWENTY[name]()


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """Where the workbooks lie, each under its name here."""
    folder = tmp_path_factory.mktemp("twenty")
    for name in TWENTY:
        (folder / name).write_bytes(sent(name).content)
    return folder


@cache
def load(file: Path) -> tuple[list[People], list[NamedPlace]]:
    """Recognised, corrected by hand as the workbook says, and read."""
    places: list[NamedPlace] = []
    with open_book(file, sent(file.name).name) as book:
        return list(read_people(book, plan_of(book, sent(file.name)), places, on=TODAY, tags=TAGS)), places


def plan_of(book: Book, told: Sent) -> BookPlan:
    plan = recognise(book, told.name)
    for sheet, column, field in told.corrections:
        plan = correct(plan, sheet=sheet, columns={column: field})
    return plan


def refusals(chunk: People, at: int) -> Iterator[str]:
    return (problem for problem, _column in chunk.problems[at] if SEVERITY[problem] == Severity.REFUSED)


def found(chunks: Iterable[People], fields: frozenset[str]) -> dict[int, list[dict]]:
    """The people by household, reduced to what is compared."""
    homes: dict[int, list[dict]] = defaultdict(list)
    for chunk in chunks:
        chunk.check()
        for at in range(len(chunk)):
            refused = "".join(refusals(chunk, at))
            entry = {"name": chunk.name[at], "refused": refused}
            if not refused:
                entry |= {field: getattr(chunk, field)[at] for field in fields}
            homes[chunk.home[at]].append(entry)
    return homes


def expected(home: Home, person: Person, fields: frozenset[str]) -> dict:
    entry = {"name": person.name, "refused": person.refused}
    if not person.refused:
        entry |= {field: getattr(home if field in HOME_FIELDS else person, field) for field in fields}
    return entry


@pytest.mark.parametrize("name", TWENTY)
def test_people_and_households_are_exactly_those_of_the_file(name, files):
    told = sent(name)
    chunks, _places = load(files / name)
    homes = list(found(chunks, told.compared).values())
    assert homes == [[expected(home, person, told.compared) for person in home.members] for home in told.homes]


@pytest.mark.parametrize("name", TWENTY)
def test_every_home_has_its_door_and_place(name, files):
    told = sent(name)
    chunks, places = load(files / name)
    doors = {}
    for chunk in chunks:
        for at, home in enumerate(chunk.home):
            place = places[chunk.place[at]] if chunk.place[at] != NO_PLACE else NamedPlace()
            doors[home] = (chunk.address_key[at], place[:3])
    wanted = [(key_of(home.door), (home.community, home.grid, home.micro_grid)) for home in told.homes]
    assert list(doors.values()) == wanted


def test_nobody_has_to_correct_more_than_two_columns():
    assert len(TWENTY) == 20
    assert all(len(sent(name).corrections) <= MOST_CORRECTIONS for name in TWENTY)


def entries(chunks: Iterable[People], places: list[NamedPlace]) -> dict[tuple[str, str], tuple]:
    """Everything a load takes of each person, and of the home, by name and number."""
    told = {}
    for chunk in chunks:
        for at, name in enumerate(chunk.name):
            place = places[chunk.place[at]] if chunk.place[at] != NO_PLACE else NamedPlace()
            facts = [getattr(chunk, field)[at] for field in KEPT]
            told[name, chunk.number[at] or str(chunk.born_on[at])] = (*facts, place[:3], list(refusals(chunk, at)))
    return told


@pytest.mark.parametrize("step", [3, 1000])
@pytest.mark.parametrize("name", TWENTY)
def test_its_error_workbook_loads_as_it_is_once_mended(name, step, files, tmp_path):
    """Every third person is sent back, or one alone. Nothing needs mending, so the same facts must come out."""
    told = sent(name)
    errors = tmp_path / "errors"
    chunks, places = load(files / name)
    marks: dict[int, dict[int, list]] = defaultdict(dict)
    back = set()
    for chunk in chunks:
        for at in range(1, len(chunk), step):
            marks[chunk.sheet[at]][chunk.line[at]] = [(Problem.SAME_PERSON, -1)]
            back.add((chunk.name[at], chunk.number[at] or str(chunk.born_on[at])))
    with open_book(files / name, told.name) as book:
        plan = plan_of(book, told)
        known = {sheet.layout: template_of(sheet) for sheet in plan.registers if told.corrections}
        write_errors(book, plan, marks, errors, language="zh-hans")
    called, again = name_of_errors(told.name), []
    with open_book(errors, called) as book:
        new_plan = recognise(book, called, known=known)
        again_places: list[NamedPlace] = []
        again = list(read_people(book, new_plan, again_places, on=TODAY, tags=TAGS))
    before, after = entries(chunks, places), entries(again, again_places)
    assert back <= set(after)
    assert after == {key: before[key] for key in after}
