"""The sheet of a day as a workbook: the figures on one sheet, what was open on another; text, and no formulas."""

from typing import IO, Final

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook

from accounts.spreadsheets import neutral
from dispatch.day_report.content import Report, Table

_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDTHS: Final = (6, 26, 22, 8, 24, 12, 24, 16, 48)


def write_xlsx(out: IO[bytes], report: Report) -> None:
    """Write the workbook to `out`."""
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": report.title, "author": "微格"})
        _write_figures(book, report)
        _write_lines(book, report.lines)


def _write_figures(book: Workbook, report: Report) -> None:
    sheet = book.add_worksheet(_("Figures"))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 6, 16)
    sheet.write_string(0, 0, neutral(report.title), book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, neutral(report.cut_off))
    at = 3
    header = book.add_format({"bold": True, "bottom": 1})
    for column, text in enumerate((_("Figure"), _("This day"), _("The day before"))):
        sheet.write_string(at, column, text, header)
    for figure in report.figures:
        at += 1
        sheet.write_string(at, 0, figure.label)
        sheet.write_number(at, 1, figure.now)
        if figure.before is not None:
            sheet.write_number(at, 2, figure.before)
    if report.streets:
        at += 2
        for column, text in enumerate(report.streets.headers):
            sheet.write_string(at, column, text, header)
        for row in report.streets.rows:
            at += 1
            sheet.write_string(at, 0, neutral(row[0]))
            for column, figure_text in enumerate(row[1:], start=1):
                sheet.write_number(at, column, int(figure_text))


def _write_lines(book: Workbook, table: Table) -> None:
    sheet = book.add_worksheet(table.heading)
    header = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for column, (name, width) in enumerate(zip(table.headers, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, text)
        sheet.write_string(0, column, name, header)
    for at, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, neutral(cell), text)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.headers) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
