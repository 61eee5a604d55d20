"""Small files of every kind, for the tests of reading."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from households.loading.errors import FileRefused
from households.loading.files.reading import open_book

HEADER = ["姓名", "身份证号", "电话"]
MOMENT = datetime.fromisoformat("1990-01-31T08:30")
LINES = [HEADER, ["邬丽", "330206199001010012", "13800000001"], ["贺强", "330206199001010039", ""]]


def xlsx(path: Path, fill, **options) -> Path:
    with xlsxwriter.Workbook(path, options) as book:
        fill(book)
    return path


def plain(book) -> None:
    sheet = book.add_worksheet("一组")
    for line, row in enumerate(LINES):
        sheet.write_row(line, 0, row)


def read(path: Path, name: str = "", sheet: int = 0) -> list[list]:
    with open_book(path, name or path.name) as book:
        return list(book.rows(sheet))


def refusal(path: Path) -> str:
    """The code of the refusal; its message must be one that a person can act on."""
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.message.endswith((".", "。"))
    assert 10 < len(refused.value.message) < 200
    return refused.value.code


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def rezipped(path: Path, **parts: bytes) -> Path:
    """The same archive with parts replaced: `sheet1` stands for xl/worksheets/sheet1.xml."""
    with zipfile.ZipFile(path) as archive:
        contents = {entry: archive.read(entry) for entry in archive.namelist()}
    for name, content in parts.items():
        contents[next(entry for entry in contents if entry.endswith(f"/{name}.xml"))] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in contents.items():
            archive.writestr(entry, content)
    return path
