"""Empty workbooks to download: Excel can't damage what is filled in, and the loader understands all of it."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from households.loading.cleaning.people import read_people
from households.loading.fields import Field
from households.loading.files.reading import open_book
from households.loading.recognition.recognising import recognise
from households.loading.rows import NamedPlace
from households.loading.workbooks.blank_workbook import COLUMNS, Register, write_blank
from tests.households.workbooks.cast import with_check_digit

PLACES = [NamedPlace("新村", "一网格", "新村一组"), NamedPlace("新村", "一网格", "新村二组")]


def blank(register=Register.RESIDENTS, language="zh-hans"):
    out = BytesIO()
    write_blank(out, register, language=language, places=PLACES, tags=["独居老人", "残疾人"])
    return load_workbook(out)


@pytest.mark.parametrize("register", Register)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_all_columns_are_text_down_to_the_last_row(register, language):
    sheet = blank(register, language).worksheets[0]
    assert len([cell for cell in sheet[1] if cell.value]) == len(COLUMNS[register])
    assert all(cell.value for cell in sheet[2])
    columns = list(sheet.column_dimensions.values())
    assert {column.number_format for column in columns} == {"@"}
    assert sum(column.max - column.min + 1 for column in columns) == len(COLUMNS[register])


def test_what_has_few_values_has_a_drop_down():
    book = blank()
    sheet, lists = book.worksheets
    assert lists.sheet_state == "hidden"
    offered = {}
    for validation in sheet.data_validations.dataValidation:
        (cells,) = validation.sqref.ranges
        assert (cells.min_row, cells.max_row) == (3, 5002)
        name = validation.formula1.split("$")[1]
        offered[COLUMNS[Register.RESIDENTS][cells.min_col - 1]] = [cell.value for cell in lists[name] if cell.value]
    assert offered[Field.MICRO_GRID] == ["新村一组", "新村二组"]
    assert offered[Field.COMMUNITY] == ["新村"]
    assert offered[Field.TAGS] == ["独居老人", "残疾人"]
    assert len(offered[Field.SEX]) == 2
    assert {Field.RELATION, Field.RESIDENCE, Field.DWELLING, Field.DOCUMENT} <= set(offered)


FILLED = {
    Field.COMMUNITY: "新村",
    Field.GRID: "一网格",
    Field.MICRO_GRID: "新村一组",
    Field.ADDRESS: "3-2-501",
    Field.NAME: "邬丽",
    Field.NUMBER: with_check_digit("33020619900131003"),
    Field.PHONE: "13800000001",
    Field.TAGS: "独居老人",
    Field.NOTE: "周末在家",
}


@pytest.mark.parametrize("register", Register)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_filled_in_loads_without_a_correction(register, language, tmp_path):
    book = blank(register, language)
    sheet, lists = book.worksheets
    fields = COLUMNS[register]
    offered = {}
    for validation in sheet.data_validations.dataValidation:
        column = next(iter(validation.sqref.ranges)).min_col
        offered[fields[column - 1]] = lists[validation.formula1.split("$")[1]][0].value
    for at, field in enumerate(fields, start=1):
        sheet.cell(3, at, FILLED.get(field, offered.get(field, "")))
    book.save(tmp_path / "a.xlsx")

    places = []
    with open_book(tmp_path / "a.xlsx", "a.xlsx") as opened:
        plan = recognise(opened, "a.xlsx")
        (people,) = read_people(opened, plan, places, on=date(2026, 3, 9), tags={"独居老人": "elderly_alone"})
    (taken,) = plan.registers
    assert [column.field for column in taken.columns] == list(fields)
    assert (people.name, people.number, people.phone) == (["邬丽"], [FILLED[Field.NUMBER]], ["13800000001"])
    assert people.tags == [("elderly_alone",)]
    assert people.problems == [()]
    assert places == [NamedPlace("新村", "一网格", "新村一组")]
    if register == Register.RESIDENTS:
        assert (people.relation, people.residence, people.dwelling) == (["户主"], ["registered"], ["owned"])
        assert people.document == ["id_card"]
