"""The catalogue as Excel and CSV."""

from io import BytesIO

import openpyxl
import pytest
from django.utils import translation
from import_export.formats.base_formats import XLSX
from tablib import Dataset

from accounts.models import User
from accounts.spreadsheets import CsvForExcel
from grids.catalogue import load_departments
from incidents.catalogue_sheet import HEADERS
from incidents.models import Category
from incidents.resources import CategoryResource
from incidents.services.catalogue import FILE, current, load_categories, retire_category
from incidents.terms import terms_of


@pytest.fixture
def editor(db: None) -> User:
    load_departments()
    return User.objects.create_user("editor", name="管理员", password="correct-horse-staple")


def sheet(*rows: dict[str, object]) -> Dataset:
    columns = list(rows[0])
    return Dataset(*[[row.get(column) for column in columns] for row in rows], headers=columns)


def take(dataset: Dataset, editor: User | None = None, **options: object):
    return CategoryResource().import_data(dataset, user=editor, rollback_on_validation_errors=True, **options)


def messages_of(result) -> list[str]:
    told = [str(error.error) for error in result.base_errors]
    return told + [message for row in result.invalid_rows for message in row.error.messages]


ROAD = {"编码": "90", "名称": "道路", "级别": "", "主办部门": ""}
LAMP = {"编码": "9001", "名称": "路灯不亮", "级别": "2", "主办部门": "power"}


def test_the_starting_file_is_itself_a_sheet_that_can_be_imported(editor: User) -> None:
    result = take(CsvForExcel().create_dataset(FILE.read_bytes()), editor)
    assert messages_of(result) == []
    assert result.totals["new"] == Category.objects.count() >= 60
    assert not Category.objects.exclude(started_by=editor).exists()


@pytest.mark.parametrize("file_format", [XLSX, CsvForExcel])
def test_what_is_exported_comes_back_unchanged(editor: User, file_format: type) -> None:
    load_categories()
    Category.objects.exclude(code__startswith="02").delete()
    before = {category.code: terms_of(category) for category in Category.objects.all()}
    exported = file_format().export_data(CategoryResource().export())

    result = take(file_format().create_dataset(exported), editor)
    assert (messages_of(result), result.totals["skip"]) == ([], len(before))

    Category.objects.all().delete()
    result = take(file_format().create_dataset(exported), editor)
    assert {category.code: terms_of(category) for category in Category.objects.all()} == before


def test_the_export_has_chinese_headers_and_codes_as_text(editor: User) -> None:
    load_categories()
    book = openpyxl.load_workbook(BytesIO(XLSX().export_data(CategoryResource().export())))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == tuple(chinese for chinese, _english in HEADERS.values())
    assert rows[1][0] == "01"


def test_retired_entries_are_not_exported(editor: User) -> None:
    load_categories()
    retire_category("020101", actor=editor)
    assert "020101" not in CategoryResource().export()["编码"]


@pytest.mark.parametrize("headers", [["编码", "名称"], ["Code", "Name"], ["code", "name"], ["CODE", " name "]])
def test_headers_may_be_chinese_english_or_plain(editor: User, headers: list[str]) -> None:
    assert messages_of(take(Dataset(["90", "道路"], headers=headers), editor)) == []
    assert current("90").name == "道路"


def test_a_csv_of_a_chinese_excel_is_read(editor: User) -> None:
    dataset = CsvForExcel().create_dataset("编码,名称\n90,道路\n".encode("gb18030"))
    take(dataset, editor)
    assert current("90").name == "道路"


def test_a_code_that_a_spreadsheet_took_for_a_number_is_understood(editor: User) -> None:
    take(sheet({"编码": 2, "名称": "公共设施", "级别": None}, {"编码": 201.0, "名称": "道路", "级别": None}), editor)
    assert sorted(Category.objects.values_list("code", flat=True)) == ["02", "0201"]


