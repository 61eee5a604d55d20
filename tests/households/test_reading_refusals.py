"""Every way a file can be bad: refused in one sentence, quickly, without eating the machine."""

import contextlib
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlwt
from openpyxl import Workbook

from households.loading.errors import FileRefused
from households.loading.files import calamine_book
from households.loading.files.cells import MOST_COLUMNS
from tests.households.book_files import HEADER, plain, read, refusal, rezipped, saved, xlsx


def test_an_empty_file_and_one_of_blanks(tmp_path):
    assert refusal(saved(tmp_path / "a.xlsx", b"")) == "empty"
    assert refusal(saved(tmp_path / "a.csv", b" \r\n\r\n")) == "empty"
    assert refusal(xlsx(tmp_path / "b.xlsx", lambda book: book.add_worksheet("一组"))) == "empty"


def test_a_sheet_whose_rows_and_cells_have_no_numbers(tmp_path):
    line = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % text.encode() for text in HEADER)
    sheet = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>%s</sheetData>"
    path = rezipped(xlsx(tmp_path / "a.xlsx", plain), sheet1=sheet % (b"<row>%s</row>" % line * 3) + b"</worksheet>")
    assert read(path) == [HEADER] * 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 \n" + bytes(range(256)), "other_kind"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "other_kind"),
        (b"Rar!\x1a\x07\x00" + bytes(99), "packed"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "other_kind"),
        (b"<html><body>no table</body></html>", "other_kind"),
        ("关于做好登记工作的通知\n各村要认真做好。".encode(), "no_table"),
        (b"\x00\x01\x02\x03,\x00\x05" * 50, "no_table"),
        ("姓名,电话\n邬丽,1".encode() + b"\xff\xff,\xff\n", "encoding"),
        ('姓名,电话\n"邬丽,1\n'.encode() + b"x,1\n" * 40_000, "quote_open"),
        (b"PK\x03\x04" + bytes(200), "cut_short"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cut_short"),
    ],
)
def test_what_is_no_register(tmp_path, content, code):
    assert refusal(saved(tmp_path / "a.xlsx", content)) == code


def test_a_workbook_packed_once_more(tmp_path):
    inner = xlsx(tmp_path / "a.xlsx", plain).read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("一组.xlsx", inner)
    assert refusal(tmp_path / "a.zip") == "packed"


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file whose streams are all at least 4096 bytes long, as small as can be."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    bodies = [content.ljust(-(-max(len(content), 4096) // 512) * 512, b"\0") for content in streams.values()]
    table, directory, at = [0xFFFFFFFD, end], b"", 2
    for name, body in zip(streams, bodies, strict=True):
        count = len(body) // 512
        table += [*range(at + 1, at + count), end]
        raw = (name + "\0").encode("utf-16-le")
        entry = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), 2, 1, free, free, free) + bytes(36)
        directory += entry + struct.pack("<III", at, len(body), 0)
        at += count
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 432
    sectors = struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory.ljust(512, b"\0")
    return header + sectors + b"".join(bodies)


def test_files_with_a_password(tmp_path):
    encrypted = compound({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(10)})
    assert refusal(saved(tmp_path / "a.xlsx", encrypted)) == "locked"
    globals_ = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0) + struct.pack("<HHH", 0x2F, 2, 1)
    assert refusal(saved(tmp_path / "a.xls", compound({"Workbook": globals_}))) == "locked"


def test_a_compound_file_of_another_program(tmp_path):
    assert refusal(saved(tmp_path / "a.xls", compound({"WordDocument": bytes(5000)}))) == "other_kind"


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_a_workbook_cut_short(tmp_path, share):
    for path in (xlsx(tmp_path / "a.xlsx", plain), old_xls(tmp_path / "a.xls")):
        whole = path.read_bytes()
        assert refusal(saved(path, whole[: int(len(whole) * share) - 1])) == "cut_short"


def old_xls(path: Path) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("一组")
    for line in range(2000):
        sheet.write(line, 0, f"第{line}人")
    book.save(str(path))
    return path


def test_a_zip_bomb_by_its_directory(tmp_path):
    path = rezipped(xlsx(tmp_path / "a.xlsx", plain), sheet1=b"<worksheet>" + bytes(20 * 1024 * 1024))
    assert path.stat().st_size < 100 * 1024
    assert refusal(path) == "bomb"


def test_a_zip_bomb_whose_directory_lies(tmp_path):
    path = rezipped(xlsx(tmp_path / "a.xlsx", plain), sheet1=b"<worksheet>" + bytes(20 * 1024 * 1024))
    content = path.read_bytes()
    true, claimed = struct.pack("<I", 20 * 1024 * 1024 + 11), struct.pack("<I", 5000)
    assert content.count(true) == 2
    assert refusal(saved(path, content.replace(true, claimed))) == "bomb"


def test_entities_are_not_expanded(tmp_path):
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    for part in ("workbook", "sharedStrings"):
        assert refusal(rezipped(xlsx(tmp_path / "a.xlsx", plain), **{part: entities})) == "bomb"


@pytest.mark.parametrize(("columns", "corner", "code"), [(1, 16_384, "too_wide"), (100, 1, "too_large")])
def test_a_value_in_the_last_corner_allocates_nothing(tmp_path, columns, corner, code):
    book = Workbook()
    book.active.append(["姓名"] * columns)
    book.active.cell(1_048_576, corner, "x")
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == code


def test_two_thousand_columns_are_too_many_and_three_hundred_are_not(tmp_path):
    for columns in (2000, MOST_COLUMNS + 1):
        path = xlsx(tmp_path / "a.xlsx", lambda book, n=columns: book.add_worksheet().write_row(0, 0, ["x"] * n))
        assert refusal(path) == "too_wide"
    path = xlsx(tmp_path / "a.xlsx", lambda book: book.add_worksheet().write_row(0, 0, ["x"] * MOST_COLUMNS))
    assert len(read(path)[0]) == MOST_COLUMNS
    assert refusal(saved(tmp_path / "a.csv", b",".join([b"x"] * 2000))) == "too_wide"


def test_a_panic_of_the_parser_is_the_files_damage(tmp_path, monkeypatch):
    class PanicException(BaseException):
        pass

    class Panicking:
        @staticmethod
        def from_path(path):
            raise PanicException("index out of bounds")

    monkeypatch.setattr(calamine_book, "CalamineWorkbook", Panicking)
    assert refusal(xlsx(tmp_path / "a.xlsx", plain)) == "cut_short"


def test_any_byte_of_a_workbook_may_be_wrong(tmp_path):
    """Whatever is broken, the answer is cells or a refusal, never an error of the program."""
    for whole in (xlsx(tmp_path / "a.xlsx", plain).read_bytes(), old_xls(tmp_path / "b.xls").read_bytes()):
        for at in range(0, len(whole), len(whole) // 60):
            broken = bytearray(whole)
            broken[at : at + 4] = struct.pack("<I", zlib.crc32(struct.pack("<I", at)))
            with contextlib.suppress(FileRefused):
                read(saved(tmp_path / "broken", bytes(broken)))
