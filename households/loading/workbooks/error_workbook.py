"""What couldn't be loaded, in the sender's own layout: mended in Excel or WPS, the file loads as it is.

Each sheet keeps its name, its title and header lines with their merged cells, and its columns in their order. Below
stand the refused and doubtful lines, whole (see `filling`). Offending cells are coloured and commented; a last column
says the same in words (telephones show no comments), under a header that `naming` knows and never reads.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import IO

import xlsxwriter
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from households.loading.cleaning.lines import heading_of
from households.loading.cleaning.texts import EXACT_UP_TO, text_of
from households.loading.fields import SEVERITY, Field, Problem, Severity
from households.loading.files.reading import Book, Cell, Merged
from households.loading.plan import BookPlan, SheetPlan
from households.loading.recognition.naming import PROBLEM_HEADERS
from households.loading.workbooks.filling import Filler

type Marks = Mapping[int, Mapping[int, list[tuple[str, int]]]]
"""Sheet index → line from 1 → (`Problem`, column from 0, or -1 when no one column is to blame)."""

MOST_COMMENTS = 10_000
"""Beyond this Excel opens the file only slowly; colour and words are there for all."""
WIDEST, NARROWEST, PROBLEM_WIDTH = 40, 6, 60
LONGEST_NAME = 31
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_COLOURS = {Severity.REFUSED: "#FFC7CE", Severity.DOUBTFUL: "#FFEB9C", Severity.WARNING: "#DDEBF7"}
_GRAVITY = [Severity.WARNING, Severity.DOUBTFUL, Severity.REFUSED]
_GRAVE = {Severity.REFUSED, Severity.DOUBTFUL}
_PLACE_COLUMNS = (Field.MICRO_GRID, Field.GRID, Field.COMMUNITY)
_BLAMED = {
    **dict.fromkeys((Problem.NO_PLACE, Problem.PLACE_UNKNOWN, Problem.PLACE_AMBIGUOUS), _PLACE_COLUMNS),
    Problem.PLACE_OUTSIDE: _PLACE_COLUMNS,
    Problem.NO_HOUSEHOLD: (Field.ADDRESS, Field.ROOM, Field.HOUSEHOLD_NUMBER),
}
"""Which cell to colour when the problem names none; otherwise the name."""
_NUMBERS = {Field.NUMBER, Field.HEAD_NUMBER, Field.PHONE, Field.LANDLORD_PHONE}


def write_errors(book: Book, plan: BookPlan, marks: Marks, out: Path | IO[bytes], *, language: str) -> int:
    """Write the lines of `marks` that are refused or doubtful to an .xlsx; comments in `language`.

    Returns how many lines were written. `book` is the open file that `plan` was made from.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with override(language), xlsxwriter.Workbook(out, options) as target:
        painter = _Painter(target)
        return sum(
            _write_sheet(target, painter, book, sheet, marks[sheet.index])
            for sheet in plan.sheets
            if sheet.index in marks and any(map(_is_grave, marks[sheet.index].values()))
        )


def name_of_errors(name: str) -> str:
    """What to call the error workbook of the file called so. The sender's words stay: they may name the place."""
    ending = _(" (to mend)")
    return f"{Path(name).stem.removesuffix(ending)}{ending}.xlsx"


def _is_grave(problems: Iterable[tuple[str, int]]) -> bool:
    return any(SEVERITY[problem] in _GRAVE for problem, __ in problems)


class _Painter:
    """The few formats of a workbook, and the comments that may still be made."""

    def __init__(self, target: Workbook) -> None:
        self.head = target.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        self.says = target.add_format({"text_wrap": True, "valign": "top"})
        self.comments_left = MOST_COMMENTS
        self._target = target
        self._formats: dict[tuple[str, Severity | None], Format] = {}

    def format(self, kind: str, severity: Severity | None) -> Format:
        """`kind` is the number format: "@" keeps a text a text, whatever is typed over it."""
        if (kind, severity) not in self._formats:
            colour = {"bg_color": _COLOURS[severity]} if severity else {}
            self._formats[kind, severity] = self._target.add_format({"num_format": kind, **colour})
        return self._formats[kind, severity]


def _write_sheet(
    target: Workbook, painter: _Painter, book: Book, plan: SheetPlan, marks: Mapping[int, list[tuple[str, int]]]
) -> int:
    worksheet = target.add_worksheet(_free_name(target, plan.name))
    facts = next(facts for facts in book.sheets if facts.index == plan.index)
    sheet = _Sheet(worksheet, painter, plan, _problem_column(plan, facts.columns))
    rows = book.rows(plan.index)
    head = list(islice(rows, max(plan.data_from - 1, plan.header_to)))
    sheet.write_head(head, book.merged(plan.index))
    filler, written = Filler(plan), 0
    heading: list[Cell] = []
    for line, row in enumerate(rows, start=len(head) + 1):
        filler.see(row)
        heading = row if heading_of(row) else heading
        if line in marks and _is_grave(marks[line]):
            first, whole = filler.take()
            for above in filter(None, (heading, first)):
                sheet.write_line(above, [])
            heading = []
            sheet.write_line(whole, marks[line])
            written += 1
    return written


