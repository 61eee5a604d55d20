"""Workbooks of today's Excel and WPS (.xlsx, .xlsm): data only. Macros are never run, links never followed."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from python_calamine import SheetTypeEnum

from households.loading.errors import FileRefused
from households.loading.files.archive import Archive, bomb, cut_short
from households.loading.files.calamine_book import CalamineBook, open_workbook, with_errors
from households.loading.files.cells import MOST_CELLS, MOST_COLUMNS, Cell, check_extent
from households.loading.files.sheet_xml import SheetScan, scan_sheet, valued_columns

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MOST_OF_A_PART = 16 * 1024 * 1024
MOST_OF_STRINGS = 400 * 1024 * 1024
"""A city's register has 140 MB of different texts."""
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


class XlsxBook(CalamineBook):
    """An .xlsx whose parts have all been weighed before the parser sees them."""

    def __init__(self, path: Path) -> None:
        archive = Archive(path)
        parts = _sheet_parts(archive)
        for name in archive.entries:
            if name.startswith("xl/") and name.endswith(".xml") and name.count("/") == 1:
                _weigh(archive, name)
        workbook = open_workbook(path, suffixes=(".xlsx", ".xlsm"))
        self._scans: dict[int, SheetScan] = {}
        cells = 0
        for index, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.name in parts:
                self._scans[index] = scan = _scan(archive, sheet.name, parts[sheet.name])
                cells += scan.lines * scan.columns + scan.unnumbered
        if cells > MOST_CELLS:
            raise FileRefused(
                _("The workbook is too large. Split it into several files, for example one a village."),
                code="too_large",
            )
        super().__init__(workbook, self._scans)

    def rows(self, index: int) -> Iterator[list[Cell]]:
        errors = self._scans[index].errors
        rows = super().rows(index)
        return with_errors(rows, errors) if errors else rows

    def hidden_rows(self, index: int) -> frozenset[int]:
        return frozenset(self._scans[index].hidden)


def _sheet_parts(archive: Archive) -> dict[str, str]:
    """Which part of the archive holds the sheet of that name."""
    workbook = _parsed(archive, WORKBOOK)
    targets = {relation.get("Id"): relation.get("Target", "") for relation in _parsed(archive, RELATIONS)}
    parts = {}
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        target = targets.get(sheet.get(_RELATION_ID) or sheet.get(_STRICT_RELATION_ID), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in archive.entries:
            parts[sheet.get("name", "")] = part
    return parts


def _parsed(archive: Archive, name: str) -> ElementTree.Element:
    if name not in archive.entries:
        raise cut_short()
    content = archive.read(name, most=MOST_OF_A_PART)
    if _DECLARATION.search(content):
        raise bomb()
    try:
        return ElementTree.fromstring(content)  # noqa: S314 - without a declaration there are no entities to expand
    except ElementTree.ParseError as error:
        raise cut_short() from error


def _weigh(archive: Archive, name: str) -> None:
    """Inflate a part for its true size alone, and refuse declarations: no spreadsheet writes any."""
    size = 0
    for piece in archive.inflate(name):
        if size == 0 and _DECLARATION.search(piece):
            raise bomb()
        size += len(piece)
        if size > MOST_OF_STRINGS:
            raise bomb()


def _scan(archive: Archive, name: str, part: str) -> SheetScan:
    scan = scan_sheet(archive.inflate(part))
    if scan.columns > MOST_COLUMNS or scan.lines * scan.columns > MOST_CELLS:
        scan.columns = valued_columns(archive.inflate(part))
    check_extent(name, scan.lines, scan.columns)
    return scan
