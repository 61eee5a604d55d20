"""What a book consists of, whatever the file's format."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Self

from django.utils.translation import gettext as _

from households.loading.errors import FileRefused

MOST_COLUMNS = 300
"""Wide registers have a hundred columns, and one line a household with ten members some two hundred."""
MOST_CELLS = 26_000_000
"""Lines times columns of all sheets: twice a county-level city of 910,000 residents. A cell takes 32 bytes and more."""
MOST_TEXT_LINES = 2_000_000


class CellError(str):
    """The cell's formula has an error. The text is what the sender sees: #REF!, #N/A, #DIV/0!…"""

    __slots__ = ()


type Cell = str | int | float | bool | date | datetime | time | timedelta
"""One cell. An empty one is "", never None, and so is a formula that was never calculated. See `CellError`."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A sheet before anybody has understood it. `lines` and `columns` are counted from the corner, blank edges too."""

    index: int
    name: str
    is_hidden: bool
    lines: int
    columns: int


class Merged(NamedTuple):
    """Cells merged into one, counted from 0, last ones included. The value stands in the first, the others are ""."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Book(AbstractContextManager["Book"]):
    """An open file. `sheets` are the sender's sheets in order, without charts; indexes are those of `SheetFacts`."""

    sheets: list[SheetFacts]

    def rows(self, index: int) -> Iterator[list[Cell]]:
        """The lines from line 1 on, each from column A on and all equally long. Reads on; keeps no second copy."""
        raise NotImplementedError

    def merged(self, index: int) -> list[Merged]:
        return []

    def hidden_rows(self, index: int) -> frozenset[int]:
        """The lines (from 1) that the sender has hidden or filtered away."""
        return frozenset()

    def close(self) -> None:
        """Let go of the file. Twice is fine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def check_extent(name: str, lines: int, columns: int) -> None:
    """Raise `FileRefused` for a sheet that is too large to be a register; ask before anything is allocated for it."""
    if columns > MOST_COLUMNS:
        raise FileRefused(
            _(
                "The sheet “%(sheet)s” reaches to column %(columns)s; a register has at most %(most)s."
                " Delete the columns that aren't needed and send the file again."
            )
            % {"sheet": name, "columns": columns, "most": MOST_COLUMNS},
            code="too_wide",
        )
    if lines * columns > MOST_CELLS:
        raise FileRefused(
            _(
                "The sheet “%(sheet)s” is too large: %(lines)s lines and %(columns)s columns."
                " Split it into several files, for example one a street."
            )
            % {"sheet": name, "lines": lines, "columns": columns},
            code="too_large",
        )
