"""What the lines of a sheet say of the household: place, number, address, head, dwelling, landlord.

A blank cell can mean what stands above it: in merged cells, behind 同上, and in columns that are written once for all
lines that follow. Such blanks are filled here, so that each line stands by itself.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import NamedTuple, Self

from households.loading.cleaning.addresses import LONGEST, clean_address, join, key_of
from households.loading.cleaning.cleaned_columns import Column
from households.loading.cleaning.identity import check_number, renewed
from households.loading.cleaning.people_names import clean_name
from households.loading.cleaning.phones import clean_phone
from households.loading.cleaning.texts import DITTO, is_ditto, is_formula_error, value_of
from households.loading.cleaning.values import CleanValue, clean_code, clean_dwelling
from households.loading.fields import Field, Problem
from households.loading.files.cells import Cell, Merged
from households.loading.plan import Shape
from households.models import Resident

LONGEST_NAME = 60
_BUILDING = re.compile(r"[^\d\-~—–至到]*(?:\d{1,4}|[A-Za-z]|[一二三四五六七八九十]{1,3})\s*(?:号楼|#楼?|[幢栋座])")

type Area = tuple[str, str, str]
"""Community, grid and micro-grid as the file names them."""

_PLACES = (Field.COMMUNITY, Field.GRID, Field.MICRO_GRID)
_ADDRESS = (Field.ADDRESS, Field.BUILDING, Field.STAIRWELL, Field.ROOM)
_MARKS = (Field.HOUSEHOLD_NUMBER, Field.HEAD_NUMBER, Field.HEAD_NAME, Field.ADDRESS, Field.ROOM)
_MARKED = frozenset({Shape.MERGED, Shape.FIRST_LINE, Shape.WIDE})
_BELOW_EACH_OTHER = frozenset({Shape.MERGED, Shape.FIRST_LINE, Shape.HEAD_FIRST})


class Door(NamedTuple):
    """An address and its key (`addresses.key_of`)."""

    address: str = ""
    key: str = ""


NO_DOOR = Door()


class _CleanDoor(NamedTuple):
    value: Door
    problem: str = ""


@dataclass(slots=True)
class Doors:
    """One entry a line, in columns. `begins` and `goes_on`: whether a household begins there by the marks of the sheet,
    and whether a merged cell says that the one above goes on."""

    area: list[Area]
    number: list[str]
    door: list[Door]
    head_name: list[str]
    head_number: list[str]
    dwelling: list[str]
    landlord_name: list[str]
    landlord_phone: list[str]
    begins: list[bool]
    goes_on: list[bool]
    problems: list[tuple[int, str, int]] = field(default_factory=list)
    """Position, problem, column."""

    def spread(self, positions: Sequence[int]) -> Self:
        """One entry a person where lines hold several: `positions` are their lines."""
        columns = {column.name: getattr(self, column.name) for column in fields(self) if column.name != "problems"}
        first_of = {position: entry for entry, position in reversed(list(enumerate(positions)))}
        problems = [(first_of[at], problem, column) for at, problem, column in self.problems]
        spread = {name: [column[at] for at in positions] for name, column in columns.items()}
        return type(self)(**spread, problems=problems)


class DoorReader:
    """Reads the household's columns of one sheet, chunk after chunk.

    `columns` says where each field stands, `markers` the columns whose cell begins a household (`plan.SheetPlan`),
    `place` what sheet, title and file say of the place.
    """

    def __init__(
        self,
        columns: Mapping[str, Sequence[int]],
        headers: Mapping[int, str],
        *,
        shape: str,
        markers: Sequence[int],
        merged: Iterable[Merged],
        place: Mapping[str, str],
    ) -> None:
        self._index = {wanted: indexes[0] for wanted, indexes in columns.items() if indexes}
        self._shape = shape
        self._markers = list(markers) or [self._index[mark] for mark in _MARKS if mark in self._index]
        self._place = [place.get(wanted, "") for wanted in _PLACES]
        wanted_columns = {*self._index.values(), *self._markers}
        self._above = {index: _Above() for index in wanted_columns}
        for area in merged:
            if area.last_row > area.first_row and area.first_column in wanted_columns:
                self._above[area.first_column].merged[area.first_row + 1] = area.last_row + 1
        self._is_merged = shape == Shape.MERGED and any(self._above[index].merged for index in self._markers)
        self._goes_down: set[int] | None = None
        self._lacks_building = Field.ROOM in self._index and not {Field.ADDRESS, Field.BUILDING} & self._index.keys()
        header = headers.get(self._index.get(Field.DWELLING, -1), "")
        self._names: Column[str] = Column(_clean_place)
        self._numbers: Column[str] = Column(clean_code)
        self._doors: Column[Door] = Column(_clean_door)
        self._heads: Column[str] = Column(clean_name)
        self._head_numbers: Column[str] = Column(_clean_head_number)
        self._dwellings: Column[str] = Column(partial(clean_dwelling, header=header))
        self._phones: Column[str] = Column(clean_phone)

    def read(
        self,
        columns: Mapping[int, Sequence[Cell]],
        lines: Sequence[int],
        *,
        heads: int,
        headings: Sequence[tuple[int, str]] = (),
    ) -> Doors:
        """Read a chunk: `columns[index]` of the sheet, the number of each line, and how many lines are a head's.

        `headings` are the sub-titles of the sheet so far, with their lines: they name the micro-grid where nothing
        else does.
        """
        if self._goes_down is None:
            self._goes_down = self._written_once(columns, heads)
        begins, goes_on = self._marks(columns, lines)
        cells = {
            wanted: self._above[index].fill(columns[index], lines, goes_down=index in self._goes_down)
            for wanted, index in self._index.items()
        }
        blank: list[Cell] = [""] * len(lines)
        problems: list[tuple[int, str, int]] = []

        def read(column: Column[str], wanted: Field) -> list[str]:
            if wanted not in cells:
                return [""] * len(lines)
            values = column.read(cells[wanted])
            problems.extend((at, problem, self._index[wanted]) for at, problem in column.wrong(cells[wanted]))
            return values

        areas = self._areas([read(self._names, place) for place in _PLACES], self._headed(lines, headings))
        if self._lacks_building:
            cells[Field.BUILDING] = [_building_of(micro_grid) for _community, _grid, micro_grid in areas]
        parts = list(zip(*(cells.get(part, blank) for part in _ADDRESS), strict=True))
        doors = Doors(
            area=areas,
            number=read(self._numbers, Field.HOUSEHOLD_NUMBER),
            door=self._doors.read(parts),
            head_name=read(self._heads, Field.HEAD_NAME),
            head_number=read(self._head_numbers, Field.HEAD_NUMBER),
            dwelling=read(self._dwellings, Field.DWELLING),
            landlord_name=read(self._heads, Field.LANDLORD_NAME),
            landlord_phone=read(self._phones, Field.LANDLORD_PHONE),
            begins=begins,
            goes_on=goes_on,
            problems=problems,
        )
        door_column = next((self._index[part] for part in _ADDRESS if part in self._index), -1)
        problems += [(at, problem, door_column) for at, problem in self._doors.wrong(parts)]
        return doors

    def _areas(self, names: list[list[str]], headed: list[str] | None) -> list[Area]:
        """The line's own names; what it doesn't say comes from sub-title, sheet, title or file."""
        community, grid, micro_grid = (
            [name or otherwise for name in column] if otherwise else column
            for column, otherwise in zip(names, self._place, strict=True)
        )
        if headed:
            micro_grid = [name or heading for name, heading in zip(names[2], headed, strict=True)]
        return list(zip(community, grid, micro_grid, strict=True))

    def _headed(self, lines: Sequence[int], headings: Sequence[tuple[int, str]]) -> list[str] | None:
        """The sub-title above each line; None where there are none, or the sheet has a column for what they say."""
        if not headings or Field.MICRO_GRID in self._index:
            return None
        starts = [line for line, _text in headings]
        above = [self._place[2], *(text for _line, text in headings)]
        return [above[bisect(starts, line)] for line in lines]

    def _marks(self, columns: Mapping[int, Sequence[Cell]], lines: Sequence[int]) -> tuple[list[bool], list[bool]]:
        begins, goes_on = [False] * len(lines), [False] * len(lines)
        for index in self._markers if self._shape in _MARKED else ():
            above = self._above[index].copy()
            for position, (cell, line) in enumerate(zip(columns[index], lines, strict=True)):
                if cell != "" and not is_ditto(cell):
                    begins[position] = True
                    above.until = above.merged.get(line, 0)
                elif line <= above.until or not self._is_merged:
                    goes_on[position] = True
        return begins, goes_on

    def _written_once(self, columns: Mapping[int, Sequence[Cell]], heads: int) -> set[int]:
        """The columns whose blanks mean the value above: places and buildings that many households share.

        Where households stand on their first line only, that goes for these columns, too. Elsewhere a column is taken
        for written once when it is filled for no more than half of the households: a single blank is a gap, no ditto.
        """
        shared = [
            self._index[wanted] for wanted in (*_PLACES, Field.BUILDING, Field.STAIRWELL) if wanted in self._index
        ]
        if self._shape in _BELOW_EACH_OTHER and not self._is_merged:
            return set(shared)
        filled = {index: sum(cell != "" for cell in columns[index]) for index in self._above}
        households = max([heads, *(filled[self._index[mark]] for mark in _MARKS if mark in self._index)])
        return {index for index in shared if filled[index] and filled[index] * 2 <= households}


@dataclass(slots=True)
class _Above:
    """What stands above in one column, carried from chunk to chunk. `merged`: the last line of cells by their first."""

    merged: dict[int, int] = field(default_factory=dict)
    value: Cell = ""
    until: int = 0

    def copy(self) -> "_Above":
        return _Above(self.merged, self.value, self.until)

    def fill(self, cells: Sequence[Cell], lines: Sequence[int], *, goes_down: bool) -> Sequence[Cell]:
        if not self.merged and not goes_down and DITTO.isdisjoint(cells):
            self.value = next((cell for cell in reversed(cells) if cell != ""), self.value)
            return cells
        filled = []
        for cell, line in zip(cells, lines, strict=True):
            if cell == "":
                filled.append(self.value if goes_down or line <= self.until else "")
                continue
            if not is_ditto(cell):
                self.value, self.until = cell, self.merged.get(line, 0)
            filled.append(self.value)
        return filled


def _clean_place(cell: Cell) -> CleanValue:
    if is_formula_error(cell):
        return CleanValue(problem=Problem.FORMULA_ERROR.value)
    return CleanValue(value_of(cell)[:LONGEST_NAME])


def _building_of(micro_grid: str) -> str:
    """The building that a micro-grid is named for: 室 501 of 3号楼 isn't that of 4号楼, wherever both are put."""
    return micro_grid if _BUILDING.fullmatch(micro_grid) else ""


def _clean_head_number(cell: Cell) -> CleanValue:
    """The head's number, if it can tell heads apart: a damaged or wrong one would put strangers together."""
    facts = check_number(cell)
    if facts.check == Resident.NumberCheck.OLD:
        return CleanValue(renewed(facts.number))
    return CleanValue("" if facts.check == Resident.NumberCheck.INVALID else facts.number)


def _clean_door(cells: tuple[Cell, Cell, Cell, Cell]) -> _CleanDoor:
    """One address of the four columns that can hold it: building and room behind the address, unless it has them."""
    if any(map(is_formula_error, cells)):
        return _CleanDoor(NO_DOOR, Problem.FORMULA_ERROR.value)
    address, building, stairwell, room = (clean_address(cell) if cell != "" else "" for cell in cells)
    key = key_of(address)
    if not (building or stairwell or room):
        return _CleanDoor(Door(address, key))
    if key and key.endswith(key_of(join(building, stairwell, room))):
        building = stairwell = room = ""
    elif building and key.endswith(key_of(join(building, "", ""))):
        building = ""
    whole = (address + join(building, stairwell, room))[:LONGEST]
    return _CleanDoor(Door(whole, key_of(whole)))
