"""From a book to the plan by which it will be read: which sheets, which lines, which columns, which households.

Everything is told from the head of each sheet (`SAMPLED_LINES`): reading a street's file takes seconds, and it is read
whole once only, by `people`. Nothing here touches the database. What was corrected before comes in as `known`.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from households.loading.cleaning.lines import LineSorter, Skipped
from households.loading.cleaning.texts import text_of
from households.loading.files.cells import Book, Cell, Merged, SheetFacts
from households.loading.plan import BookPlan, Shape, SheetPlan
from households.loading.recognition.columns import plan_columns
from households.loading.recognition.headers import Header, find_header, titles_above
from households.loading.recognition.layouts import apply_template, fingerprint
from households.loading.recognition.shapes import (
    heads_come_first,
    heads_stand_apart,
    mark_merged,
    mark_pauses,
    settle_shape,
    stands_on_forms,
)
from households.loading.recognition.titles import place_of
from households.loading.recognition.verdicts import EMPTY, FORMS, HEADS_APART, NO_LINES, doubt, judge

SAMPLED_LINES = 400
LONGEST_TITLE = 300
TOP_LINES = 5
_NUMBER_IN_TITLE = re.compile(r"\d{11,}")


def recognise(book: Book, file_name: str, *, known: Mapping[str, Mapping[str, Any]] | None = None) -> BookPlan:
    """The plan of a book. `known` maps layouts to templates (`layouts.template_of`) that were corrected before.

    Sheets that aren't registers are in the plan too, with the reason. Raises what reading the file raises.
    """
    return BookPlan([_sheet(book, facts, file_name, known or {}) for facts in book.sheets])


def _sheet(book: Book, facts: SheetFacts, file_name: str, known: Mapping[str, Mapping[str, Any]]) -> SheetPlan:
    sheet = SheetPlan(
        index=facts.index,
        name=facts.name,
        is_hidden=facts.is_hidden,
        is_taken=not facts.is_hidden,
        lines=facts.lines,
        hidden_lines=len(book.hidden_rows(facts.index)),
    )
    head = list(islice(book.rows(facts.index), SAMPLED_LINES))
    if not any(_is_filled(row) for row in head):
        sheet.refusal = EMPTY
        return sheet
    merged = book.merged(facts.index)
    header = find_header(head, merged) or _without_header(head)
    _fill_in(sheet, header, file_name)
    lines = [row for row in head[sheet.data_from - 1 :] if _is_filled(row)]
    sheet.columns, is_wide = plan_columns(header.paths, lines)
    if header.paths and not lines:
        sheet.refusal = NO_LINES
        return sheet
    sheet.layout = fingerprint(sheet.columns)
    if sheet.layout in known and apply_template(sheet, known[sheet.layout]):
        is_wide = any(column.member for column in sheet.columns) or (is_wide and not sheet.shape_corrected)
    _understand(sheet, lines, merged, is_wide=is_wide)
    return sheet


def _is_filled(row: Sequence[Cell]) -> bool:
    return any(cell != "" for cell in row)


def _without_header(head: Sequence[Sequence[Cell]]) -> Header:
    """No header: the people begin on the first line that has more than a title."""
    first = next((line for line, row in enumerate(head) if sum(bool(text_of(cell)) for cell in row) > 1), 0)
    return Header(0, 0, first + 1, [], titles_above(head, first))


def _top_texts(lines: Sequence[Sequence[Cell]]) -> list[str]:
    return [text for row in lines[:TOP_LINES] for text in map(text_of, row) if text]


def _fill_in(sheet: SheetPlan, header: Header, file_name: str) -> None:
    sheet.header_from, sheet.header_to, sheet.data_from = header.line_from, header.line_to, header.data_from
    title = "\n".join(header.titles)
    sheet.place = place_of(sheet.name, title, file_name)
    sheet.title = _NUMBER_IN_TITLE.sub("*", title)[:LONGEST_TITLE]


def _understand(sheet: SheetPlan, lines: list[list[Cell]], merged: Sequence[Merged], *, is_wide: bool) -> None:
    """Households, and whether the sheet is a register at all."""
    people = _people_among(lines, sheet)
    mark_merged(sheet.columns, merged, sheet.data_from)
    mark_pauses(sheet.columns, people)
    sheet.heads_first = heads_come_first(sheet.columns, people)
    if not sheet.shape_corrected:
        settle_shape(sheet, is_wide=is_wide or sheet.shape == Shape.WIDE)
    judge(sheet, [] if sheet.header_from else _top_texts(lines))
    if sheet.is_register and not any(column.corrected for column in sheet.columns):
        doubt(sheet, _what_would_be_lost(sheet, people))


def _what_would_be_lost(sheet: SheetPlan, people: Sequence[Sequence[Cell]]) -> str:
    """The code of a refusal for a layout that can be read, but not without losing heads or addresses; "" for others."""
    if stands_on_forms(sheet.columns, people):
        return FORMS
    is_wide = sheet.shape == Shape.WIDE
    return HEADS_APART if not is_wide and heads_stand_apart(sheet.columns, people) else ""


def _people_among(lines: list[list[Cell]], sheet: SheetPlan) -> list[list[Cell]]:
    """The sampled lines without headers repeated, totals and signatures."""
    columns: dict[str, list[int]] = {}
    for column in sheet.columns:
        columns.setdefault(column.field, []).append(column.index)
    sorter = LineSorter(sheet.index, columns, {column.index: column.header for column in sheet.columns})
    skipped = Skipped()
    return [line for number, line in enumerate(lines) if not sorter.is_furniture(line, number, skipped)]
