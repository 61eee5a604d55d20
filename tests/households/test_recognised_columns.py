"""The columns of whole sheets, where names and cells and neighbours decide together."""

import pytest

from households.loading.recognition.recognising import recognise
from tests.households.memory_book import (
    MemoryBook,
    card,
    card_of,
    door,
    door_of,
    fields_of,
    head_of,
    name,
    name_of,
    people_lines,
    phone,
    phone_of,
    plan_of,
    relation,
)


class TestColumns:
    def test_swapped_headers_are_told_by_the_cells(self):
        sheet = plan_of(
            MemoryBook(S=[["姓名", "联系电话", "身份证号", "住址"], *people_lines(name, card, phone, door)])
        )
        assert fields_of(sheet) == ["name", "number", "phone", "address"]
        assert sheet.columns[1].reason == "content"

    def test_names_under_the_relation_and_relations_under_the_name(self):
        sheet = plan_of(MemoryBook(S=[["关系", "姓名", "身份证号", "住址"], *people_lines(name, relation, card, door)]))
        assert fields_of(sheet) == ["name", "relation", "number", "address"]

    def test_two_columns_that_look_alike_and_have_no_name_stay_out(self):
        other = lambda h, p, r: card_of(p + 300)  # noqa: E731
        sheet = plan_of(MemoryBook(S=[["姓名", "", "", "住址"], *people_lines(name, card, other, door)]))
        assert fields_of(sheet) == ["name", "", "", "address"]
        alone = plan_of(MemoryBook(S=[["姓名", "", "住址"], *people_lines(name, card, door)]))
        assert fields_of(alone) == ["name", "number", "address"]

    def test_a_vague_header_is_told_by_the_cells(self):
        sheet = plan_of(MemoryBook(S=[["姓名", "号码", "联系", "地址"], *people_lines(name, card, phone, door)]))
        assert fields_of(sheet) == ["name", "number", "phone", "address"]

    def test_who_lives_there_is_a_name(self):
        header = ["产权人", "产权人电话", "实际居住人", "居住人身份证", "房号"]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(head_of(name), head_of(phone), name, card, door)]))
        assert fields_of(sheet) == ["landlord_name", "landlord_phone", "name", "number", "room"]

    def test_a_strangers_number_stays_out_even_if_it_is_the_only_one(self):
        header = ["姓名", "配偶身份证号", "监护人电话", "残疾证号", "住址"]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, card, phone, card, door)]))
        assert fields_of(sheet) == ["name", "", "", "", "address"]

    def test_of_two_phones_the_mobile_counts(self):
        header = ["姓名", "固定电话", "手机号码", "住址"]
        landline = lambda h, p, r: f"0574-8{p:07d}"  # noqa: E731
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, landline, phone, door)]))
        assert fields_of(sheet) == ["name", "", "phone", "address"]
        assert sheet.columns[1].reason == "duplicate"

    def test_equal_headers_are_legal_and_the_first_one_counts(self):
        header = ["姓名", "联系电话", "联系电话", "住址"]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, phone, phone, door)]))
        assert fields_of(sheet) == ["name", "phone", "", "address"]
        assert sheet.columns[1].confidence <= 0.6

    def test_of_two_columns_of_names_the_one_that_comes_again_is_the_heads(self):
        header = ["姓名", "身份证号", "姓名", "身份证号", "与户主关系"]
        lines = people_lines(head_of(name), head_of(card), name, card, relation)
        sheet = plan_of(MemoryBook(S=[header, *lines]))
        assert fields_of(sheet) == ["head_name", "head_number", "name", "number", "relation"]
        assert sheet.shape == "head"

    def test_columns_between_the_head_and_the_member_are_the_heads(self):
        header = ["户主", "身份证", "电话", "家庭成员", "身份证", "关系", "住址"]
        lines = people_lines(head_of(name), head_of(card), head_of(phone), name, card, relation, door)
        sheet = plan_of(MemoryBook(S=[header, *lines]))
        assert fields_of(sheet) == ["head_name", "head_number", "", "name", "number", "relation", "address"]
        assert sheet.columns[2].reason == "other_person"

    def test_several_people_in_one_cell_leave_the_number_to_the_head(self):
        listed = lambda h, p, r: f"{name(h, p + 40, r)}、{name(h, p + 80, r)}(子)" if p % 2 else name(h, p + 40, r)  # noqa: E731
        header = ["户主姓名", "身份证号", "家庭成员", "住址"]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, card, listed, door)]))
        assert fields_of(sheet) == ["name", "number", "", "address"]
        assert sheet.columns[2].reason == "several_people"

    @pytest.mark.parametrize("subject", ["老人", "残疾人", "儿童", "户代表"])
    def test_a_list_is_about_those_whose_names_it_holds(self, subject):
        header = [f"{subject}姓名", f"{subject}身份证号", "残疾证号", "监护人", "监护人电话", "住址"]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, card, card, name, phone, door)]))
        assert fields_of(sheet) == ["name", "number", "", "", "", "address"]

    def test_children_in_a_list_of_residents_are_somebody_else(self):
        header = ["姓名", "儿童姓名", "儿童身份证号", "住址"]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, name, card, door)]))
        assert fields_of(sheet) == ["name", "", "", "address"]

    def test_the_registered_address_gives_way_to_the_one_lived_at(self):
        away = lambda h, p, r: f"安徽省六安市{p}号"  # noqa: E731
        both = plan_of(MemoryBook(S=[["姓名", "户籍地址", "现住地址"], *people_lines(name, away, door)]))
        assert fields_of(both) == ["name", "", "address"]
        alone = plan_of(MemoryBook(S=[["姓名", "身份证号", "户籍地址"], *people_lines(name, card, door)]))
        assert fields_of(alone) == ["name", "number", "address"]

    def test_registered_addresses_all_over_the_country_are_none_to_live_at(self):
        provinces = ("安徽省", "四川省", "河南省")
        away = lambda h, p, r: f"{provinces[p % 3]}某县某镇{p}号"  # noqa: E731
        sheet = plan_of(
            MemoryBook(S=[["姓名", "身份证号", "户籍地址", "关系"], *people_lines(name, card, away, relation)])
        )
        assert fields_of(sheet)[2] == ""

    def test_an_estate_is_the_address_before_the_door(self):
        estate = lambda h, p, r: "学府花园"  # noqa: E731
        number = lambda h, p, r: f"{h // 6 + 1}-{h + 101}"  # noqa: E731
        sheet = plan_of(
            MemoryBook(S=[["小区", "门牌号", "姓名", "身份证号"], *people_lines(estate, number, name, card)])
        )
        assert fields_of(sheet)[:2] == ["address", "room"]

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            (("常住人口", "流动人口"), "residence"),
            (("人户一致", "人户分离"), "residence"),
            (("自住", "出租"), "dwelling"),
            (("农业", "非农业"), ""),
            (("是", "否"), ""),
            (("商品房", "自建房"), ""),
        ],
    )
    @pytest.mark.parametrize("header", ["居住类型", "居住情况"])
    def test_kinds_of_residence_and_dwelling_are_told_by_their_words(self, header, values, field):
        value = lambda h, p, r: values[p % 2]  # noqa: E731
        sheet = plan_of(MemoryBook(S=[["姓名", header, "身份证号", "住址"], *people_lines(name, value, card, door)]))
        assert fields_of(sheet)[1] == field

    def test_a_nameless_date_is_a_birth_date_where_it_agrees_with_the_number(self):
        born = lambda h, p, r: f"{card_of(p)[6:10]}.{int(card_of(p)[10:12])}.{int(card_of(p)[12:14])}"  # noqa: E731
        today = lambda h, p, r: "2024-06-01"  # noqa: E731
        header = ["姓名", "身份证号", "日期", "日期", "住址"]
        sheet = plan_of(MemoryBook(S=[header, *people_lines(name, card, today, born, door)]))
        assert fields_of(sheet) == ["name", "number", "", "born_on", "address"]

    def test_damaged_numbers_are_numbers_still(self):
        damaged = lambda h, p, r: 3.30206e17 + p if p % 2 else "3.30206E+17"  # noqa: E731
        sheet = plan_of(MemoryBook(S=[["姓名", "身份证号", "住址"], *people_lines(name, damaged, door)]))
        assert fields_of(sheet) == ["name", "number", "address"]

    def test_the_problem_column_of_an_error_workbook_is_ignored(self):
        problem = lambda h, p, r: "身份证号最后一位不对"  # noqa: E731
        sheet = plan_of(MemoryBook(S=[["姓名", "身份证号", "住址", "问题"], *people_lines(name, card, door, problem)]))
        assert fields_of(sheet) == ["name", "number", "address", ""]

    def test_nothing_personal_gets_into_the_plan(self):
        header = ["姓名", "身份证号", "电话", "监护人", "备注", "住址", "不知道什么"]
        guardian = lambda h, p, r: name_of(p + 100)  # noqa: E731
        lines = people_lines(name, card, phone, guardian, guardian, door, guardian)
        text = str(recognise(MemoryBook(S=[header, *lines]), "x.xlsx").as_json())
        for person in range(10):
            assert name_of(person) not in text
            assert name_of(person + 100) not in text
            assert card_of(person) not in text
            assert phone_of(person) not in text
        assert "3302**********" in text
        assert door_of(0) in text
