"""Whole sheets as villages send them: the layout, the columns, the shape of the households, the place."""

import itertools

import pytest
from django.utils import translation

from households.loading.fields import Field
from households.loading.plan import BookPlan
from households.loading.recognition.layouts import template_of
from households.loading.recognition.recognising import SAMPLED_LINES, recognise
from households.loading.recognition.verdicts import why, why_not
from tests.households.memory_book import (
    MemoryBook,
    card,
    card_of,
    door,
    door_of,
    fields_of,
    first_only,
    head_of,
    home_number,
    homes,
    name,
    name_of,
    people_lines,
    phone,
    phone_of,
    plan_of,
    relation,
    sex,
    wide_lines,
)


class TestShapes:
    def test_one_line_a_person_with_a_household_number(self):
        lines = people_lines(home_number, name, sex, card, relation, phone, door)
        header = ["户号", "姓名", "性别", "公民身份号码", "与户主关系", "联系电话", "现住址"]
        sheet = plan_of(MemoryBook(Sheet1=[header, *lines]))
        assert sheet.is_register
        assert sheet.shape == "numbered"
        assert fields_of(sheet) == ["household_number", "name", "sex", "number", "relation", "phone", "address"]
        assert (sheet.header_from, sheet.header_to, sheet.data_from) == (1, 1, 2)
        assert min(column.confidence for column in sheet.columns) > 0.7

    def test_the_heads_name_repeated(self):
        lines = people_lines(head_of(name), head_of(card), name, card, relation)
        header = ["户主姓名", "户主身份证号", "姓名", "身份证号码", "与户主关系"]
        sheet = plan_of(MemoryBook(Sheet1=[["牌门村人口登记表"], header, *lines]))
        assert sheet.shape == "head"
        assert fields_of(sheet) == ["head_name", "head_number", "name", "number", "relation"]
        assert sheet.title == "牌门村人口登记表"
        assert sheet.place == {"community": "牌门村"}

    def test_household_cells_merged_over_the_members(self):
        lines, merged, line = [], [(0, 0, 0, 5)], 2
        for home, members in homes():
            for position, (person, said) in enumerate(members):
                lines.append(
                    ["", "", name_of(person), said, card_of(person), phone_of(person)]
                    if position
                    else [home + 1, door_of(home), name_of(person), said, card_of(person), phone_of(person)]
                )
            if len(members) > 1:
                merged += [(line, column, line + len(members) - 1, column) for column in (0, 1)]
            line += len(members)
        header = ["序号", "家庭住址", "姓名", "与户主关系", "身份证号", "电话"]
        book = MemoryBook(新村三组=[["人口信息采集表"], header, *lines]).with_merged(*merged)
        sheet = plan_of(book)
        assert sheet.shape == "merged"
        assert sheet.markers == [1, 0]
        assert sheet.place == {"micro_grid": "新村三组"}
        assert fields_of(sheet) == ["", "address", "name", "relation", "number", "phone"]

    def test_only_a_running_number_merged_over_the_members(self):
        lines = people_lines(lambda *_: 1, name, card, count=8)
        merged, line = [], 1
        for _home, members in homes(8):
            if len(members) > 1:
                merged.append((line, 0, line + len(members) - 1, 0))
            line += len(members)
        sheet = plan_of(MemoryBook(S=[["序号", "姓名", "身份证号"], *lines]).with_merged(*merged))
        assert (sheet.shape, sheet.markers) == ("merged", [0])

    def test_the_household_on_its_first_line_only(self):
        lines = people_lines(first_only(home_number), name, relation, card, first_only(door))
        header = ["户编号", "成员姓名", "家庭关系", "证件号码", "居住地址"]
        sheet = plan_of(MemoryBook(Sheet1=[header, *lines]))
        assert sheet.shape == "first_line"
        assert sheet.markers == [0, 4]
        assert fields_of(sheet) == ["household_number", "name", "relation", "number", "address"]

    def test_the_head_first_and_the_members_below(self):
        sheet = plan_of(MemoryBook(S=[["姓名", "关系", "身份证", "手机"], *people_lines(name, relation, card, phone)]))
        assert sheet.shape == "head_first"
        assert sheet.heads_first

    def test_an_address_on_each_line(self):
        lines = people_lines(name, card, door)
        sheet = plan_of(MemoryBook(S=[["姓名", "身份证号码", "门牌号"], *lines]))
        assert sheet.shape == "address"

    def test_heads_in_any_order_leave_the_address_to_tell(self):
        by_door = itertools.groupby(people_lines(name, relation, card, door), key=lambda line: line[3])
        lines = [line for _door, group in by_door for line in reversed(list(group))]
        sheet = plan_of(MemoryBook(S=[["姓名", "与户主关系", "身份证号", "地址"], *lines]))
        assert sheet.shape == "address"

    def test_missing_addresses_beside_household_numbers_mean_nothing(self):
        lines = people_lines(home_number, name, card, first_only(door))
        sheet = plan_of(MemoryBook(S=[["户号", "姓名", "身份证号", "地址"], *lines]))
        assert sheet.shape == "numbered"

    def test_members_numbered_side_by_side(self):
        header = ["户号", "地址", "户主姓名", "户主身份证号", "户主电话"]
        header += [f"成员{n}{kind}" for n in (1, 2, 3) for kind in ("姓名", "身份证", "与户主关系")]
        sheet = plan_of(MemoryBook(S=[header, *wide_lines(3)]))
        assert sheet.shape == "wide"
        assert fields_of(sheet)[:5] == ["household_number", "address", "name", "number", "phone"]
        assert fields_of(sheet)[5:8] == ["name1", "number1", "relation1"]
        assert fields_of(sheet)[11:] == ["name3", "number3", "relation3"]

    def test_members_numbered_by_merged_groups(self):
        groups = ["户号", "地址", "户主", "", ""] + [text for n in "一二三" for text in (f"家庭成员{n}", "", "")]
        names = ["", "", "姓名", "身份证号", "电话"] + ["姓名", "身份证号", "关系"] * 3
        book = MemoryBook(S=[["牌门村住户表"], groups, names, *wide_lines(3)])
        book.with_merged((0, 0, 0, 13), (1, 0, 2, 0), (1, 1, 2, 1), *[(1, c, 1, c + 2) for c in (2, 5, 8, 11)])
        sheet = plan_of(book)
        assert sheet.shape == "wide"
        assert (sheet.header_from, sheet.header_to) == (2, 3)
        assert fields_of(sheet)[2:8] == ["name", "number", "phone", "name1", "number1", "relation1"]

    def test_members_merely_repeated(self):
        header = ["户号", "地址", "户主姓名", "身份证号", "联系电话"] + ["姓名", "身份证号", "关系"] * 3
        sheet = plan_of(MemoryBook(S=[header, *wide_lines(3)]))
        assert sheet.shape == "wide"
        assert fields_of(sheet)[2:5] == ["name", "number", "phone"]
        assert fields_of(sheet)[-3:] == ["name3", "number3", "relation3"]

    def test_names_repeated_with_the_head_first(self):
        header = ["户号", "地址", "姓名", "身份证号", "联系电话"] + ["姓名", "身份证号", "关系"] * 2
        sheet = plan_of(MemoryBook(S=[header, *wide_lines(2)]))
        assert fields_of(sheet)[2:8] == ["name", "number", "phone", "name1", "number1", "relation1"]

    def test_a_list_of_nothing_but_heads(self):
        lines = [[name_of(home), card_of(home), phone_of(home), door_of(home)] for home in range(15)]
        sheet = plan_of(MemoryBook(S=[["户主姓名", "身份证号", "联系电话", "住址"], *lines]))
        assert sheet.is_register
        assert sheet.shape == "wide"
        assert fields_of(sheet) == ["name", "number", "phone", "address"]

    def test_running_numbers_that_repeat_count_households(self):
        number = lambda h, p, r: h + 1  # noqa: E731
        sheet = plan_of(MemoryBook(S=[["序号", "姓名", "身份证号"], *people_lines(number, name, card)]))
        assert (sheet.shape, fields_of(sheet)) == ("numbered", ["household_number", "name", "number"])

    def test_running_numbers_on_the_first_lines_mark_households(self):
        number = first_only(lambda h, p, r: h + 1)
        sheet = plan_of(MemoryBook(S=[["序号", "姓名", "身份证号"], *people_lines(number, name, card)]))
        assert (sheet.shape, sheet.markers) == ("first_line", [0])

    def test_everybody_under_the_name_of_the_head(self):
        lines = people_lines(name, relation, card)
        sheet = plan_of(MemoryBook(S=[["户主姓名", "与户主关系", "身份证号"], *lines]))
        assert (sheet.shape, fields_of(sheet)) == ("head_first", ["name", "relation", "number"])


