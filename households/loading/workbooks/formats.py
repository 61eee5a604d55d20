"""What people really send, for the import screens of the configuration too: any .xlsx, .xls or .csv, read as loads are.

django-import-export asks a format for a dataset. These give the first filled, visible sheet as it stands, from its line
1 on, so that errors name the sender's own lines; where its header is, the resource finds out (`SheetResource`). Files
are written as before: .xlsx, or .csv for Excel.
"""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from import_export.formats.base_formats import XLS, XLSX
from tablib import Dataset

from accounts.spreadsheets import CsvForExcel
from households.loading.files.reading import Book, Cell, open_book


class _AsSent:
    """Reads by what the file is, not by what it is called."""

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Dataset:
        """Raises `FileRefused`, whose one sentence the import screen shows."""
        with tempfile.NamedTemporaryFile(prefix="weige-") as file:
            file.write(in_stream)
            file.flush()
            with open_book(Path(file.name), "file") as book:
                return _dataset(book)

    def can_import(self) -> bool:
        return True

    def is_binary(self) -> bool:
        return True


class AnyXlsx(_AsSent, XLSX):
    pass


class AnyXls(_AsSent, XLS):
    @classmethod
    def is_available(cls) -> bool:
        return True  # read by the loader: the library that tablib would want isn't needed

    def get_title(self) -> str:
        return "xls"

    def get_extension(self) -> str:
        return "xls"

    def can_export(self) -> bool:
        return False


class AnyCsv(_AsSent, CsvForExcel):
    pass


FORMATS = (AnyXlsx, AnyXls, AnyCsv)


def _dataset(book: Book) -> Dataset:
    filled = [sheet for sheet in book.sheets if sheet.lines]
    sheet = next((sheet for sheet in filled if not sheet.is_hidden), filled[0])
    lines = [[_plain(cell) for cell in line] for line in book.rows(sheet.index)]
    return Dataset(*lines[1:], headers=lines[0])


def _plain(cell: Cell) -> Cell:
    """A day without its midnight; everything else as it is."""
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return date(cell.year, cell.month, cell.day)
    return cell
