"""Where the columns of a sheet belong, and who stands on its lines: one person on each, or members side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from households.loading.cleaning.persons import PersonReader, Persons
from households.loading.cleaning.relations import HEAD
from households.loading.fields import HOUSEHOLD_FIELDS, Field
from households.loading.files.cells import Cell
from households.loading.plan import Shape, SheetPlan

_OF_THE_HEAD = {Field.HEAD_NAME.value: Field.NAME.value, Field.HEAD_NUMBER.value: Field.NUMBER.value}
_SEVERAL = frozenset({Field.TAGS.value, Field.NOTE.value})
"""Fields that may stand in several columns; of others the first column counts."""

type Columns = dict[str, list[int]]


class Entries(NamedTuple):
    """People in the order of the file: for each the position of the line in the chunk, and which member of it.

    `firsts` says who is the first of a line; None when everybody has a line.
    """

    persons: Persons
    positions: Sequence[int]
    members: Sequence[int]
    firsts: Sequence[bool] | None = None


@dataclass(init=False)
class Layout:
    """The columns of a sheet by what they mean: of the household, and of each member (0 where there is one a line)."""

    household: Columns
    by_member: dict[int, Columns]
    everything: Columns
    width: int
    is_wide: bool

    def __init__(self, sheet: SheetPlan) -> None:
        self.is_wide = sheet.shape == Shape.WIDE
        self.width = 1 + max((*(column.index for column in sheet.columns), *sheet.markers), default=0)
        self.household, self.everything = defaultdict(list), defaultdict(list)
        self.by_member = {0: {}}
        for column in sheet.columns:
            wanted = _OF_THE_HEAD.get(column.field, column.field) if self.is_wide else column.field
            if not wanted:
                continue
            self.everything[wanted].append(column.index)
            of_household = wanted in HOUSEHOLD_FIELDS
            columns = self.household if of_household else self.by_member.setdefault(column.member, {})
            known = columns.setdefault(wanted, [])
            if not known or wanted in _SEVERAL:
                known.append(column.index)
        if self.is_wide:
            self._settle_head()

    def first(self, wanted: str) -> int:
        """The first column of a field, -1 without one."""
        indexes = self.everything.get(wanted)
        return indexes[0] if indexes else -1

    def _settle_head(self) -> None:
        """Without a name of its own group 0 is nobody; its telephone and the like are the first member's."""
        if Field.NAME in self.by_member[0] or len(self.by_member) == 1:
            return
        shared = self.by_member.pop(0)
        first = self.by_member[min(self.by_member)]
        for wanted, indexes in shared.items():
            first.setdefault(wanted, indexes)


class OneALine:
    """Every line is a person."""

    def __init__(self, reader: PersonReader) -> None:
        self._reader = reader

    def read(self, columns: Mapping[int, Sequence[Cell]], count: int) -> Entries:
        return Entries(self._reader.read(columns, count), range(count), [0] * count)


class SideBySide:
    """Every line is a household, its members in groups of columns; group 0 is the head, when he has columns apart."""

    def __init__(self, readers: Mapping[int, PersonReader]) -> None:
        self._readers = dict(sorted(readers.items()))

    def read(self, columns: Mapping[int, Sequence[Cell]], count: int) -> Entries:
        blocks: list[Persons] = []
        places: list[tuple[int, int]] = []
        for member, reader in self._readers.items():
            present = _present(reader, columns, count)
            own = {index: [cells[at] for at in present] for index, cells in columns.items() if index in reader.indexes}
            block = reader.read(own, len(present))
            if member == 0:
                block.relation = [relation or HEAD for relation in block.relation]
            blocks.append(block)
            places += [(position, member) for position in present]
        empty = sorted(set(range(count)) - {position for position, _member in places})
        blocks.append(Persons.blank(len(empty)))
        places += [(position, 0) for position in empty]
        return self._ordered(Persons.joined(blocks), places)

    def _ordered(self, persons: Persons, places: list[tuple[int, int]]) -> Entries:
        """By line and member, without heads who are members of their own line as well."""
        twice = _merge_heads(persons, places)
        order = sorted((at for at in range(len(places)) if at not in twice), key=places.__getitem__)
        positions = [places[at][0] for at in order]
        firsts = [at == 0 or position != positions[at - 1] for at, position in enumerate(positions)]
        return Entries(persons.taken(order), positions, [places[at][1] for at in order], firsts)


def _present(reader: PersonReader, columns: Mapping[int, Sequence[Cell]], count: int) -> list[int]:
    """The lines on which this member has a name or a number."""
    keys = [columns[index] for wanted in (Field.NAME, Field.NUMBER) if (index := reader.index(wanted)) >= 0]
    return [position for position in range(count) if any(cells[position] != "" for cells in keys)]


def _merge_heads(persons: Persons, places: Sequence[tuple[int, int]]) -> set[int]:
    """Let the head among the members take over what the head's own columns say; return the heads then needless."""
    members: dict[tuple[int, str], int] = {
        (position, persons.name[at]): at for at, (position, member) in enumerate(places) if member
    }
    needless = set()
    for at, (position, member) in enumerate(places):
        same = members.get((position, persons.name[at])) if member == 0 and persons.name[at] else None
        if same is None or (persons.number[at] and persons.number[same] and persons.number[at] != persons.number[same]):
            continue
        needless.add(at)
        persons.relation[same] = persons.relation[same] or HEAD
        persons.phone[same] = persons.phone[same] or persons.phone[at]
        if not persons.number[same]:
            for column in ("document", "number", "number_check", "sex", "born_on"):
                getattr(persons, column)[same] = getattr(persons, column)[at]
    return needless
