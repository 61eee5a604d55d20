"""Workbooks of Excel 97 to 2003 and of WPS's own .et, which has the same inside."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _
from python_calamine import SheetTypeEnum

from households.loading.errors import FileRefused
from households.loading.files.archive import cut_short, locked
from households.loading.files.calamine_book import CalamineBook, open_workbook, with_errors
from households.loading.files.cells import MOST_CELLS, Cell, CellError
from households.loading.files.ole import Container

_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_FILEPASS, _BOUNDSHEET, _BOF, _EOF, _ROW = 0x2F, 0x85, 0x809, 0x0A, 0x208
_FORMULA, _BOOLERR = 0x06, 0x205
_VALUES = frozenset({_FORMULA, _BOOLERR, 0x203, 0x27E, 0xBD, 0xFD, 0x204, 0xD6})
"""The records of cells with a value: NUMBER, RK, MULRK, LABELSST, LABEL and RSTRING beside the two above."""
_ZERO_HEIGHT = 0x20
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass(slots=True)
class _Scan:
    lines: int = 0
    columns: int = 0
    hidden: set[int] = field(default_factory=set)
    errors: dict[int, dict[int, CellError]] = field(default_factory=dict)


class XlsBook(CalamineBook):
    """An .xls. The parser reads all sheets at once and dense, so that their extents are summed up before."""

    def __init__(self, path: Path, container: Container) -> None:
        name = "Workbook" if "Workbook" in container.names else "Book"
        self._scans = _scan_stream(container.stream(name))
        if sum(scan.lines * scan.columns for scan in self._scans) > MOST_CELLS:
            raise FileRefused(
                _("The workbook is too large. Split it into several files, for example one a village."),
                code="too_large",
            )
        workbook = open_workbook(path, suffixes=(".xls",))
        sheets = enumerate(workbook.sheets_metadata)
        super().__init__(workbook, [index for index, sheet in sheets if sheet.typ == SheetTypeEnum.WorkSheet])

    def rows(self, index: int) -> Iterator[list[Cell]]:
        rows = super().rows(index)
        errors = self._scans[index].errors if index < len(self._scans) else {}
        return with_errors(rows, errors) if errors else rows

    def hidden_rows(self, index: int) -> frozenset[int]:
        return frozenset(self._scans[index].hidden) if index < len(self._scans) else frozenset()


def _scan_stream(stream: bytes) -> list[_Scan]:
    """Scan all sheets, in the workbook's order. A stream too short to hold people gives nothing."""
    scans = []
    try:
        for start in _sheet_starts(stream):
            scans.append(_scan_sheet(stream, start))
    except struct.error as error:
        raise cut_short() from error
    return scans


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and length of each record's data, up to the end of this part of the stream."""
    read, end = _HEAD.unpack_from, len(stream) - 4
    depth = 0
    while at <= end:
        kind, length = read(stream, at)
        at += 4
        yield kind, at, length
        at += length
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth == 0:  # a chart within the sheet has its own begin and end
                return


def _sheet_starts(stream: bytes) -> list[int]:
    starts = []
    for kind, at, _length in _records(stream, 0):
        if kind == _FILEPASS:
            raise locked()
        if kind == _BOUNDSHEET:
            starts.append(struct.unpack_from("<I", stream, at)[0])
    return starts


def _scan_sheet(stream: bytes, start: int) -> _Scan:
    scan = _Scan()
    lines = columns = -1
    for kind, at, length in _records(stream, start):
        if kind in _VALUES:
            line, column = _PLACE.unpack_from(stream, at)
            lines = max(lines, line)
            columns = max(columns, column)
            code = _error_code(stream, kind, at)
            if code is not None:
                scan.errors.setdefault(line + 1, {})[column] = CellError(_ERRORS.get(code, "#VALUE!"))
        elif kind == _ROW and length >= 16 and struct.unpack_from("<I", stream, at + 12)[0] & _ZERO_HEIGHT:
            scan.hidden.add(struct.unpack_from("<H", stream, at)[0] + 1)
    scan.lines, scan.columns = lines + 1, columns + 1
    return scan


def _error_code(stream: bytes, kind: int, at: int) -> int | None:
    if kind == _BOOLERR and stream[at + 7]:
        return stream[at + 6]
    if kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
        return stream[at + 8]
    return None
