"""Sheets as plain lists, written in the formats that are sent."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO, StringIO
from typing import NamedTuple

import xlsxwriter
import xlwt


class Formula(NamedTuple):
    """A formula and the result that Excel kept of it."""

    text: str
    result: str


@dataclass
class Sheet:
    """Lines from the first on; None leaves a cell out. `merges` are first row, first column, last row, last column."""

    name: str
    lines: list[list] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_lines: Sequence[int] = ()
    is_hidden: bool = False

    def add(self, *cells) -> int:
        """Add a line; returns its number from 0."""
        self.lines.append(list(cells))
        return len(self.lines) - 1

    def title(self, text: str, width: int) -> None:
        row = self.add(text)
        self.merges.append((row, 0, row, width - 1))

    def merge_down(self, first: int, last: int, *columns: int) -> None:
        """Merge each of these columns over these lines."""
        if last > first:
            self.merges += [(first, column, last, column) for column in columns]


def xlsx(*sheets: Sheet) -> bytes:
    out = BytesIO()
    options = {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        for sheet in sheets:
            made = book.add_worksheet(sheet.name)
            for area in sheet.merges:
                made.merge_range(*area, "")
            for row, cells in enumerate(sheet.lines):
                for column, cell in enumerate(cells):
                    if isinstance(cell, Formula):
                        made.write_formula(row, column, cell.text, None, cell.result)
                    elif cell is not None and cell != "":
                        made.write(row, column, cell)
            for line in sheet.hidden_lines:
                made.set_row(line, None, None, {"hidden": True})
            if sheet.is_hidden:
                made.hide()
    return out.getvalue()


def xls(*sheets: Sheet) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in sheets:
        made = book.add_sheet(sheet.name)
        firsts = {(area[0], area[1]): area for area in sheet.merges}
        for row, cells in enumerate(sheet.lines):
            for column, cell in enumerate(cells):
                if (row, column) in firsts:
                    _row, _column, last_row, last_column = firsts[row, column]
                    made.write_merge(row, last_row, column, last_column, cell)
                elif cell is not None and cell != "":
                    made.write(row, column, cell, *([day] if isinstance(cell, date) else []))
        made.visibility = int(sheet.is_hidden)
    book.save(out := BytesIO())
    return out.getvalue()


def csv_text(lines: Sequence[Sequence[object]], *, delimiter: str = ",", encoding: str = "gb18030") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["" if cell is None else cell for cell in line] for line in lines])
    return out.getvalue().encode(encoding)


def html(lines: Sequence[Sequence[object]], spans: dict[tuple[int, int], int]) -> bytes:
    """A web page with one table; `spans` are the cells that reach down over so many lines."""
    covered = {(row + at, column) for (row, column), many in spans.items() for at in range(1, many)}
    rows = []
    for row, cells in enumerate(lines):
        made = [
            f"<td rowspan={spans.get((row, column), 1)} style='mso-number-format:\"\\@\"'>{cell or '&nbsp;'}</td>"
            for column, cell in enumerate(cells)
            if (row, column) not in covered
        ]
        rows.append("<tr>" + "".join(made) + "</tr>")
    page = f'<html><head><meta charset="gb2312"></head><body><table border=1>{"".join(rows)}</table></body></html>'
    return page.encode("gb18030")
