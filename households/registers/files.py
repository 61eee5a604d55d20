"""A register as a file, written row by row: 200,000 rows take no more memory than two thousand.

Every cell is text, but for counts: identity card numbers keep all their digits and telephones their zeros. Nothing in
a file can run in a spreadsheet.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Final

from accounts.spreadsheets import neutral
from households.registers.columns import Cell, Column
from households.registers.xlsx_stream import Workbook

Rows = Iterable[Sequence[Cell]]
MOST_ROWS_A_SHEET: Final = 1_000_000
_LONGEST_MARGIN: Final = 120  # Excel takes 255 in a header or footer, and an ampersand counts twice


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the rows: the title, the columns, and the mark of who took the file out, when and for what.

    `is_marked_inside` puts the mark above the header as well, where nobody overlooks it or cuts it off by printing.
    """

    title: str
    columns: Sequence[Column]
    mark: str
    is_marked_inside: bool

    @property
    def headers(self) -> list[str]:
        return [str(column.header) for column in self.columns]


def write_csv(target: IO[bytes], sheet: Sheet, rows: Rows) -> int:
    """Write UTF-8 with the mark that Excel needs; the mark of the export is the first line. Returns the rows."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", errors="replace", newline="")
    write = csv.writer(text).writerow
    if sheet.is_marked_inside:
        write([neutral(sheet.mark)])
    write(sheet.headers)
    count = 0
    for row in _plain(rows):
        write(row)
        count += 1
    text.flush()
    text.detach()
    return count


def write_xlsx(target: IO[bytes], sheet: Sheet, rows: Rows) -> int:
    """Write a workbook, a new sheet after each million rows, each with the mark. Returns the rows."""
    book, lines, count = Workbook(target), _plain(rows), 0
    first: list[list[str | int]] = []
    while True:
        added = book.add_sheet(
            _name(sheet.title, count),
            headers=sheet.headers,
            widths=[column.width for column in sheet.columns],
            rows=chain(first, islice(lines, MOST_ROWS_A_SHEET - len(first))),
            mark=neutral(sheet.mark) if sheet.is_marked_inside else "",
            margin=sheet.mark[:_LONGEST_MARGIN],
        )
        count += added
        first = list(islice(lines, 1)) if added == MOST_ROWS_A_SHEET else []
        if not first:
            book.close()
            return count


def _plain(rows: Rows) -> Iterator[list[str | int]]:
    """The cells as counts and texts that run nowhere."""
    for row in rows:
        yield [cell if cell.__class__ is int else neutral(cell if cell.__class__ is str else str(cell)) for cell in row]


def _name(title: str, rows_before: int) -> str:
    number = rows_before // MOST_ROWS_A_SHEET + 1
    return title if number == 1 else f"{title[:25]} {number}"
