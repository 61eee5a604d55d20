"""Which lines make a household, in all shapes; each read in one chunk and in chunks of two lines."""

import pytest

from households.loading.files.cells import Merged
from tests.households.sheets import Read, Sheets, card, read, sheet_plan

CHUNKS = pytest.mark.parametrize("chunk", [1, 2, 20_000])


@CHUNKS
def test_lines_with_the_same_household_number_belong_together_also_further_down(chunk: int) -> None:
    found = read(
        "户号=household_number 住址=address 姓名=name",
        "numbered",
        [["H00001", "3-2-501", "张三"], ["H00002", "3-2-502", "王五"], ["H00001", "3-2-501", "李四"]],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五"]]
    assert found.people.home == [0, 1, 0]


@CHUNKS
def test_a_household_number_on_the_first_line_only_goes_on_until_the_next(chunk: int) -> None:
    found = read(
        "户号=household_number 住址=address 姓名=name",
        "numbered",
        [["H00001", "3-2-501", "张三"], ["", "", "李四"], ["H00002", "3-2-502", "王五"], ["", "", "赵六"]],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五", "赵六"]]
    assert found.people.address == ["3-2-501", "3-2-501", "3-2-502", "3-2-502"]
    assert found.people.household_number == ["H00001", "H00001", "H00002", "H00002"]


@CHUNKS
def test_small_numbers_are_counted_afresh_in_each_place_and_sheet(chunk: int) -> None:
    headers = "组=micro_grid 户号=household_number 住址=address 姓名=name"
    lines = [["一组", 1.0, "1号", "张三"], ["一组", 1.0, "1号", "李四"], ["二组", 1.0, "9号", "王五"]]
    found = Read(
        Sheets(lines, [["一组", 1.0, "20号", "赵六"]]),
        sheet_plan(headers, "numbered"),
        sheet_plan(headers, "numbered", index=1),
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五"], ["赵六"]]
    assert found.people.household_number == ["1", "1", "1", "1"]


def test_a_long_household_number_holds_across_sheets() -> None:
    headers = "户号=household_number 姓名=name"
    found = Read(
        Sheets([["330206001", "张三"]], [["330206001", "李四"]]),
        sheet_plan(headers, "numbered"),
        sheet_plan(headers, "numbered", index=1),
    )
    assert found.homes == [["张三", "李四"]]


def test_a_damaged_household_number_puts_nobody_together() -> None:
    found = read(
        "户号=household_number 住址=address 姓名=name",
        "numbered",
        [[3.30206e17, "1号", "张三"], [3.30206e17, "2号", "王五"]],
    )
    assert found.homes == [["张三"], ["王五"]]
    assert found.problems == {1: ["number_damaged"], 2: ["number_damaged"]}


@CHUNKS
def test_lines_with_the_same_head_belong_together(chunk: int) -> None:
    found = read(
        "户主=head_name 住址=address 姓名=name",
        "head",
        [
            ["张三", "3-2-501", "张三"],
            ["张三", "3-2-501", "李四"],
            ["王五", "3-2-502", "王五"],
            ["张三", "9-1-101", "张三"],
            ["张三", "3幢2单元501室", "张小明"],
        ],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四", "张小明"], ["王五"], ["张三"]]
    assert found.people.relation == ["户主", "", "户主", "户主", ""]


def test_two_heads_of_one_name_without_addresses_are_told_apart_by_number() -> None:
    first, second = card("19700101"), card("19850505")
    found = read(
        "户主=head_name 户主身份证=head_number 姓名=name 身份证=number",
        "head",
        [["张三", first, "张三", first], ["张三", second, "张三", second], ["张三", first, "李四", ""]],
    )
    assert found.homes == [["张三", "李四"], ["张三"]]
    assert found.people.address_key == ["张3", "张3-2", "张3"]
    assert found.people.address == ["", "", ""]  # a door never bears a person's name


def test_a_damaged_number_of_the_head_is_not_used() -> None:
    found = read(
        "户主=head_name 户主身份证=head_number 住址=address 姓名=name",
        "head",
        [["张三", "3.30206E+17", "1号", "张三"], ["王五", "3.30206E+17", "2号", "王五"]],
    )
    assert found.homes == [["张三"], ["王五"]]


@CHUNKS
def test_merged_cells_hold_for_their_lines_and_no_further(chunk: int) -> None:
    found = read(
        "网格=grid 住址=address 姓名=name",
        "merged",
        [
            ["一网格", "3-2-501", "张三"],
            ["", "", "李四"],
            ["", "3-2-502", "王五"],
            ["", "", "赵六"],
            ["", "3-2-503", "钱七"],
        ],
        merged=[Merged(0, 0, 4, 0), Merged(0, 1, 1, 1)],
        markers=[1],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五"], ["赵六"], ["钱七"]]
    assert found.problems == {4: ["no_household"]}
    assert {place.grid for place in found.places} == {"一网格"}


@CHUNKS
def test_a_building_merged_over_many_households_is_part_of_each_address(chunk: int) -> None:
    found = read(
        "楼栋=building 单元=stairwell 室=room 姓名=name",
        "merged",
        [["3", "2", "501", "张三"], ["", "", "", "李四"], ["", "", "502", "王五"], ["4", "1", "101", "钱七"]],
        merged=[Merged(0, 0, 2, 0), Merged(0, 1, 2, 1), Merged(0, 2, 1, 2)],
        markers=[2],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五"], ["钱七"]]
    assert found.people.address == ["3幢2单元501室", "3幢2单元501室", "3幢2单元502室", "4幢1单元101室"]
    assert [place.hint for place in found.places] == ["3幢", "4幢"]


@CHUNKS
def test_a_household_on_its_first_line_is_filled_down(chunk: int) -> None:
    found = read(
        "序号= 微网格=micro_grid 住址=address 姓名=name 关系=relation",
        "first_line",
        [
            ["1", "甲", "3-2-501", "张三", "户主"],
            ["", "", "", "李四", "妻"],
            ["2", "", "3-2-502", "王五", "户主"],
            ["", "", "", "赵六", "妻"],
            ["3", "乙", "3-2-501", "钱七", "户主"],
        ],
        markers=[0],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五", "赵六"], ["钱七"]]
    assert [found.places[place].micro_grid for place in found.people.place] == ["甲", "甲", "甲", "甲", "乙"]


def test_a_household_written_again_further_down_is_joined_but_another_head_is_not() -> None:
    found = read(
        "住址=address 姓名=name 关系=relation",
        "first_line",
        [
            ["3-2-501", "张三", "户主"],
            ["", "李四", "妻"],
            ["3-2-502", "王五", "户主"],
            ["3幢2单元501", "张小明", "子"],
            ["3-2-501", "陈九", "户主"],
        ],
    )
    assert found.homes == [["张三", "李四", "张小明"], ["王五"], ["陈九"]]


@CHUNKS
def test_a_head_begins_a_household_and_the_members_follow(chunk: int) -> None:
    found = read(
        "住址=address 姓名=name 关系=relation",
        "head_first",
        [
            ["3-2-501", "张三（户主）", ""],
            ["", "李四", "配偶"],
            ["", "王五", "户主"],
            ["", "赵六", "配偶"],
        ],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五", "赵六"]]
    assert found.people.address == ["3-2-501", "3-2-501", "", ""]
    assert found.problems == {}


@CHUNKS
def test_one_address_is_one_household_however_it_is_written(chunk: int) -> None:
    found = read(
        "住址=address 姓名=name 关系=relation",
        "address",
        [["3-2-501", "张三", "户主"], ["3幢2单元501室", "李四", "户主"], ["", "王五", ""], ["3-2-502", "赵六", ""]],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五"], ["赵六"]]
    assert found.problems[3] == ["no_household"]
    assert "several_heads" in found.problems[2]


def test_the_same_address_in_another_place_or_estate_is_another_household() -> None:
    found = read(
        "社区=community 住址=address 姓名=name",
        "address",
        [["甲社区", "3-2-501", "张三"], ["乙社区", "3-2-501", "李四"], ["甲社区", "富春花园3-2-501", "王五"]],
    )
    assert found.homes == [["张三"], ["李四"], ["王五"]]


@CHUNKS
def test_members_side_by_side_are_people_of_one_line(chunk: int) -> None:
    found = read(
        "住址=address 户主=name 户主身份证=number 电话=phone 成员1姓名=name:1 成员1关系=relation:1 "
        "成员2姓名=name:2 成员2关系=relation:2",
        "wide",
        [
            ["3-2-501", "张三", card("19800101"), "13800000001", "李四", "妻", "张小明", "子"],
            ["3-2-502", "王五", card("19810101"), "13800000002", "王五", "户主", "赵六", "妻"],
            ["3-2-503", "", "", "", "", "", "", ""],
            ["3-2-504", "钱七", "", "", "", "", "孙八", "妻"],
        ],
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四", "张小明"], ["王五", "赵六"], [""], ["钱七", "孙八"]]
    assert found.people.line == [1, 1, 1, 2, 2, 3, 4, 4]
    assert found.people.member == [0, 1, 2, 1, 2, 0, 0, 2]
    assert found.people.relation == ["户主", "配偶", "子", "户主", "配偶", "", "户主", "配偶"]
    assert found.people.number[3] == card("19810101")
    assert found.people.phone[3] == "13800000002"


def test_a_household_of_more_members_than_columns_goes_on_in_the_next_line() -> None:
    found = read(
        "户号=household_number 住址=address 成员1姓名=name:1 成员2姓名=name:2",
        "wide",
        [["1", "3-2-501", "张三", "李四"], ["", "", "张小明", ""], ["2", "3-2-502", "王五", ""]],
    )
    assert found.homes == [["张三", "李四", "张小明"], ["王五"]]


def test_an_address_without_anybody_is_a_vacant_dwelling() -> None:
    found = read(
        "住址=address 姓名=name 电话=phone",
        "address",
        [["3-2-501", "", ""], ["3-2-502", "空房", ""], ["3-2-503", "张三", ""], ["3-2-503", "", ""]],
    )
    assert found.homes == [[""], [""], ["张三"]]
    assert found.people.dwelling == ["", "vacant", ""]
    assert found.problems == {}


def test_place_columns_written_once_hold_for_all_lines_that_follow() -> None:
    lines = [
        ["甲", f"3-2-{number}", f"张{name}"] for number, name in zip(range(501, 509), "一二三四五六七八", strict=True)
    ]
    for line in lines[1:4] + lines[5:]:
        line[0] = ""
    lines[4][0] = "乙"
    found = read("微网格=micro_grid 住址=address 姓名=name", "address", lines)
    assert [found.places[place].micro_grid for place in found.people.place] == list("甲甲甲甲乙乙乙乙")


def test_a_single_gap_in_a_place_column_is_not_filled() -> None:
    found = read(
        "微网格=micro_grid 住址=address 姓名=name",
        "address",
        [["甲", "1号", "张三"], ["", "2号", "李四"], ["甲", "3号", "王五"]],
    )
    assert [place >= 0 for place in found.people.place] == [True, False, True]


def test_ditto_marks_mean_the_cell_above() -> None:
    found = read(
        "微网格=micro_grid 住址=address 姓名=name",
        "address",
        [["甲", "3-2-501", "张三"], ["同上", "〃", "李四"], ["同上", "3-2-502", "王五"]],
    )
    assert found.homes == [["张三", "李四"], ["王五"]]
    assert [found.places[place].micro_grid for place in found.people.place] == ["甲", "甲", "甲"]


def test_what_the_sheet_says_of_the_place_holds_where_the_line_is_silent() -> None:
    found = read(
        "微网格=micro_grid 住址=address 姓名=name",
        "address",
        [["甲", "新村三组1号", "张三"], ["", "新村三组2号", "李四"], ["甲", "新村三组3号", "王五"]],
        place={"community": "横山村"},
    )
    assert [tuple(place) for place in found.places] == [("横山村", "", "甲", ""), ("横山村", "", "", "新村三组")]


def test_a_household_takes_dwelling_and_landlord_from_the_first_line_that_says_them() -> None:
    found = read(
        "住址=address 姓名=name 用途=dwelling 房东=landlord_name 房东电话=landlord_phone",
        "address",
        [
            ["1号", "张三", "", "", ""],
            ["1号", "李四", "出租", "房东甲", "138-0000-0003"],
            ["1号", "王五", "自住", "", ""],
        ],
    )
    assert found.people.dwelling == ["rented"] * 3
    assert found.people.landlord_name == ["房东甲"] * 3
    assert found.people.landlord_phone == ["13800000003"] * 3


def test_a_household_without_an_address_is_called_by_its_number() -> None:
    found = read(
        "户号=household_number 姓名=name 关系=relation",
        "numbered",
        [["1", "张三", "户主"], ["1", "李四", "妻"], ["2", "王五", ""], ["3", "张三", "户主"]],
    )
    assert found.people.address_key == ["户号1", "户号1", "户号2", "户号3"]
    assert found.problems == {}


@CHUNKS
def test_sub_titles_name_the_place_of_the_lines_below_them(chunk: int) -> None:
    found = read(
        "序号= 姓名=name 关系=relation",
        "head_first",
        [
            *(["第一组", "", ""], ["1", "张三", "户主"], ["2", "李四", "妻"]),
            *(["", "新村二组：", ""], ["3", "王五", "子"], ["4", "赵六", "户主"]),
        ],
        place={"community": "横山村"},
        chunk=chunk,
    )
    assert found.homes == [["张三", "李四"], ["王五"], ["赵六"]]
    assert [found.places[place].micro_grid for place in found.people.place] == ["第一组"] * 2 + ["新村二组"] * 2
    assert [line for _sheet, line, _text in found.skipped.headings] == [1, 4]


def test_a_grid_written_on_the_first_line_of_its_households_holds_for_the_others() -> None:
    found = read(
        "网格=grid 微网格=micro_grid 户号=household_number 姓名=name",
        "numbered",
        [
            *(["一网格", "1", "H00001", "张三"], ["", "", "H00001", "李四"], ["", "2", "H00002", "王五"]),
            ["二网格", "1", "H00003", "赵六"],
        ],
    )
    assert [tuple(place)[1:3] for place in found.places] == [("一网格", "1"), ("一网格", "2"), ("二网格", "1")]
