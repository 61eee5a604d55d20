"""The sender's file as cells: the first step of a load, and the only one that knows of file formats.

The kind is told by the content, for names lie: systems call a page of HTML .xls, and people rename. Whatever the file
does wrong is answered by `FileRefused` with one sentence that says what to do.
"""

from pathlib import Path

from django.utils.translation import gettext as _

from households.loading.errors import FileRefused
from households.loading.files import ole
from households.loading.files.archive import Archive, cut_short, locked
from households.loading.files.cells import Book, Cell, CellError, Merged, SheetFacts
from households.loading.files.delimited import CsvBook
from households.loading.files.html_table import HtmlBook, save_as_xlsx
from households.loading.files.xls import XlsBook
from households.loading.files.xlsx import WORKBOOK, XlsxBook

__all__ = ["Book", "Cell", "CellError", "Merged", "SheetFacts", "open_book"]

MOST_BYTES = 256 * 1024 * 1024
"""For files given on the command line; an upload is cut off much earlier (`FILE_UPLOAD_MOST_BYTES`)."""
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")
_UTF8_MARK = b"\xef\xbb\xbf"


def open_book(path: Path, name: str) -> Book:
    """Open the file at `path` that its sender calls `name`. Use it in a `with` statement.

    Raises `FileRefused`, here or (a .csv whose quotes never close) while its rows are read.
    """
    book = _opened(path, name)
    if not any(sheet.lines for sheet in book.sheets):
        book.close()
        raise FileRefused(_("The workbook has no filled cell. Check that the right one was sent."), code="empty")
    return book


def _opened(path: Path, name: str) -> Book:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileRefused(
            _("The file has more than %(most)s MB. Split it into several files, for example one a street.")
            % {"most": MOST_BYTES // 1024 // 1024},
            code="too_large",
        )
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise FileRefused(_("The file is empty. Check that the right one was sent."), code="empty")
    if start.startswith(b"PK"):
        return _open_zip(path)
    if start.startswith(ole.MAGIC):
        return _open_compound(path)
    return _open_text(path, name, start)


def _open_zip(path: Path) -> Book:
    entries = Archive(path).entries
    if WORKBOOK in entries:
        return XlsxBook(path)
    if any(entry.lower().endswith((".xlsx", ".xls", ".csv")) for entry in entries):
        raise _packed()
    raise save_as_xlsx()  # .xlsb, .ods, .numbers, .docx…


def _open_compound(path: Path) -> Book:
    container = ole.Container(path.read_bytes())
    if "EncryptedPackage" in container.names:
        raise locked()
    if container.names & {"Workbook", "Book"}:
        return XlsBook(path, container)
    if not container.names:
        raise cut_short()
    raise save_as_xlsx()


def _open_text(path: Path, name: str, start: bytes) -> Book:
    if start.startswith(_ARCHIVES):
        raise _packed()
    if start.startswith(_OTHERS):
        raise save_as_xlsx()
    head = start.removeprefix(_UTF8_MARK).lstrip().lower()
    if head.startswith(b"<"):
        if b"<table" in head or b"<html" in head or b"<!doctype html" in head:
            return HtmlBook(path, name)
        raise save_as_xlsx()
    return CsvBook(path, name)


def _packed() -> FileRefused:
    return FileRefused(_("This is a packed archive. Unpack it and send the workbook inside."), code="packed")