class TestHeaders:
    def test_two_lines_whose_groups_nobody_merged(self):
        groups = ["序号", "姓名", "身份证号", "户主信息", "", "居住信息", "", ""]
        names = ["", "", "", "姓名", "电话", "幢", "单元", "室"]
        lines = people_lines(lambda h, p, r: p, name, card, head_of(name), head_of(phone), lambda h, p, r: h // 6 + 1,
                             lambda h, p, r: h % 2 + 1, lambda h, p, r: 101 + h)  # fmt: skip
        sheet = plan_of(MemoryBook(S=[groups, names, *lines]))
        assert (sheet.header_from, sheet.header_to, sheet.data_from) == (1, 2, 3)
        assert fields_of(sheet) == ["", "name", "number", "head_name", "", "building", "stairwell", "room"]
        assert sheet.columns[3].header == "户主信息 / 姓名"
        assert sheet.columns[4].reason == "other_person"

    def test_three_lines_of_header_under_two_titles(self):
        lines = people_lines(
            lambda h, p, r: p, name, card, lambda h, p, r: "赵监护", lambda h, p, r: phone_of(p + 500), door
        )
        rows = [
            ["大碶街道牌门村2网格人口登记表"],
            ["填报单位：牌门村", "", "", "填报日期：2024年6月1日"],
            ["序号", "人员信息", "", "", "", "现住地址"],
            ["", "本人", "", "监护人", "", ""],
            ["", "姓名", "身份证号", "姓名", "电话", ""],
            *lines,
        ]
        book = MemoryBook(S=rows).with_merged(
            (0, 0, 0, 5),
            (1, 0, 1, 2),
            (1, 3, 1, 5),
            (2, 0, 4, 0),
            (2, 1, 2, 4),
            (2, 5, 4, 5),
            (3, 1, 3, 2),
            (3, 3, 3, 4),
        )
        sheet = plan_of(book)
        assert (sheet.header_from, sheet.header_to, sheet.data_from) == (3, 5, 6)
        assert fields_of(sheet) == ["", "name", "number", "", "", "address"]
        assert sheet.place == {"community": "牌门村", "grid": "2网格"}

    @pytest.mark.parametrize(
        "hint",
        [
            ["必填", "必填，18位", "选填", "必填，如：3-2-501"],
            ["1", "2", "3", "4"],
            ["甲", "乙", "1", "2"],
            ["示例", "110101199001011234", "13800000000", "1幢1单元101室"],
            ["李某某（示例）", "110101199001011234", "13800000000", "1幢1单元101室"],
        ],
    )
    def test_a_hint_below_the_header_is_skipped(self, hint):
        lines = people_lines(name, card, phone, door)
        sheet = plan_of(MemoryBook(S=[["姓名", "身份证号", "电话", "住址"], hint, [""] * 4, *lines]))
        assert sheet.data_from == 4

    def test_without_a_header_the_cells_tell(self):
        lines = people_lines(lambda h, p, r: p + 1, name, sex, card, relation, phone, door)
        sheet = plan_of(MemoryBook(S=lines))
        assert sheet.is_register
        assert (sheet.header_from, sheet.data_from, sheet.layout) == (0, 1, "")
        assert fields_of(sheet) == ["", "name", "sex", "number", "relation", "phone", "address"]
        assert all(column.reason == "content" for column in sheet.columns if column.field)

    def test_hints_inside_the_cells_of_the_header(self):
        header = [
            "姓名\n(与身份证一致)",
            "身份证号\n18位，末位X大写",
            "与户主关系\n1户主2配偶3子女",
            "电话\n(监护人)",
            "地址\n如：3-2-501",
        ]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, card, relation, phone, door)]))
        assert fields_of(sheet) == ["name", "number", "relation", "", "address"]

    def test_a_header_of_strangers_is_a_header_still(self):
        header = ["户主姓名", "家庭人口", "其中：男", "女", "监护人电话", "住址"]
        rows = [[name_of(n), 3, 1, 2, phone_of(n), door_of(n)] for n in range(12)]
        sheet = plan_of(MemoryBook(S=[header, *rows]))
        assert (sheet.header_from, fields_of(sheet)) == (1, ["name", "", "", "", "", "address"])

    def test_lines_of_words_are_people_and_no_header(self):
        party = lambda h, p, r: ("党员", "群众")[p % 2]  # noqa: E731
        company = lambda h, p, r: "某某公司"  # noqa: E731
        sheet = plan_of(MemoryBook(S=people_lines(name, relation, party, company, door)))
        assert (sheet.header_from, sheet.data_from) == (0, 1)
        assert fields_of(sheet) == ["name", "relation", "", "", "address"]

    def test_a_header_repeated_further_down_does_not_win(self):
        lines = people_lines(name, card, door)
        header = ["姓名", "身份证号", "住址"]
        sheet = plan_of(MemoryBook(S=[["名单"], header, *lines[:6], header, *lines[6:]]))
        assert sheet.header_to == 2


