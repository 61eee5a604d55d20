"""How a Word document of ours is set, as the offices set theirs (GB/T 9704: A4, title in the middle)."""

import copy
from collections.abc import Sequence
from typing import Any, Final, Protocol

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE: Final = ("Times New Roman", "方正小标宋简体")
HEADING: Final = ("Times New Roman", "黑体")
BODY: Final = ("Times New Roman", "仿宋")
CENTRE: Final = WD_ALIGN_PARAGRAPH.CENTER


class Grid(Protocol):
    """What becomes a table: a heading, its headers, and rows of texts."""

    @property
    def heading(self) -> str: ...
    @property
    def headers(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Sequence[Sequence[str]]: ...


def new_document(title: str, *, on_its_side: bool = False) -> Any:
    """An empty A4 document of that title."""
    document = Document()
    section, sides = document.sections[0], (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if on_its_side else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = sides[::-1] if on_its_side else sides
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(18)
    document.core_properties.author, document.core_properties.title = "微格", title
    return document


def add_paragraph(
    document: Any,
    text: str,
    fonts: tuple[str, str],
    size: int,
    *,
    align: Any = None,
    indent: bool = False,
    before: int = 0,
) -> None:
    """Add a text in the fonts for Latin letters and for Chinese characters; `size` and `before` are points."""
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


def add_table(document: Any, table: Grid, widths: Sequence[int]) -> None:
    """A grid whose header comes again on every page; a row isn't torn apart."""
    add_paragraph(document, table.heading, HEADING, 14, before=8)
    grid = document.add_table(rows=2, cols=len(table.headers))
    grid.style, grid.autofit = "Table Grid", not widths
    for column, width in zip(grid.columns, widths, strict=False):
        column.width = Mm(width)
    for row, fonts in zip(grid.rows, (HEADING, BODY), strict=True):
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
