"""What a sheet says of its people, column by column.

A value that many people share (a relation, a kind of residence, a birth date) is cleaned once and looked up from then
on. Names, numbers and telephones are nearly all different and nearly all right: a quick test lets those through, and
only the others go the careful way.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial
from operator import add
from typing import Any, Self

from households.loading.cleaning.cleaned_columns import Column
from households.loading.cleaning.dates import CleanDate, clean_date
from households.loading.cleaning.number_columns import NumberReader
from households.loading.cleaning.people_names import NOT_NAMES, VACANT, clean_name
from households.loading.cleaning.phones import clean_phone
from households.loading.cleaning.relations import BY_SEX
from households.loading.cleaning.texts import NOTHING
from households.loading.cleaning.values import (
    LONGEST_NOTE,
    clean_document,
    clean_note,
    clean_relation,
    clean_residence,
    clean_sex,
    clean_tags,
)
from households.loading.fields import Field, Problem
from households.loading.files.cells import Cell
from households.models import Resident

_NEVER_PLAIN = NOT_NAMES | VACANT | NOTHING
_ENDINGS_OF_PLACES = frozenset("组幢栋队格楼村")
_MOBILE = re.compile(r"1[3-9][0-9]{9}").fullmatch


@dataclass(slots=True)
class Persons:
    """Columns of `rows.People` that are about the person. `problems` by position, each with its column."""

    name: list[str]
    document: list[str]
    number: list[str]
    number_check: list[str]
    phone: list[str]
    sex: list[str]
    born_on: list[date | None]
    relation: list[str]
    residence: list[str]
    moved_in_on: list[date | None]
    moved_out_on: list[date | None]
    tags: list[tuple[str, ...]]
    note: list[str]
    vacant: set[int] = field(default_factory=set)
    """Positions whose name says that nobody lives there."""
    problems: dict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def blank(cls, count: int) -> Self:
        """Nothing known of anybody."""
        texts = ([""] * count for _number in range(8))
        name, number, number_check, phone, sex, relation, residence, note = texts
        document = [Resident.Document.ID_CARD.value] * count
        days: list[list[date | None]] = [[None] * count for _number in range(3)]
        tags: list[tuple[str, ...]] = [()] * count
        return cls(
            name, document, number, number_check, phone, sex, days[0], relation, residence, days[1], days[2], tags, note
        )

    @classmethod
    def joined(cls, blocks: Iterable["Persons"]) -> Self:
        """All of them, block after block."""
        whole = cls.blank(0)
        for block in blocks:
            offset = len(whole)
            for column in COLUMNS:
                getattr(whole, column).extend(getattr(block, column))
            whole.vacant |= {offset + position for position in block.vacant}
            whole.problems.update({offset + position: found for position, found in block.problems.items()})
        return whole

    def taken(self, order: Sequence[int]) -> Self:
        """Those at these positions, in this order."""
        chosen = self.blank(0)
        for column in COLUMNS:
            values = getattr(self, column)
            setattr(chosen, column, [values[at] for at in order])
        chosen.vacant = {new for new, at in enumerate(order) if at in self.vacant}
        chosen.problems.update({new: self.problems[at] for new, at in enumerate(order) if at in self.problems})
        return chosen

    def __len__(self) -> int:
        return len(self.name)


COLUMNS = tuple(column.name for column in fields(Persons) if column.name not in ("vacant", "problems"))


class PersonReader:
    """Cleans the columns of one person a line: those of a sheet, or of one member of a sheet with members side by side.

    `columns` says where each field stands; tags and notes may have several. `headers` are the words over the columns.
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[int]],
        headers: Mapping[int, str],
        numbers: NumberReader,
        *,
        on: date,
        tags: Mapping[str, str],
    ) -> None:
        self._columns = columns
        self._numbers = numbers
        self._on = on
        self._sexes: Column[str] = Column(clean_sex)
        self._relations: Column[str] = Column(clean_relation)
        self._residences: Column[str] = Column(
            partial(clean_residence, header=headers.get(self.index(Field.RESIDENCE), ""))
        )
        self._documents: Column[str] = Column(clean_document)
        self._dates: Column[date | None] = Column(self._clean_date)
        self._rough_dates: set[Cell] = set()
        self._tags: dict[int, Column[tuple[str, ...]]] = {
            index: Column(partial(clean_tags, kinds=tags, header=headers.get(index, "")))
            for index in columns.get(Field.TAGS, ())
        }

    @property
    def indexes(self) -> set[int]:
        """All columns that are read."""
        return {index for indexes in self._columns.values() for index in indexes}

    def index(self, wanted: str) -> int:
        """The column of a field, -1 without one."""
        indexes = self._columns.get(wanted)
        return indexes[0] if indexes else -1

    def read(self, columns: Mapping[int, Sequence[Cell]], count: int) -> Persons:
        """Clean the columns of a chunk of `count` lines."""
        persons = Persons.blank(count)
        self._read_numbers(persons, columns)
        self._read_shared(persons, columns)
        for index in self._columns.get(Field.NOTE, ()):
            for position, cell in enumerate(columns[index]):
                if cell != "":
                    _add_note(persons, position, clean_note(cell))
        if (index := self.index(Field.NAME)) >= 0:
            _read_names(persons, columns[index], index)
        if (index := self.index(Field.PHONE)) >= 0:
            _read_phones(persons, as_texts(columns[index]), index)
        _say_relations_by_sex(persons)
        return persons

    def _read_numbers(self, persons: Persons, columns: Mapping[int, Sequence[Cell]]) -> None:
        index, kinds = self.index(Field.NUMBER), self.index(Field.DOCUMENT)
        if index < 0:
            return
        documents = self._documents.read(columns[kinds]) if kinds >= 0 else None
        numbers = self._numbers.read(columns[index], documents)
        persons.document, persons.number, persons.number_check = numbers.document, numbers.number, numbers.check
        persons.sex, persons.born_on = numbers.sex, numbers.born_on
        for position, problems in numbers.problems.items():
            persons.problems[position] += [(problem, index) for problem in problems]

    def _read_shared(self, persons: Persons, columns: Mapping[int, Sequence[Cell]]) -> None:
        """The columns whose values many people share."""
        if (index := self.index(Field.SEX)) >= 0:
            self._read_sexes(persons, columns[index], index)
        if (index := self.index(Field.BORN_ON)) >= 0:
            self._read_births(persons, columns[index], index)
        if (index := self.index(Field.RELATION)) >= 0:
            persons.relation = _looked_up(persons, self._relations, columns[index], index)
        if (index := self.index(Field.RESIDENCE)) >= 0:
            persons.residence = _looked_up(persons, self._residences, columns[index], index)
        if (index := self.index(Field.MOVED_IN_ON)) >= 0:
            persons.moved_in_on = _looked_up(persons, self._dates, columns[index], index)
        if (index := self.index(Field.MOVED_OUT_ON)) >= 0:
            persons.moved_out_on = _looked_up(persons, self._dates, columns[index], index)
        for index, column in self._tags.items():
            found = _looked_up(persons, column, columns[index], index)
            persons.tags = list(map(add, persons.tags, found)) if any(persons.tags) else found

    def _read_sexes(self, persons: Persons, cells: Sequence[Cell], index: int) -> None:
        by_number = persons.sex
        written = self._sexes.read(cells)
        persons.sex = [known or said for known, said in zip(by_number, written, strict=True)]
        _mark_silent(persons, self._sexes.wrong(cells), by_number, index)
        for position, (known, said) in enumerate(zip(by_number, written, strict=True)):
            if known != said and known and said:
                persons.problems[position].append((Problem.SEX_DIFFERS.value, index))

    def _read_births(self, persons: Persons, cells: Sequence[Cell], index: int) -> None:
        by_number = persons.born_on
        written = self._dates.read(cells)
        persons.born_on = [known or said for known, said in zip(by_number, written, strict=True)]
        _mark_silent(persons, self._dates.wrong(cells), by_number, index)
        for position, (known, said) in enumerate(zip(by_number, written, strict=True)):
            if known != said and known and said and not self._fits_roughly(cells[position], known, said):
                persons.problems[position].append((Problem.BORN_DIFFERS.value, index))

    def _fits_roughly(self, cell: Cell, known: date, said: date) -> bool:
        return cell in self._rough_dates and (known.year, known.month) == (said.year, said.month)

    def _clean_date(self, cell: Cell) -> CleanDate:
        cleaned = clean_date(cell, on=self._on)
        if cleaned.is_rough:
            self._rough_dates.add(cell)
        return cleaned