class TestSheetsThatAreNoRegisters:
    @pytest.mark.parametrize(
        ("name", "rows", "code"),
        [
            ("Sheet3", [], "empty"),
            ("Sheet3", [["", ""], ["", ""]], "empty"),
            ("填表说明", [["一、姓名必须与身份证一致"], ["二、身份证号为18位"]], "legend"),
            ("字段说明", [["字段名", "说明"], ["姓名", "必填"], ["身份证号", "必填，18位"]], "legend"),
            (
                "Sheet1",
                [["牌门村人口统计表"], ["组别", "户数", "人数", "男", "女"], ["一组", 20, 61, 30, 31]],
                "statistics",
            ),
            ("物资", [["物资名称", "数量", "存放地点"], ["口罩", 500, "村委会"]], "assets"),
            ("值班", [["姓名", *range(1, 31)], *[[name_of(n)] + ["√"] * 30 for n in range(5)]], "attendance"),
            (
                "考勤",
                [["姓名", "部门", "上班", "下班"], *[[name_of(n), "综合", "8:00", "17:00"] for n in range(5)]],
                "attendance",
            ),
            (
                "网格员",
                [["网格名称", "网格长", "网格员", "联系电话"], ["一网格", "王长", "李员", phone_of(1)]],
                "staff",
            ),
            (
                "企业",
                [["单位名称", "统一社会信用代码", "法人", "地址"], ["某厂", "91330206MA2810000X", "王某", "1号"]],
                "organisations",
            ),
            ("Sheet1", [["身份证号", "联系电话", "住址"], [card_of(1), phone_of(1), "3-2-501"]], "no_name"),
            ("Sheet1", [["姓名", "身份证号"], *[[name_of(n), card_of(n)] for n in range(5)]], "no_household"),
            ("Sheet1", [["姓名", "身份证号", "住址"]], "no_lines"),
            (
                "Sheet1",
                [
                    ["户号", "姓名", "关系"] * 2,
                    *[[n, name_of(n), "户主", n, name_of(n + 50), "户主"] for n in range(9)],
                ],
                "side_by_side",
            ),
            (
                "Sheet1",
                [
                    ["户主姓名", "户主身份证号", "家庭住址", "成员姓名", "与户主关系", "成员身份证号"],
                    *[[name_of(n), card_of(n), door_of(n), name_of(n + 50), "子", card_of(n + 50)] for n in range(9)],
                ],
                "heads_apart",
            ),
            (
                "Sheet1",
                [
                    row
                    for n in range(4)
                    for row in (
                        ["户主姓名", name_of(n), "户号", f"{n}"],
                        ["住址", door_of(n), "电话", phone_of(n)],
                        ["成员", "关系", "身份证号"],
                        *[[name_of(n + m), "户主" if not m else "子", card_of(n + m)] for m in (0, 40)],
                    )
                ],
                "forms",
            ),
            ("Sheet1", [["只有一些文字"], ["今天下午开会，请大家准时参加"]], "no_header"),
        ],
    )
    def test_say_why(self, name, rows, code):
        sheet = plan_of(MemoryBook(**{name: rows}), "名单.xlsx")
        assert not sheet.is_register
        assert sheet.refusal == code
        with translation.override("en"):
            assert why_not(sheet).endswith(".")

    def test_a_list_of_some_people_beside_their_heads_is_a_register(self):
        header = ["姓名", "与户主关系", "身份证号", "户主姓名", "户主身份证号", "家庭住址"]
        lines = [[name_of(n + 50), "子", card_of(n + 50), name_of(n), card_of(n), door_of(n)] for n in range(9)]
        assert plan_of(MemoryBook(儿童名单=[header, *lines])).is_register

    def test_hidden_sheets_are_left_out_until_the_user_takes_them(self):
        lines = [["姓名", "身份证号", "住址"], *people_lines(name, card, door)]
        plan = recognise(MemoryBook(看=lines, 藏=lines).with_hidden(sheet=1, rows=(3, 4)), "x.xlsx")
        assert [sheet.is_taken for sheet in plan.sheets] == [True, False]
        assert plan.sheets[1].hidden_lines == 2
        assert [sheet.name for sheet in plan.registers] == ["看"]


