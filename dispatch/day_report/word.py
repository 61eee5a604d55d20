"""The sheet of a day as a Word document, set as the offices set theirs (GB/T 9704: A4, title in the middle)."""

import copy
from collections.abc import Sequence
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from dispatch.day_report.content import Report, Table, signatures

_TITLE: Final = ("Times New Roman", "方正小标宋简体")
_HEADING: Final = ("Times New Roman", "黑体")
_BODY: Final = ("Times New Roman", "仿宋")
_WIDTHS: Final = (10, 42, 34, 13, 30, 20, 38, 24, 46)
"""Of the nine columns of open incidents, in millimetres: an A4 sheet on its side."""


def write_docx(out: IO[bytes], report: Report) -> None:
    """Write the sheet to `out`."""
    document = Document()
    _set_page(document)
    document.core_properties.author, document.core_properties.title = "微格", report.title
    _paragraph(document, report.title, _TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document, report.cut_off, _BODY, 12, align=WD_ALIGN_PARAGRAPH.CENTER)
    for sentence in report.sentences:
        _paragraph(document, sentence, _BODY, 14, indent=True)
    if report.streets:
        _table(document, report.streets, ())
    _open_ones(document, report)
    signed = "　　　　　　　　".join(label + pgettext("before a blank line", ": ") for label in signatures())
    _paragraph(document, signed, _BODY, 12, before=18)
    document.save(out)


def _open_ones(document: Any, report: Report) -> None:
    if report.lines.rows:
        _table(document, report.lines, _WIDTHS)
    if report.more:
        _paragraph(document, _("%(count)d more stand in the workbook.") % {"count": report.more}, _BODY, 12)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(18)


def _paragraph(
    document: Any,
    text: str,
    fonts: tuple[str, str],
    size: int,
    *,
    align: Any = None,
    indent: bool = False,
    before: int = 0,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(4)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    _set(paragraph.add_run(text), fonts, size)


def _set(run: Any, fonts: tuple[str, str], size: int) -> None:
    """A run has one font for Latin letters and one for Chinese characters."""
    run.font.name, run.font.size = fonts[0], Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), fonts[1])


def _table(document: Any, table: Table, widths: Sequence[int]) -> None:
    """A grid whose header comes again on every page; a row isn't torn apart."""
    _paragraph(document, table.heading, _HEADING, 14, before=8)
    grid = document.add_table(rows=2, cols=len(table.headers))
    grid.style, grid.autofit = "Table Grid", not widths
    for column, width in zip(grid.columns, widths, strict=False):
        column.width = Mm(width)
    for row, fonts in zip(grid.rows, (_HEADING, _BODY), strict=True):
        for at, cell in enumerate(row.cells):
            _set(cell.paragraphs[0].add_run(table.headers[at]), fonts, 10)
            if widths:
                cell.width = Mm(widths[at])
        row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:cantSplit"), {}))
    header, pattern = (row._tr for row in grid.rows)
    header.get_or_add_trPr().append(header.makeelement(qn("w:tblHeader"), {}))
    # Copied and filled: asking python-docx for each cell reads the whole table every time.
    for texts in table.rows:
        row = copy.deepcopy(pattern)
        for place, text in zip(row.iter(qn("w:t")), texts, strict=True):
            place.text = _printable(text)
        header.getparent().append(row)
    header.getparent().remove(pattern)


def _printable(text: str) -> str:
    """Without the characters that XML has no place for, and in one line."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
