"""From cells to clean people: what a line becomes, what is wrong with it, and which lines are nobody's."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from households.loading.cleaning.identity import check_number
from households.loading.cleaning.number_columns import NumberReader
from households.loading.files.cells import CellError, Merged
from households.loading.plan import Shape
from households.models import Household, Resident
from tests.households.sheets import TODAY, Read, Sheets, card, read, sheet_plan

HEADERS = (
    "序号= 住址=address 姓名=name 证件类型=document 身份证号=number 性别=sex 出生日期=born_on 电话=phone 关系=relation "
    "户籍类型=residence 标签=tags 备注=note"
)
ZHANG = [
    "1",
    "3幢2单元501室",
    "张三",
    "身份证",
    card("19800101"),
    "男",
    "1980-01-01",
    "13800000001",
    "户主",
    "户籍",
    "",
    "",
]


def line(**cells: Any) -> list[Any]:
    """张三's line with other cells."""
    names = [column.partition("=")[2] or "serial" for column in HEADERS.split()]
    changed: list[Any] = list(ZHANG)
    for name, cell in cells.items():
        changed[names.index(name)] = cell
    return changed


def problems_of(**cells: object) -> list[tuple[str, int]]:
    found = read(HEADERS, "address", [line(**cells)], tags={"低保": "allowance"})
    return list(found.people.problems[0])


def test_a_line_in_order_becomes_a_person_in_order() -> None:
    people = read(HEADERS, "address", [ZHANG], data_from=1).people
    assert people.sheet == [0]
    assert people.line == [1]
    assert (people.name, people.initials) == (["张三"], ["zs"])
    assert (people.address, people.address_key) == (["3幢2单元501室"], ["3-2-501"])
    assert (people.document, people.number, people.number_check) == (["id_card"], [card("19800101")], ["valid"])
    assert (people.sex, people.born_on, people.phone) == (["male"], [date(1980, 1, 1)], ["13800000001"])
    assert (people.relation, people.residence) == (["户主"], ["registered"])
    assert people.problems == [()]


def test_all_codes_are_codes_of_the_register() -> None:
    people = read(HEADERS, "address", [line(), line(residence="港澳台", document="护照", number="G12345678")]).people
    assert set(people.document) <= set(Resident.Document.values)
    assert set(people.residence) <= set(Resident.Residence.values)
    assert set(people.number_check) <= set(Resident.NumberCheck.values)
    assert set(people.sex) <= set(Resident.Sex.values)
    assert set(people.dwelling) - {""} <= set(Household.Dwelling.values)


def test_lines_are_counted_as_the_sender_counts_them_in_every_chunk() -> None:
    lines = [["标题"], ["姓名"], *([f"张{name}"] for name in "一二三四五")]
    found = read("姓名=name", "head_first", lines, data_from=3, chunk=2)
    assert found.people.line == [3, 4, 5, 6, 7]


def test_sex_and_birth_date_come_from_the_number() -> None:
    people = read(HEADERS, "address", [line(number=card("19800101", 2), sex="", born_on="")]).people
    assert (people.sex, people.born_on) == (["female"], [date(1980, 1, 1)])


def test_the_number_counts_when_sex_or_birth_date_differ() -> None:
    found = read(HEADERS, "address", [line(sex="女", born_on="1981-01-01")])
    assert (found.people.sex, found.people.born_on) == (["male"], [date(1980, 1, 1)])
    assert found.people.problems == [(("sex_differs", 5), ("born_differs", 6))]


def test_a_month_that_fits_the_number_differs_in_nothing() -> None:
    assert problems_of(number=card("19800115"), born_on="1980-01") == []
    assert problems_of(number=card("19800115"), born_on="1980-02") == [("born_differs", 6)]
    assert problems_of(number=card("19800115"), born_on="1980-01-01") == [("born_differs", 6)]


def test_cells_that_the_number_makes_needless_may_be_odd() -> None:
    assert problems_of(sex="#VALUE!", born_on=CellError("#VALUE!")) == []
    assert problems_of(number="", sex="X", born_on="猴年") == [
        ("sex_unknown", 5),
        ("date_unknown", 6),
        ("number_missing", 4),
    ]