def _free_name(target: Workbook, name: str) -> str:
    """The sheet's name as far as a workbook allows it: a .csv is named like its file."""
    plain = _FORBIDDEN_IN_NAME.sub(" ", name).strip(" '")[:LONGEST_NAME] or "1"
    taken = {worksheet.name.casefold() for worksheet in target.worksheets()}
    number = 1
    free = plain
    while free.casefold() in taken:
        number += 1
        free = f"{plain[: LONGEST_NAME - 3]} {number}"
    return free


def _problem_column(plan: SheetPlan, columns: int) -> int:
    """Where our own column goes: over the one of an error workbook that is loaded again, else right of all."""
    ours = [column.index for column in plan.columns if column.header in PROBLEM_HEADERS]
    return ours[0] if ours else columns


class _Sheet:
    """One sheet on its way out, line by line: what is written can't be touched again."""

    def __init__(self, worksheet: Worksheet, painter: _Painter, plan: SheetPlan, problems: int) -> None:
        self.at = 0
        self._worksheet = worksheet
        self._painter = painter
        self._plan = plan
        self._problems = problems
        self._texts = {column.index for column in plan.columns if column.field in _NUMBERS}
        for column in range(problems):
            worksheet.set_column(column, column, self._width(column), painter.format("@", None))
        worksheet.set_column(problems, problems, PROBLEM_WIDTH)
        worksheet.freeze_panes(plan.header_to or 1, 0)

    def _width(self, column: int) -> int:
        planned = next((planned for planned in self._plan.columns if planned.index == column), None)
        texts = [planned.header, *planned.samples] if planned else []
        widest = max((sum(1 if letter.isascii() else 2 for letter in text) for text in texts), default=0)
        return min(max(widest + 2, NARROWEST), WIDEST)

    def write_head(self, head: list[list[Cell]], merged: Iterable[Merged]) -> None:
        """The lines above the data as they stand. Without a header one of our own: a few lines say too little."""
        head_format = self._painter.head
        header_to = self._plan.header_to or len(head) + 1
        for row in head if self._plan.header_to else [*head, self._own_header()]:
            for column, cell in enumerate(row[: self._problems]):
                self._worksheet.write(self.at, column, _shown(cell) or None, head_format)
            if self.at + 1 == header_to:
                word = PROBLEM_HEADERS[not (get_language() or "").startswith("zh")]
                self._worksheet.write_string(self.at, self._problems, word, head_format)
            self.at += 1
        for cells in merged:
            if cells.last_row < len(head) and cells.last_column < self._problems:
                # merge_range would write the cells again, and refuses: their lines are out already.
                self._worksheet.merge.append(list(cells))

    def _own_header(self) -> list[Cell]:
        fields = {column.index: column.field for column in self._plan.columns}
        return [str(Field(fields[at]).label) if fields.get(at) else "" for at in range(self._problems)]

    def write_line(self, row: list[Cell], problems: list[tuple[str, int]]) -> None:
        blamed: dict[int, list[str]] = {}
        for problem, column in problems:
            blamed.setdefault(column if 0 <= column < self._problems else self._blamed(problem), []).append(problem)
        for column, cell in enumerate(row[: self._problems]):
            worst = max((SEVERITY[problem] for problem in blamed.get(column, ())), key=_GRAVITY.index, default=None)
            self._write_cell(column, cell, worst)
        for column, found in blamed.items():
            self._comment(column, found)
        said = "\n".join(dict.fromkeys(str(Problem(problem).label) for problem, __ in problems))
        self._worksheet.write_string(self.at, self._problems, said, self._painter.says)
        self.at += 1

    def _blamed(self, problem: str) -> int:
        """The column to colour for a problem of the whole line."""
        fields = (*_BLAMED.get(Problem(problem), ()), Field.NAME)
        columns = (self._plan.column(field, member) for field in fields for member in (0, 1))
        return next((column.index for column in columns if column), 0)

    def _comment(self, column: int, problems: list[str]) -> None:
        if self._painter.comments_left:
            self._painter.comments_left -= 1
            text = "\n".join(dict.fromkeys(str(Problem(problem).label) for problem in problems))
            self._worksheet.write_comment(self.at, column, text, {"x_scale": 2, "font_size": 10})

    def _write_cell(self, column: int, cell: Cell, severity: Severity | None) -> None:
        """Texts and long numbers as texts, never as formulas; dates and other numbers as what they are."""
        kind = _kind_of(cell) if column not in self._texts else "@"
        cell_format = self._painter.format(kind, severity)
        if cell == "":
            self._worksheet.write_blank(self.at, column, None, cell_format)
        elif kind == "@":
            self._worksheet.write_string(self.at, column, _shown(cell), cell_format)
        elif isinstance(cell, date | time | timedelta):
            self._worksheet.write_datetime(self.at, column, cell, cell_format)
        else:
            self._worksheet.write_number(self.at, column, float(cell), cell_format)


def _kind_of(cell: Cell) -> str:
    if isinstance(cell, str | bool) or (isinstance(cell, float) and not isfinite(cell)):
        return "@"
    if isinstance(cell, datetime):
        return "yyyy-mm-dd hh:mm"
    if isinstance(cell, date):
        return "yyyy-mm-dd"
    if isinstance(cell, time | timedelta):
        return "hh:mm"
    return "General"


def _shown(cell: Cell) -> str:
    """The cell as its sender sees it: a damaged number stays damaged, so that it is seen and typed again."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float | int) and (abs(cell) >= EXACT_UP_TO or not isfinite(cell)):
        return f"{cell:.5E}"
    return text_of(cell)
