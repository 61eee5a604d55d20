"""Clean rows on their way from the file to the staging table, as columns.

Work goes column by column: a street's file has 2.8 million cells, too many to touch each as an object of its own.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple

CHUNK = 20_000
"""Persons in a chunk. Memory stays the same whatever the size of the file."""
NO_PLACE = -1


class NamedPlace(NamedTuple):
    """A place as the file names it: names or codes, cleaned; empty where it says nothing.

    `hint` is what the address itself says when no micro-grid is named: the building ("3幢") or the group ("新村三组").
    """

    community: str = ""
    grid: str = ""
    micro_grid: str = ""
    hint: str = ""


@dataclass(slots=True)
class People:
    """Up to `CHUNK` persons: the n-th entries of all lists belong together. Texts are "" for what isn't known.

    A line with an address and no person (a vacant dwelling) has the empty name and no problem.
    """

    sheet: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    """The line in the sender's sheet, from 1."""
    member: list[int] = field(default_factory=list)
    """0, or which member of the line (from 1) in a sheet with members side by side."""
    home: list[int] = field(default_factory=list)
    """The household, counted through the whole file from 0. A household never spans two values."""
    place: list[int] = field(default_factory=list)
    """Index into the `NamedPlace`s collected on the way, or `NO_PLACE`."""
    household_number: list[str] = field(default_factory=list)
    address: list[str] = field(default_factory=list)
    address_key: list[str] = field(default_factory=list)
    """The address reduced to what tells doors apart (`addresses.key_of`): equal for 3-2-501 and 3幢2单元501室."""
    dwelling: list[str] = field(default_factory=list)
    landlord_name: list[str] = field(default_factory=list)
    landlord_phone: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    initials: list[str] = field(default_factory=list)
    document: list[str] = field(default_factory=list)
    number: list[str] = field(default_factory=list)
    number_check: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    sex: list[str] = field(default_factory=list)
    born_on: list[date | None] = field(default_factory=list)
    relation: list[str] = field(default_factory=list)
    residence: list[str] = field(default_factory=list)
    moved_in_on: list[date | None] = field(default_factory=list)
    moved_out_on: list[date | None] = field(default_factory=list)
    tags: list[tuple[str, ...]] = field(default_factory=list)
    """Codes of `TagKind`."""
    note: list[str] = field(default_factory=list)
    problems: list[tuple[tuple[str, int], ...]] = field(default_factory=list)
    """What is wrong with the line: (`fields.Problem`, column from 0 or -1). Mostly ()."""

    def __len__(self) -> int:
        return len(self.line)

    def check(self) -> None:
        """Raise `ValueError` unless all columns are equally long: one shifted column would mix up people."""
        lengths = {len(getattr(self, column.name)) for column in fields(self)}
        if len(lengths) > 1:
            raise ValueError(f"Columns of unequal length: {sorted(lengths)}")