def as_texts(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The same cells, whole numbers as text: telephones are number cells as often as not."""
    if float not in set(map(type, cells)):
        return cells
    return [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell for cell in cells]


def odd_names(cells: Sequence[Any]) -> list[int]:
    """The positions of names that aren't simply two or three characters, and so need a closer look."""
    return [
        position
        for position, cell in enumerate(cells)
        if cell.__class__ is not str
        or not 2 <= len(cell) <= 3
        or not cell.isalpha()
        or cell[-1] in _ENDINGS_OF_PLACES
        or cell in _NEVER_PLAIN
    ]


def _read_names(persons: Persons, cells: Sequence[Cell], index: int) -> None:
    names: list[Any] = list(cells)  # those that aren't plain are replaced below
    persons.name = names
    for position in odd_names(cells):
        cleaned = clean_name(cells[position])
        names[position] = cleaned.name
        if cleaned.problem:
            persons.problems[position].append((cleaned.problem, index))
        if cleaned.relation and not persons.relation[position]:
            persons.relation[position] = cleaned.relation
        if cleaned.is_vacant:
            persons.vacant.add(position)
        _add_note(persons, position, cleaned.note)


def _read_phones(persons: Persons, cells: Sequence[Cell], index: int) -> None:
    phones: list[Any] = list(cells)  # those that aren't plain are replaced below
    persons.phone = phones
    for position, cell in enumerate(cells):
        if cell.__class__ is str and (not cell or _MOBILE(cell)):
            continue
        cleaned = clean_phone(cell)
        phones[position] = cleaned.number
        if cleaned.problem:
            persons.problems[position].append((cleaned.problem, index))
        if cleaned.others:
            persons.problems[position].append((Problem.PHONE_SECOND.value, index))


def _looked_up[Value](persons: Persons, column: Column[Value], cells: Sequence[Cell], index: int) -> list[Value]:
    values = column.read(cells)
    for position, problem in column.wrong(cells):
        persons.problems[position].append((problem, index))
    return values


def _mark_silent(persons: Persons, wrong: list[tuple[int, str]], by_number: Sequence[object], index: int) -> None:
    """Mark what can't be read, unless the number says it anyway."""
    for position, problem in wrong:
        if not by_number[position]:
            persons.problems[position].append((problem, index))


def _add_note(persons: Persons, position: int, note: str) -> None:
    if note:
        known = persons.note[position]
        persons.note[position] = (f"{known}；{note}" if known else note)[:LONGEST_NOTE]


def _say_relations_by_sex(persons: Persons) -> None:
    """子女 is 子 for a son and 女 for a daughter, as far as the sex is known."""
    if BY_SEX.keys().isdisjoint(persons.relation):
        return
    for position, relation in enumerate(persons.relation):
        if relation in BY_SEX and (sex := persons.sex[position]):
            persons.relation[position] = BY_SEX[relation][sex == Resident.Sex.FEMALE]
