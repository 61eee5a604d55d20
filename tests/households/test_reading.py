"""From the sender's file to cells: every kind that is sent, and every way a file can be bad."""

import contextlib
import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from openpyxl import Workbook

from households.loading.errors import FileRefused
from households.loading.files import calamine_book
from households.loading.files.cells import MOST_COLUMNS
from households.loading.files.sheet_xml import column_name, column_number, scan_sheet
from households.loading.reading import CellError, Merged, SheetFacts, open_book

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


# What a book says


def test_the_first_list_is_line_one_and_its_first_item_column_a(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(2, 1, "姓名")
        sheet.write(3, 3, "x")

    assert read(xlsx(tmp_path / "a.xlsx", fill)) == [
        ["", "", "", ""],
        ["", "", "", ""],
        ["", "姓名", "", ""],
        ["", "", "", "x"],
    ]


def test_cells_keep_their_kind(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["文", 3.30206e17, 5])
        sheet.write_boolean(0, 3, True)
        sheet.write_datetime(0, 4, date(1990, 1, 31), day)
        sheet.write_datetime(0, 5, MOMENT, moment)
        sheet.write(0, 6, 0.5, book.add_format({"num_format": "hh:mm"}))

    assert read(xlsx(tmp_path / "a.xlsx", fill)) == [["文", 3.30206e17, 5, True, date(1990, 1, 31), MOMENT, time(12)]]


def test_sheets_come_in_order_with_what_is_hidden_and_without_charts(tmp_path):
    def fill(book):
        plain(book)
        book.add_chartsheet("图").set_chart(chart := book.add_chart({"type": "line"}))
        chart.add_series({"values": "=一组!$A$1:$A$3"})
        book.add_worksheet("说明").hide()
        book.add_worksheet("字典").very_hidden()

    with open_book(xlsx(tmp_path / "a.xlsx", fill), "a.xlsx") as book:
        assert book.sheets == [
            SheetFacts(0, "一组", False, 3, 3),
            SheetFacts(2, "说明", True, 0, 0),
            SheetFacts(3, "字典", True, 0, 0),
        ]
        assert list(book.rows(2)) == []


def test_hidden_lines_and_merged_cells_are_told(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "底册")
        sheet.merge_range(1, 0, 3, 0, "3-2-501")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write(3, 1, "邬丽")
        sheet.set_column(5, 6, None, None, {"hidden": True})

    with open_book(xlsx(tmp_path / "a.xlsx", fill), "a.xlsx") as book:
        assert book.hidden_rows(0) == {3}
        assert book.merged(0) == [Merged(0, 0, 0, 2), Merged(1, 0, 3, 0)]


def test_a_formula_with_an_error_says_so_and_one_never_calculated_is_empty(tmp_path):
    book = Workbook()
    book.active.append(["x", "=A1", "y"])
    book.save(tmp_path / "never.xlsx")
    assert read(tmp_path / "never.xlsx") == [["x", "", "y"]]

    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_formula(1, 1, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write_formula(1, 2, "=A1", None, "好")

    row = read(xlsx(tmp_path / "a.xlsx", fill))[1]
    assert row == ["", "#N/A", "好"]
    assert isinstance(row[1], CellError)
    assert not isinstance(row[2], CellError)


def test_an_old_xls_says_the_same(tmp_path):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("一组")
    sheet.write_merge(0, 0, 0, 2, "底册")
    sheet.write(2, 0, "邬丽")
    sheet.write(2, 1, date(1990, 1, 31), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(2, 2, xlwt.Formula("1/0"))
    sheet.write(3, 0, "隐")
    sheet.row(3).hidden = True
    book.add_sheet("字典").visibility = 1
    book.save(str(tmp_path / "a.xls"))

    with open_book(tmp_path / "a.xls", "a.xls") as book:
        assert book.sheets == [SheetFacts(0, "一组", False, 4, 3), SheetFacts(1, "字典", True, 0, 0)]
        assert book.hidden_rows(0) == {4}
        assert book.merged(0) == [Merged(0, 0, 0, 2)]
        assert list(book.rows(0))[2][:2] == ["邬丽", date(1990, 1, 31)]


def test_errors_in_an_old_xls_are_found(tmp_path):
    """xlwt stores no results, so the record of the formula is written over with what Excel stores: #REF!."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("一组")
    sheet.write(0, 0, "邬丽")
    sheet.write(0, 1, xlwt.Formula("1/0"))
    sheet.write(0, 2, "x")
    book.save(stream := BytesIO())
    content = bytearray(stream.getvalue())
    formula = re.search(rb"\x06\x00.\x00\x00\x00\x01\x00", content).end()
    content[formula + 2 : formula + 10] = b"\x02\x00\x17\x00\x00\x00\xff\xff"
    row = read(saved(tmp_path / "a.xls", bytes(content)))[0]
    assert row == ["邬丽", "#REF!", "x"]
    assert isinstance(row[1], CellError)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_in_every_encoding_and_delimiter(tmp_path, encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in LINES)
    assert read(saved(tmp_path / "a.csv", text.encode(encoding))) == LINES


def test_quoted_line_breaks_short_lines_and_guarded_numbers_of_text_files(tmp_path):
    text = '姓名,住址,号\n"邬丽","一行\n二行",="330206199001010012"\n贺强\n'
    assert read(saved(tmp_path / "a.csv", text.encode())) == [
        ["姓名", "住址", "号"],
        ["邬丽", "一行\n二行", "330206199001010012"],
        ["贺强", "", ""],
    ]


def test_a_web_page_named_xls_is_read_as_its_tables(tmp_path):
    page = """<html><head><meta charset="gb2312"></head><body><table>
        <tr><td colspan=3>底册</td></tr><tr><th>门牌<th>姓名<th>电话</tr>
        <tr><td rowspan="2">3-2-501</td><td>邬丽&nbsp;</td><td>1</td></tr><tr><td>贺强</td><td>2</td></tr>
        </table></body></html>"""
    path = saved(tmp_path / "a.xls", page.encode("gb18030"))
    assert read(path) == [["底册", "", ""], ["门牌", "姓名", "电话"], ["3-2-501", "邬丽", "1"], ["", "贺强", "2"]]
    with open_book(path, "a.xls") as book:
        assert book.merged(0) == [Merged(0, 0, 0, 2), Merged(2, 0, 3, 0)]


def test_the_content_counts_and_not_the_name(tmp_path):
    path = xlsx(tmp_path / "a.xls", plain)
    assert read(path) == LINES
    assert read(path.rename(tmp_path / "a.csv")) == LINES
    assert read(saved(tmp_path / "b.xlsx", "\n".join(",".join(row) for row in LINES).encode())) == LINES


def test_blank_formatted_lines_and_columns_are_nothing(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        for line, row in enumerate(LINES):
            sheet.write_row(line, 0, row)
        framed = book.add_format({"border": 1})
        for line in range(3, 40_000):
            sheet.set_row(line, 18, framed)
        for column in range(16_384):
            sheet.write_blank(1, column, None, framed) if column > 2 else None

    with open_book(xlsx(tmp_path / "a.xlsx", fill, constant_memory=True), "a.xlsx") as book:
        assert book.sheets[0].lines == 3
        assert list(book.rows(0)) == LINES


def test_macros_and_links_are_left_alone(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, "='http://127.0.0.1:9/[x.xlsx]S'!A1", None, "缓存")
        sheet.write_url(0, 1, "http://127.0.0.1:9/", string="链接")

    path = xlsx(tmp_path / "a.xlsm", fill)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0" * 100)
    assert read(path) == [["缓存", "链接"]]


# What is refused


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


# The scan of a sheet's XML


def test_column_names():
    for number, name in [(1, "A"), (26, "Z"), (27, "AA"), (300, "KN"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]:
        assert column_name(number) == name
        assert column_number(name.encode()) == number


def test_a_scan_finds_the_widest_row_wherever_the_pieces_are_cut():
    def row(line: int, *columns: int) -> bytes:
        cells = b"".join(b'<c r="%s%d"><v>1</v></c>' % (column_name(column).encode(), line) for column in columns)
        return b'<row r="%d" spans="1:3">%s</row>' % (line, cells)

    sheet = b"<worksheet><sheetData>" + b"".join(
        [row(1, 1, 26), row(2, 3, 27), row(9, 52, 53), row(70, 1, 2), b'<row r="80"><c r="KN80" s="1"/></row>']
    )
    sheet += b"</sheetData></worksheet>"
    for size in (7, 50, 1000):
        scan = scan_sheet(sheet[at : at + size] for at in range(0, len(sheet), size))
        assert (scan.lines, scan.columns) == (70, 300)
