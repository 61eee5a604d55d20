"""From cells to clean people: the workbook by its plan, in chunks of columns.

Nothing here looks at one cell at a time without need: a chunk of lines is turned into columns, each column is cleaned
as a whole (`persons`, `doors`), and only the making of households goes from line to line (`grouping`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from itertools import islice

from households.loading import rows
from households.loading.cleaning.doors import DoorReader, Doors
from households.loading.cleaning.entries import Entries, Layout, OneALine, SideBySide
from households.loading.cleaning.grouping import Grouper, Home, Parts
from households.loading.cleaning.lines import LineSorter, Skipped
from households.loading.cleaning.number_columns import NumberReader
from households.loading.cleaning.persons import COLUMNS, PersonReader, Persons, odd_names
from households.loading.cleaning.relations import HEAD
from households.loading.fields import Field, Problem
from households.loading.files.cells import Book, Cell
from households.loading.plan import BookPlan, SheetPlan
from households.models import Household
from households.names import initials

__all__ = ["Skipped", "read_people"]


def read_people(
    book: Book,
    plan: BookPlan,
    places: list[rows.NamedPlace],
    *,
    on: date,
    tags: Mapping[str, str] | None = None,
    skipped: Skipped | None = None,
    chunk: int = rows.CHUNK,
) -> Iterator[rows.People]:
    """All people of the sheets that the plan takes, in order, up to about `chunk` lines at a time.

    `on` is today. `tags` are the codes of tags by name. The places named are appended to `places`, each once, and what
    is no line about anybody is noted in `skipped`. The file is read on as chunks are taken.
    """
    numbers = NumberReader(on)
    grouper = Grouper(places)
    noted = Skipped() if skipped is None else skipped
    for sheet in plan.registers:
        reader = _SheetReader(book, sheet, numbers, grouper, noted, on=on, tags=tags or {})
        lines = enumerate(islice(book.rows(sheet.index), sheet.data_from - 1, None), start=sheet.data_from)
        while taken := list(islice(lines, max(1, chunk // reader.members))):
            people = reader.read(taken)
            if len(people):
                yield people


class _SheetReader:
    """One sheet of the plan."""

    def __init__(
        self,
        book: Book,
        sheet: SheetPlan,
        numbers: NumberReader,
        grouper: Grouper,
        skipped: Skipped,
        *,
        on: date,
        tags: Mapping[str, str],
    ) -> None:
        headers = {column.index: column.header for column in sheet.columns}
        layout = Layout(sheet)
        self._sheet = sheet
        self._grouper = grouper
        self._skipped = skipped
        self._width = layout.width
        self._names = None if layout.is_wide else layout.first(Field.NAME)
        self._number_column = layout.first(Field.NUMBER)
        self._relation_column = layout.first(Field.RELATION)
        self._sorter = LineSorter(sheet.index, layout.everything, headers)
        self._doors = DoorReader(
            layout.household,
            headers,
            shape=sheet.shape,
            markers=sheet.markers,
            merged=book.merged(sheet.index),
            place=sheet.place,
        )
        readers = {
            member: PersonReader(columns, headers, numbers, on=on, tags=tags)
            for member, columns in layout.by_member.items()
        }
        self._members: OneALine | SideBySide = SideBySide(readers) if layout.is_wide else OneALine(readers[0])
        self.members = len(readers)
        """How many people a line can hold."""
        grouper.start_sheet(sheet.index, sheet.shape)

    def read(self, taken: list[tuple[int, list[Cell]]]) -> rows.People:
        """Clean a chunk of lines, each with its number."""
        lines, columns = self._columns(taken)
        if not lines:
            return rows.People()
        entries = self._members.read(columns, len(lines))
        persons = entries.persons
        headings = [(line, text) for sheet, line, text in self._skipped.headings if sheet == self._sheet.index]
        doors = self._doors.read(columns, lines, heads=persons.relation.count(HEAD), headings=headings)
        if entries.firsts is not None:
            doors = _spread(doors, entries)
        _name_heads(persons, doors)
        homes = self._grouper.group(_lines(persons, doors))
        _complete(homes, persons, doors)
        self._note_problems(persons, doors, homes)
        return self._people(lines, entries, homes)

    def _columns(self, taken: list[tuple[int, list[Cell]]]) -> tuple[list[int], dict[int, Sequence[Cell]]]:
        """The lines about people, by number, and their cells by column."""
        if self._names is None:
            odd: Iterable[int] = range(len(taken))
        else:
            odd = odd_names([row[self._names] if self._names < len(row) else "" for _line, row in taken])
        is_furniture = self._sorter.is_furniture
        furniture = {at for at in odd if is_furniture(self._whole(taken[at][1]), taken[at][0], self._skipped)}
        if furniture:
            taken = [entry for at, entry in enumerate(taken) if at not in furniture]
        columns: dict[int, Sequence[Cell]] = dict(enumerate(zip(*(row for _line, row in taken), strict=True)))
        for index in range(len(columns), self._width):
            columns[index] = [""] * len(taken)
        return [line for line, _row in taken], columns

    def _whole(self, row: list[Cell]) -> list[Cell]:
        return row if len(row) >= self._width else [*row, *[""] * (self._width - len(row))]

    def _note_problems(self, persons: Persons, doors: Doors, homes: Sequence[Home]) -> None:
        """What only shows when person and household are seen together."""
        problems = persons.problems
        for position, problem, column in doors.problems:
            problems[position].append((problem, column))
        for position, (name, number) in enumerate(zip(persons.name, persons.number, strict=True)):
            if number and name:
                continue
            if name and not any(problem.startswith("number") for problem, _column in problems.get(position, ())):
                problems[position].append((Problem.NUMBER_MISSING.value, self._number_column))
            elif (number or persons.phone[position]) and position not in problems:
                problems[position].append((Problem.NO_NAME.value, self._names if self._names is not None else -1))
        for position, home in enumerate(homes):
            if home.is_nowhere:
                problems[position].append((Problem.NO_HOUSEHOLD.value, -1))
            elif home.heads > 1 and persons.relation[position] == HEAD:
                problems[position].append((Problem.SEVERAL_HEADS.value, self._relation_column))

    def _people(self, lines: Sequence[int], entries: Entries, homes: list[Home]) -> rows.People:
        persons, problems = entries.persons, entries.persons.problems
        column: list[tuple[tuple[str, int], ...]] = [()] * len(persons)
        for position, found in problems.items():
            column[position] = tuple(found)
        people = rows.People(
            sheet=[self._sheet.index] * len(persons),
            line=[lines[position] for position in entries.positions],
            member=list(entries.members),
            home=[home.ordinal for home in homes],
            place=[home.place for home in homes],
            household_number=[home.number for home in homes],
            address=[home.door.address for home in homes],
            address_key=[home.door.key for home in homes],
            dwelling=[home.dwelling for home in homes],
            landlord_name=[home.landlord_name for home in homes],
            landlord_phone=[home.landlord_phone for home in homes],
            initials=list(map(initials, persons.name)),
            problems=column,
            **{name: getattr(persons, name) for name in COLUMNS},
        )
        needless = _needless(persons, homes)
        return _without(people, needless) if needless else people


def _spread(doors: Doors, entries: Entries) -> Doors:
    """The doors of people side by side: a household begins with the first of a line that has a mark or the head."""
    marked = any(doors.begins)
    spread = doors.spread(entries.positions)
    facts = zip(entries.firsts or (), spread.begins, entries.persons.relation, strict=True)
    spread.begins = [first and (begins or not marked or relation == HEAD) for first, begins, relation in facts]
    return spread


def _name_heads(persons: Persons, doors: Doors) -> None:
    """Who has the head's name, and no other number, is the head where no relation is given."""
    if not any(doors.head_name):
        return
    facts = zip(persons.name, doors.head_name, persons.number, doors.head_number, strict=True)
    for position, (name, head, number, head_number) in enumerate(facts):
        is_other = number and head_number and number != head_number
        if name and name == head and not is_other and not persons.relation[position]:
            persons.relation[position] = HEAD