def test_each_problem_is_told_with_its_column() -> None:
    assert problems_of(name="") == [("no_name", 2)]
    assert problems_of(name="张三1") == [("name_odd", 2)]
    assert problems_of(name=CellError("#N/A")) == [("formula_error", 2)]
    assert problems_of(number=3.30206198001011e17) == [("number_damaged", 4)]
    assert problems_of(number="330206198001010016") == [("number_check_digit", 4)]
    assert problems_of(number="33020619800101") == [("number_length", 4)]
    assert problems_of(number="") == [("number_missing", 4)]
    assert problems_of(phone="1380000") == [("phone_unknown", 7)]
    assert problems_of(phone="13800000001/13900000002") == [("phone_second", 7)]
    assert problems_of(relation="干爹") == [("relation_unknown", 8)]
    assert problems_of(residence="甲类") == [("residence_unknown", 9)]
    assert problems_of(tags="低保、飞行员") == [("tag_unknown", 10)]
    assert problems_of(address="") == [("no_household", -1)]
    assert ("formula_error", 1) in problems_of(address="#REF!")


def test_a_damaged_number_is_never_kept() -> None:
    for cell in (3.30206198001011e17, "3.30206E+17", "330206199001011000"):
        people = read(HEADERS, "address", [line(number=cell)]).people
        assert (people.number, people.number_check) == ([""], [""])


def test_two_telephones_leave_no_number_in_the_note() -> None:
    people = read(HEADERS, "address", [line(phone="0574-86700001/13900000002", note="常年在外")]).people
    assert (people.phone, people.note) == (["13900000002"], ["常年在外"])


def test_notes_take_what_stood_beside_the_name() -> None:
    people = read(HEADERS, "address", [line(name="张三(已婚)", note="党员")]).people
    assert (people.name, people.note) == (["张三"], ["党员；已婚"])


def test_other_documents_are_taken_as_such() -> None:
    lines = [line(document="护照", number="G12345678"), line(document="", number="H12345678")]
    people = read(HEADERS, "address", lines).people
    assert people.document == ["passport", "permit"]
    assert people.number_check == ["unchecked", "unchecked"]


def test_a_child_is_a_son_or_a_daughter_by_sex() -> None:
    lines = [line(relation="子女"), line(relation="子女", number=card("20100101", 2), sex="")]
    assert read(HEADERS, "address", lines).people.relation == ["子", "女"]


def test_a_tag_column_of_its_own_and_several_tag_columns() -> None:
    found = read(
        "住址=address 姓名=name 低保=tags 标签=tags",
        "address",
        [["1号", "张三", "是", "残疾"], ["1号", "李四", "否", ""]],
        tags={"低保": "allowance", "残疾": "disabled"},
    )
    assert found.people.tags == [("allowance", "disabled"), ()]


def test_what_is_nobodys_line_is_left_out_and_noted() -> None:
    header = [
        "序号",
        "住址",
        "姓名",
        "证件类型",
        "身份证号",
        "性别",
        "出生日期",
        "电话",
        "关系",
        "户籍类型",
        "标签",
        "备注",
    ]
    blank = [""] * 12
    lines = [
        ZHANG,
        blank,
        ["", "", "李四(长子)", *[""] * 9],
        header,
        ["2", *[""] * 8, "户籍", "", ""],
        ["合计", "", "2人", *[""] * 9],
        ["共2户3人", *[""] * 11],
        ["填表人：王五", "", "", "", "审核人：赵六", *[""] * 7],
        ["说明：本表由各村填写，一式两份。", *[""] * 11],
        line(name="例：张三"),
    ]
    found = read(HEADERS, "head_first", lines)
    assert found.people.line == [1, 3]
    assert found.skipped.blank == 2
    assert found.skipped.headers == [(0, 4)]
    assert found.skipped.totals == [(0, 6), (0, 7)]
    assert found.skipped.remarks == [(0, 8), (0, 9), (0, 10)]


def test_the_second_header_line_is_known_when_it_comes_again() -> None:
    plan = sheet_plan("房屋/楼栋=building 房屋/室=room 成员/姓名=name 成员/关系=relation", "address")
    lines = [
        ["3", "501", "张三", "户主"],
        ["房屋", "", "成员", ""],
        ["楼栋", "室", "姓名", "关系"],
        ["3", "502", "李四", ""],
    ]
    found = Read(Sheets(lines), plan)
    assert found.people.name == ["张三", "李四"]


