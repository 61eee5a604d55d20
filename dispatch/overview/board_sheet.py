"""The tables of a board as a workbook: places, hours, level 3 and up. The same rows as the page and its charts."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.workbook import Workbook

from accounts.spreadsheets import neutral
from dispatch.overview.board import Show
from dispatch.overview.board_picture import Picture, Serious
from dispatch.selectors import Figures

Cells = Sequence[str | int | None]


def write(picture: Picture) -> bytes:
    """A sheet for each table; each says what it is of and as of when."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        above = f"{name_of(picture)} · {_('as of')} {_moment(picture.at)}"
        _sheet(book, _("Where the work lies"), above, (_("Place"), *_figure_names(picture)), (30,), _places(picture))
        hours = (_("Hour"), _("Reported"), _("Closed"), _("Close-out"))
        _sheet(book, _("24 hours"), above, hours, (), _hours(picture))
        facts = (_("Number"), _("Level"), _("Category"), _("Place"), _("Status"), _("By when"))
        _sheet(book, _("Level 3 and up"), above, facts, (28, 8, 24, 36, 14, 18), map(_serious, picture.serious))
    return out.getvalue()


def name_of(picture: Picture) -> str:
    """The unit, or the district."""
    return picture.unit.name if picture.unit else _("Whole district")


def _figure_names(picture: Picture) -> tuple[str, ...]:
    due, closed = pgettext("at the close-out", "Due"), Show.CLOSED.said(is_past=picture.is_past)
    return _("Open"), _("Overdue"), due, closed, _("Level 3+")


def _sheet(
    book: Workbook, name: str, above: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Cells]
) -> None:
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_string(0, 0, neutral(above))
    sheet.write_row(2, 0, header, bold)
    sheet.freeze_panes(3, 0)
    for column in range(len(header)):
        sheet.set_column(column, column, widths[column] if column < len(widths) else 12)
    for at, row in enumerate(rows, start=3):
        for column, cell in enumerate(row):
            _write(sheet, at, column, cell)


def _write(sheet: Any, row: int, column: int, cell: str | int | None) -> None:
    if isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, neutral(cell))


def _places(picture: Picture) -> Iterable[Cells]:
    whole = _("%(unit)s as a whole") % {"unit": name_of(picture)}
    for row in picture.rows:
        yield row.unit.name if row.unit else whole, *_figures(row.figures)
    yield _("Total"), *_figures(picture.total)


def _figures(figures: Figures) -> Sequence[int]:
    return figures.open, figures.overdue, figures.due_today, figures.closed_today, figures.serious


def _hours(picture: Picture) -> Iterable[Cells]:
    for hour in picture.hours:
        yield hour.label, hour.reported, hour.closed, f"{hour.line:%H:%M}" if hour.line else None


def _serious(one: Serious) -> Cells:
    incident = one.incident
    by_when = _moment(one.due_at) if one.due_at else None
    return incident.number, one.level, str(incident.category), incident.place_name, str(one.status.label), by_when


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
