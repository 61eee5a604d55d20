"""The lines that couldn't be loaded, back in the sender's layout."""

from datetime import date, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from households.loading.fields import Field, Problem
from households.loading.files.reading import Book, SheetFacts, open_book
from households.loading.plan import BookPlan, ColumnPlan, Shape, SheetPlan
from households.loading.workbooks.error_workbook import name_of_errors, write_errors

FIELDS = [Field.MICRO_GRID, Field.ADDRESS, Field.NAME, Field.RELATION, Field.NUMBER, Field.BORN_ON, ""]
HEADER = ["小组", "住址", "姓名", "与户主关系", "身份证号", "出生日期", "积分"]
DATA = [
    ["一组", "新村12号", "邬丽", "户主", "330206199001010012", date(1990, 1, 1), 1.5],
    ["", "", "贺强", "配偶", 3.302061990010100e17, "1990.1.1", "=1+1"],
    ["", "", "贺小", "子", "330206201001010013", "", ""],
    ["", "新村13号", "邱芳", "户主", "330206198001010011", "", ""],
    ["", "", "邱小", "女", "3302062010", "", ""],
]


@pytest.fixture
def sent(tmp_path) -> Path:
    path = tmp_path / "底册.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("新村")
        sheet.merge_range(0, 0, 0, 6, "新村村居民底册")
        sheet.merge_range(1, 0, 2, 0, "小组")
        sheet.merge_range(1, 1, 1, 6, "户")
        sheet.write_row(2, 1, HEADER[1:])
        for line, row in enumerate(DATA, start=3):
            sheet.write_row(line, 0, row)
        book.add_worksheet("说明").write(0, 0, "不要改")
    return path


def plan_of(shape: Shape = Shape.FIRST_LINE, markers: tuple[int, ...] = (1,), extra: str = "") -> BookPlan:
    names = [*HEADER, *([extra] if extra else [])]
    columns = [
        ColumnPlan(index, name, field=str(field))
        for index, (name, field) in enumerate(zip(names, [*FIELDS, ""], strict=False))
    ]
    sheet = SheetPlan(
        0, "新村", is_register=True, header_from=2, header_to=3, data_from=4, shape=shape, markers=list(markers)
    )
    sheet.columns = columns
    return BookPlan([sheet, SheetPlan(1, "说明")])


MARKS = {
    0: {
        5: [(Problem.NUMBER_DAMAGED, 4), (Problem.BORN_DIFFERS, 5)],
        6: [(Problem.SAME_PERSON, -1)],
        7: [(Problem.NUMBER_MISSING, 4)],
        8: [(Problem.NUMBER_LENGTH, 4)],
    }
}


def written(sent: Path, plan: BookPlan, marks, language: str = "zh-hans"):
    out = BytesIO()
    with open_book(sent, sent.name) as book:
        write_errors(book, plan, marks, out, language=language)
    return load_workbook(out)


def test_title_and_header_stay_and_only_grave_lines_follow_whole(sent):
    book = written(sent, plan_of(), MARKS)
    assert book.sheetnames == ["新村"]
    sheet = book["新村"]
    rows = [["" if cell is None else cell for cell in row[:6]] for row in sheet.iter_rows(values_only=True)]
    assert rows == [
        ["新村村居民底册", "", "", "", "", ""],
        ["小组", "户", "", "", "", ""],
        ["", *HEADER[1:6]],
        ["一组", "新村12号", "贺强", "配偶", "3.30206E+17", "1990.1.1"],
        ["一组", "新村12号", "贺小", "子", "330206201001010013", ""],
        ["一组", "新村13号", "邱小", "女", "3302062010", ""],
    ]
    assert {str(cells) for cells in sheet.merged_cells.ranges} == {"A1:G1", "A2:A3", "B2:G2"}
    assert sheet["H3"].value == "问题"


def test_offending_cells_are_coloured_and_say_how_to_mend(sent):
    sheet = written(sent, plan_of(), MARKS, language="en")["新村"]
    colours = {name: sheet[name].fill.start_color.rgb for name in ("E4", "F4", "C5", "E6", "C4")}
    assert colours == {"E4": "FFFFC7CE", "F4": "FFDDEBF7", "C5": "FFFFEB9C", "E6": "FFFFC7CE", "C4": "00000000"}
    assert "Format the column as text" in sheet["E4"].comment.text
    assert "Is it the same person?" in sheet["C5"].comment.text
    assert sheet["H3"].value == "Problem"
    assert sheet["H4"].value == sheet["E4"].comment.text + "\n" + sheet["F4"].comment.text


