"""Empty workbooks to download: Excel can't damage what is filled in, and the loader understands all of it."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from households.loading.blank_workbook import COLUMNS, Register, write_blank
from households.loading.fields import Field
from households.loading.rows import NamedPlace

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