def test_groups_may_follow_their_entries_and_empty_lines_stand_between(editor: User) -> None:
    result = take(sheet(LAMP, {"编码": None}, ROAD), editor)
    assert messages_of(result) == []
    assert current("9001").level == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"级别": "7"}, "第 3 行，级别：应为 1、2、3、4；类目留空。"),
        ({"级别": "三级", "主办部门": ""}, "第 3 行，主办部门：设了级别即可上报，请填写主办部门。"),
        ({"主办部门": "没有这个队"}, "第 3 行，主办部门：没有在用的部门“没有这个队”。"),
        ({"名称": " "}, "第 3 行，名称："),
        ({"编码": "9a"}, "第 3 行，编码：类别编码应为 2、4 或 6 位数字。"),
        ({"编码": "9101"}, "第 3 行，编码：没有上级条目 91"),
        ({"编码": "90"}, "第 3 行，编码：文件中编码重复"),
        ({"时限（分钟）": "两小时"}, "第 3 行，时限（分钟）：时限请填整数分钟"),
        ({"时限（分钟）": "0"}, "第 3 行，时限（分钟）：时限至少 1 分钟"),
        ({"常用": "也许"}, "第 3 行，常用：请填“是”或“否”。"),
        ({"上级编码": "02"}, "第 3 行，上级编码：编码 9001 的上级应为 90"),
        ({"协办部门": "police;空队"}, "第 3 行，协办部门：没有在用的部门“空队”。"),
    ],
)
def test_a_bad_row_says_line_column_and_how_to_mend(editor: User, changes: dict[str, str], message: str) -> None:
    result = take(
        sheet({**ROAD, **dict.fromkeys(changes, ""), "编码": "90", "名称": "道路"}, {**LAMP, **changes}), editor
    )
    [told] = messages_of(result)
    assert told.startswith(message)
    assert not Category.objects.exists()  # the good row neither


def test_a_bad_row_is_told_in_english_too(editor: User) -> None:
    with translation.override("en"):
        result = take(sheet(ROAD, {**LAMP, "级别": "7"}), editor)
    assert messages_of(result) == ["Row 3, Level: A level is 1, 2, 3 or 4, or empty for a group."]


@pytest.mark.parametrize(
    ("headers", "word"), [(["编码", "名子"], "名子"), (["名称", "级别"], "编码"), (["编码", "Code"], "编码")]
)
def test_headers_that_are_unknown_missing_or_double_are_named(editor: User, headers: list[str], word: str) -> None:
    result = take(Dataset(["90", "91"], headers=headers), editor)
    [told] = messages_of(result)
    assert word in told
    assert not Category.objects.exists()


def test_a_preview_shows_old_and_new_and_writes_nothing(editor: User) -> None:
    take(sheet(ROAD, LAMP), editor)
    result = take(sheet({"编码": "9001", "级别": "3"}), editor, dry_run=True)
    assert result.totals["update"] == 1
    assert "<del>2</del> <ins>3</ins>" in result.rows[0].diff
    assert not any("style" in cell for cell in result.rows[0].diff)
    assert current("9001").level == 2


def test_a_column_that_the_file_lacks_stays_as_it_is(editor: User) -> None:
    take(sheet(ROAD, {**LAMP}), editor)
    take(sheet({"编码": "9001", "关键词": "路灯；不亮,黑"}), editor)
    entry = current("9001")
    assert (entry.version, entry.level, entry.keywords) == (2, 2, "路灯;不亮;黑")


def test_departments_may_be_named_in_words(editor: User) -> None:
    take(sheet(ROAD, {**LAMP, "主办部门": "供电所", "协办部门": "Police Station"}), editor)
    terms = terms_of(current("9001"))
    assert terms.lead.code == "power"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://example.com")'])
def test_what_looks_like_a_formula_leaves_as_text_and_comes_back_as_typed(editor: User, text: str) -> None:
    take(sheet({"编码": "90", "名称": text}), editor)
    exported = XLSX().export_data(CategoryResource().export())
    cell = openpyxl.load_workbook(BytesIO(exported)).active["C2"]
    assert (cell.data_type, cell.value) == ("s", f"'{text}")
    assert b"'" + text.encode()[:2] in CsvForExcel().export_data(CategoryResource().export())
    assert take(XLSX().create_dataset(exported), editor).totals["skip"] == 1