def _lines(persons: Persons, doors: Doors) -> Iterator[Parts]:
    is_head = [relation == HEAD for relation in persons.relation]
    facts = (doors.area, doors.number, doors.door, doors.head_name, doors.head_number)
    return zip(*facts, persons.name, is_head, doors.begins, doors.goes_on, strict=True)


def _complete(homes: Sequence[Home], persons: Persons, doors: Doors) -> None:
    """Give the households what their lines say of dwelling and landlord; the first line that says it counts."""
    for wanted in ("dwelling", "landlord_name", "landlord_phone"):
        column = getattr(doors, wanted)
        if any(column):
            for home, value in zip(homes, column, strict=True):
                if value and not getattr(home, wanted):
                    setattr(home, wanted, value)
    for position in persons.vacant:
        if not homes[position].has_people:
            homes[position].dwelling = homes[position].dwelling or Household.Dwelling.VACANT.value


def _needless(persons: Persons, homes: Sequence[Home]) -> set[int]:
    """Lines without a person of households that have people: their address was all that they had to say."""
    return {
        position
        for position, name in enumerate(persons.name)
        if not name and homes[position].has_people and position not in persons.problems
    }


def _without(people: rows.People, positions: set[int]) -> rows.People:
    kept = [position for position in range(len(people)) if position not in positions]
    columns = {column.name: getattr(people, column.name) for column in fields(rows.People)}
    return rows.People(**{name: [column[position] for position in kept] for name, column in columns.items()})