def test_a_problem_of_the_whole_line_is_shown_where_it_is_mended(sent):
    sheet = written(sent, plan_of(), {0: {4: [(Problem.PLACE_UNKNOWN, -1)], 5: [(Problem.NO_HOUSEHOLD, -1)]}})["新村"]
    assert [bool(sheet[name].comment) for name in ("A4", "B5", "C4", "C5")] == [True, True, False, False]


def test_texts_stay_texts_and_formulas_are_none(sent):
    sheet = written(sent, plan_of(), MARKS)["新村"]
    assert sheet["G4"].value == "=1+1"
    assert sheet["G4"].data_type == "s"
    assert {sheet[name].number_format for name in ("E4", "E5", "G4")} == {"@"}
    first = written(sent, plan_of(), {0: {4: [(Problem.NO_NAME, 2)]}})["新村"]
    assert first["F4"].value.date() == date(1990, 1, 1)
    assert first["G4"].value == 1.5


def test_where_only_relations_part_households_the_head_gives_the_door(sent):
    sheet = written(sent, plan_of(Shape.HEAD_FIRST, ()), {0: {8: MARKS[0][8], 5: MARKS[0][5]}})["新村"]
    names = [(sheet.cell(line, 2).value, sheet.cell(line, 3).value) for line in range(4, sheet.max_row + 1)]
    assert names == [("新村12号", "贺强"), ("新村13号", "邱小")]


def test_without_any_door_the_first_line_of_the_household_comes_along(sent):
    plan = plan_of(Shape.HEAD_FIRST, ())
    plan.sheets[0].columns[1].field = ""
    sheet = written(sent, plan, {0: {8: MARKS[0][8], 4: MARKS[0][5], 5: MARKS[0][5]}})["新村"]
    assert [sheet.cell(line, 3).value for line in range(4, sheet.max_row + 1)] == ["邬丽", "贺强", "邱芳", "邱小"]
    assert [bool(sheet.cell(line, 8).value) for line in range(4, sheet.max_row + 1)] == [True, True, False, True]


def test_whatever_a_cell_holds_can_be_sent_back(tmp_path):
    odd = [
        float("inf"),
        float("nan"),
        True,
        3.3e17,
        10**17,
        date(1899, 12, 30),
        time(12),
        timedelta(days=3),
        "x" * 40_000,
    ]

    class OddBook(Book):
        sheets = [SheetFacts(0, "新村", False, 2, len(odd))]

        def rows(self, index):
            return iter([HEADER[:1] * len(odd), odd])

    sheet = SheetPlan(0, "新村", is_register=True, header_from=1, header_to=1, data_from=2)
    out = BytesIO()
    write_errors(OddBook(), BookPlan([sheet]), {0: {2: [(Problem.NO_NAME, 0)]}}, out, language="en")
    shown = [cell.value for cell in load_workbook(out)["新村"][2]]
    assert shown[:5] == ["INF", "NAN", "TRUE", 3.3e17, 10**17]
    assert len(shown[8]) == 32_767


def test_an_error_workbook_loaded_again_gets_no_second_column(tmp_path, sent):
    out = tmp_path / "again.xlsx"
    with open_book(sent, sent.name) as book:
        assert write_errors(book, plan_of(), MARKS, out, language="zh-hans") == 3
    again = written(out, plan_of(extra="问题"), {0: {4: [(Problem.NUMBER_LENGTH, 4)]}})["新村"]
    assert again.max_column == 8
    assert again["H4"].value == str(Problem.NUMBER_LENGTH.label)


def test_no_comment_beyond_what_excel_opens_quickly(sent, monkeypatch):
    monkeypatch.setattr("households.loading.workbooks.error_workbook.MOST_COMMENTS", 1)
    sheet = written(sent, plan_of(), MARKS)["新村"]
    assert [bool(sheet[name].comment) for name in ("E4", "F4", "C5", "E6")] == [True, False, False, False]
    assert sheet["H6"].value


def test_names_of_sheets_and_files_are_made_to_fit(tmp_path, sent):
    plan = plan_of()
    plan.sheets[0].name = "新村/居民[2026]" + "很长的名字" * 8
    assert written(sent, plan, MARKS).sheetnames == [("新村 居民 2026 " + "很长的名字" * 8)[:31]]
    once = name_of_errors("新村底册.xls")
    assert once.startswith("新村底册")
    assert once.endswith(".xlsx")
    assert name_of_errors(once) == once