@pytest.mark.parametrize(
    ("micro_grid", "address"),
    [
        ("3号楼", "3号楼2单元501室"),
        ("紫荆花园十幢", "紫荆花园十幢2单元501室"),
        ("1-3幢", "2单元501室"),
        ("新村三组", "2单元501室"),
        ("", "2单元501室"),
    ],
)
def test_a_micro_grid_named_for_a_building_says_the_building(micro_grid: str, address: str) -> None:
    lines = [["2", "501", "张三"]]
    told = read("单元=stairwell 室=room 姓名=name", "address", lines, place={"micro_grid": micro_grid})
    assert told.people.address == [address]


def test_a_million_blank_lines_are_only_counted() -> None:
    lines = [["1号", "张三"], *([["", ""]] * 50_000), ["2号", "李四"]]
    found = read("住址=address 姓名=name", "address", lines)
    assert found.people.line == [1, 50_002]
    assert found.skipped.blank == 50_000
    assert found.skipped.remarks == []


def test_hidden_and_left_out_sheets_are_not_read() -> None:
    headers = "住址=address 姓名=name"
    book = Sheets([["1号", "张三"]], [["2号", "李四"]], [["3号", "王五"]])
    plans = [sheet_plan(headers, "address", index=index, is_taken=index != 1) for index in range(3)]
    found = Read(book, *plans)
    assert (found.people.name, found.people.sheet) == (["张三", "王五"], [0, 2])
    assert found.people.home == [0, 1]


def test_a_template_that_names_a_column_beyond_the_sheet_reads_it_as_blank() -> None:
    found = read("住址=address 姓名=name 电话=phone", "address", [["1号", "张三"]])
    assert found.people.phone == [""]


WRITTEN = st.one_of(
    st.dates(date(1930, 1, 1), TODAY).flatmap(lambda day: st.integers(0, 999).map(lambda n: card(f"{day:%Y%m%d}", n))),
    st.from_regex(r"[0-9]{14,18}[0-9Xx]?", fullmatch=True),
    st.sampled_from(["", "无", "3.30206E+17", "330206198001010000", "H12345678", "110105491231002", 3.3e17, 1.0]),
    st.text(max_size=20),
)


@given(st.lists(WRITTEN, max_size=20))
def test_a_column_of_numbers_says_what_each_cell_says_by_itself(cells: list) -> None:
    columns = NumberReader(TODAY).read(cells, None)
    for position, cell in enumerate(cells):
        facts = check_number(cell, on=TODAY)
        assert columns.number[position] == facts.number
        assert columns.check[position] == facts.check
        assert columns.document[position] == facts.document
        assert (columns.sex[position], columns.born_on[position]) == (facts.sex, facts.born_on)
        assert columns.problems.get(position, ()) == facts.problems


ANY_CELL = st.one_of(
    WRITTEN,
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.dates(),
    st.sampled_from(
        ["", "同上", "张三", "户主", "合计", "3-2-501", "H0001", CellError("#REF!"), time(8), timedelta(3)]
    ),
)
EVERYTHING = (
    "社区=community 微网格=micro_grid 户号=household_number 住址=address 楼栋=building 室=room 户主=head_name "
    "户主身份证=head_number 用途=dwelling 房东电话=landlord_phone 姓名=name 证件=document 号码=number 电话=phone "
    "性别=sex 出生=born_on 关系=relation 户籍=residence 迁入=moved_in_on 标签=tags 备注=note "
    "成员1姓名=name:1 成员1号码=number:1"
)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(Shape.values), st.lists(st.lists(ANY_CELL, min_size=23, max_size=23), max_size=3))
def test_no_cell_whatever_breaks_the_reading(shape: str, lines: list[list]) -> None:
    merged = [Merged(0, 3, 2, 3), Merged(1, 1, 4, 1)]
    found = read(EVERYTHING, shape, lines, merged=merged, chunk=2, markers=[3] if shape == Shape.MERGED else [])
    assert all(len(address) <= 120 for address in found.people.address)
    assert all(len(name) <= 61 for name in found.people.name)


def test_chunks_make_no_difference() -> None:
    names = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"
    lines = [
        [f"1-{n % 7 // 3 + 1}-{101 + n // 3}", f"张{name}", card("19800101", n), ("户主", "妻", "子")[n % 3]]
        for n, name in enumerate(names)
    ]
    for shape in ("first_line", "head_first", "address"):
        whole = read("住址=address 姓名=name 身份证=number 关系=relation", shape, lines).people
        for chunk in (1, 3, 7):
            again = read("住址=address 姓名=name 身份证=number 关系=relation", shape, lines, chunk=chunk).people
            assert (again.home, again.name, again.address, again.born_on) == (
                *(whole.home, whole.name, whole.address, whole.born_on),
            )