class TestLayouts:
    HEADER = ("姓名", "号码", "乙方", "住址")

    def book(self, header=HEADER) -> MemoryBook:
        return MemoryBook(S=[list(header), *people_lines(name, card, phone, door)])

    def test_equal_headers_make_equal_layouts(self):
        first, second = plan_of(self.book()), plan_of(self.book(("姓 名", "号码*", "乙方", "住址（必填）")))
        assert first.layout == second.layout
        assert first.layout != plan_of(self.book(("姓名", "乙方", "号码", "住址"))).layout

    def test_a_correction_is_remembered_for_the_layout(self):
        corrected = plan_of(self.book())
        assert corrected.columns[2].field == ""
        corrected.columns[2].field, corrected.columns[2].corrected = Field.PHONE.value, True
        again = plan_of(self.book(), known={corrected.layout: template_of(corrected)})
        assert fields_of(again) == ["name", "number", "phone", "address"]
        assert again.columns[2].reason == "remembered"
        assert again.columns[2].confidence == 1

    def test_a_template_of_another_width_is_not_applied(self):
        sheet = plan_of(self.book())
        template = template_of(sheet)
        template["columns"].pop()
        assert fields_of(plan_of(self.book(), known={sheet.layout: template})) == fields_of(sheet)


def test_a_plan_survives_its_json():
    plan = recognise(MemoryBook(S=[["姓名", "身份证号", "住址"], *people_lines(name, card, door)]), "x.xlsx")
    assert BookPlan.from_json(plan.as_json()) == plan


def test_only_the_head_of_a_sheet_is_read():
    lines = [["姓名", "身份证号", "住址"], *people_lines(name, card, door, count=40) * 30]
    book = MemoryBook(S=lines)
    recognise(book, "x.xlsx")
    assert book.read <= SAMPLED_LINES + 1 < len(lines)


def test_every_column_has_its_reason_in_words():
    header = ["序号", "姓名", "监护人电话", "联系电话", "联系电话", "户口性质", "不知道什么"]
    sheet = plan_of(MemoryBook(S=[header, *people_lines(lambda *_: 1, name, phone, phone, phone, relation, sex)]))
    with translation.override("en"):
        assert all(why(column) for column in sheet.columns)


def test_forty_members_side_by_side():
    kinds = ("姓名", "身份证号", "关系", "电话", "性别")
    header = ["户号", "地址", *[f"成员{n}{kind}" for n in range(1, 41) for kind in kinds]]
    members = [cell for n in range(40) for cell in (name_of(n), card_of(n), "子", phone_of(n), "男")]
    sheet = plan_of(MemoryBook(S=[header, *[["1", door_of(1), *members]] * 300]))
    assert fields_of(sheet)[-5:] == ["name40", "number40", "relation40", "phone40", "sex40"]
