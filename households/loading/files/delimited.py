"""Comma-separated values, as Excel and WPS and web systems save them."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from households.loading.errors import FileRefused
from households.loading.files.cells import MOST_TEXT_LINES, Book, Cell, SheetFacts, check_extent

SAMPLE = 64 * 1024
DELIMITERS = (",", "\t", ";", "|")
_BINARY = frozenset(range(32)) - {9, 10, 12, 13}
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class CsvBook(Book):
    """One sheet, named like the file. Read once through at the start, so that what is wrong is said at once."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._encoding = encoding_of(path)
        with self._open() as file:
            sample = file.read(SAMPLE)
        if any(ord(character) in _BINARY for character in sample):
            raise _no_table()
        self._delimiter = _delimiter_of(sample)
        self._columns, lines = 0, 0
        self._guarded = False
        for row in self._lines():
            lines += 1
            self._columns = max(self._columns, len(row))
            self._guarded = self._guarded or any(cell.startswith('="') for cell in row)
            if lines > MOST_TEXT_LINES:
                check_extent(name, lines, self._columns)
        check_extent(name, lines, self._columns)
        self.sheets = [SheetFacts(0, Path(name).stem, False, lines, self._columns)]

    def rows(self, index: int) -> Iterator[list[Cell]]:
        columns, guarded = self._columns, self._guarded
        for row in self._lines():
            if guarded:
                row = [_unguarded(cell) for cell in row]
            if len(row) < columns:
                row += [""] * (columns - len(row))
            yield row  # type: ignore[misc]  # a list of texts is a list of cells that nobody adds to

    def _open(self):
        return self._path.open(encoding=self._encoding, newline="")

    def _lines(self) -> Iterator[list[str]]:
        with self._open() as file:
            reader = csv.reader(file, delimiter=self._delimiter)
            try:
                yield from reader
            except csv.Error as error:
                raise FileRefused(
                    _("Line %(line)s has a quotation mark that is never closed. Mend the line and send the file again.")
                    % {"line": reader.line_num},
                    code="quote_open",
                ) from error


def encoding_of(path: Path) -> str:
    """UTF-8, UTF-16 by its mark, or GB18030 (which holds GBK and GB2312): the first that the whole file is valid in."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            candidates = [encoding]
            break
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1024 * 1024):
                    pass
        except UnicodeError:
            continue
        return encoding
    raise FileRefused(
        _(
            "The characters of this file can't be read: it is neither UTF-8 nor GB18030."
            " Open it in Excel or WPS and save it as .xlsx."
        ),
        code="encoding",
    )


def _delimiter_of(sample: str) -> str:
    """The delimiter that cuts most lines into the same number of parts, more than one."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]
    counts = {delimiter: [line.count(delimiter) for line in lines] for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: _evenness(counts[delimiter]))
    if not lines or not any(counts[best]):
        raise _no_table()
    return best


def _evenness(counts: list[int]) -> tuple[int, int]:
    cut = [count for count in counts if count]
    if not cut:
        return 0, 0
    usual = max(set(cut), key=cut.count)
    return cut.count(usual), usual


def _unguarded(cell: str) -> str:
    """The value within ="0123", which systems write so that Excel leaves long numbers alone."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _no_table() -> FileRefused:
    return FileRefused(
        _("This isn't a table. Send an Excel or WPS workbook (.xlsx, .xls) or a .csv file."), code="no_table"
    )
