"""What is in a file, as far as it can be shown in a page: workbooks as tables, documents as texts, papers as pictures.

For our own files (`.xlsx`, `.docx`, `.csv`) and papers that were rewritten when they came in (`incidents.papers`).
Pure: bytes in, parts out. What can't be read is left out, and the reader is told that there is more.
"""

import base64
import csv
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, Final

from docx import Document
from docx.table import Table as WordTable
from PIL import Image
from pypdf import PageObject, PdfReader
from python_calamine import CalamineWorkbook

logger = logging.getLogger(__name__)

MOST_ROWS: Final = 200
MOST_SHEETS: Final = 6
MOST_PAGES: Final = 10
_PICTURE: Final = (1000, 1600)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a file: a text, a table (its first row is the head), or a picture as a data address."""

    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    picture: str = ""


@dataclass(slots=True)
class Reading:
    parts: list[Part]
    is_cut: bool = False
    """Whether the file holds more than is shown."""


def read(name: str, content: bytes) -> Reading:
    """The parts of a file, by the ending of its name; none for a kind that isn't known, or that can't be read."""
    ending = name.rpartition(".")[2].lower()
    parts_of = _READERS.get(ending)
    reading = Reading([])
    if parts_of is None:
        return reading
    try:
        for part in parts_of(content, reading):
            reading.parts.append(part)
    except Exception as error:  # a scanner's own compression, half a table: parsers raise all sorts over such a file
        logger.info("A .%s file could be shown in part only: %s", ending, type(error).__name__)
        reading.is_cut = True
    return reading


def _workbook(content: bytes, reading: Reading) -> Iterator[Part]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    reading.is_cut = len(book.sheet_names) > MOST_SHEETS
    for name in book.sheet_names[:MOST_SHEETS]:
        yield Part(text=name)
        yield from _table(book.get_sheet_by_name(name).to_python(), reading)


def _lines(content: bytes, reading: Reading) -> Iterator[Part]:
    yield from _table(csv.reader(StringIO(content.decode("utf-8-sig"))), reading)


def _document(content: bytes, reading: Reading) -> Iterator[Part]:
    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, WordTable):
            yield from _table(([cell.text for cell in row.cells] for row in block.rows), reading)
        elif block.text.strip():
            yield Part(text=block.text)


def _paper(content: bytes, reading: Reading) -> Iterator[Part]:
    pages = PdfReader(BytesIO(content)).pages
    reading.is_cut = len(pages) > MOST_PAGES
    for page in islice(pages, MOST_PAGES):
        if text := page.extract_text().strip():
            yield Part(text=text)
        yield from _pictures(page)


def _pictures(page: PageObject) -> Iterator[Part]:
    """The pictures of a page, small enough for a phone; a scanned letter is nothing else."""
    for found in page.images:
        if found.image is None:
            continue
        out, picture = BytesIO(), found.image.convert("RGB")
        picture.thumbnail(_PICTURE, Image.Resampling.LANCZOS)
        picture.save(out, "JPEG", quality=60)
        yield Part(picture=f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}")


def _table(rows: Iterable[Iterable[Any]], reading: Reading) -> Iterator[Part]:
    found = [[_said(cell) for cell in row] for row in islice(rows, MOST_ROWS + 1)]
    reading.is_cut = reading.is_cut or len(found) > MOST_ROWS
    if found:
        yield Part(rows=found[:MOST_ROWS])


def _said(cell: Any) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


_READERS: Final[dict[str, Callable[[bytes, Reading], Iterator[Part]]]] = {
    "xlsx": _workbook,
    "csv": _lines,
    "docx": _document,
    "pdf": _paper,
}
