"""From the sender's file to cells: every kind that is sent."""

import re
import zipfile
from datetime import date, time
from io import BytesIO

import pytest
import xlwt
from openpyxl import Workbook

from households.loading.files.reading import CellError, Merged, SheetFacts, open_book
from households.loading.files.sheet_xml import column_name, column_number, scan_sheet
from tests.households.book_files import LINES, MOMENT, plain, read, saved, xlsx


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
