"""What single cells mean: names, telephones, dates, relations and the columns with a few values."""

import csv
from datetime import date, datetime, time

import pytest

from households.catalogue import FOLDER
from households.loading.cleaning.dates import clean_date
from households.loading.cleaning.people_names import clean_name
from households.loading.cleaning.phones import clean_phone
from households.loading.cleaning.relations import STANDARD, standard_relation
from households.loading.cleaning.texts import is_damaged, text_of, value_of
from households.loading.cleaning.values import (
    clean_code,
    clean_document,
    clean_dwelling,
    clean_relation,
    clean_residence,
    clean_sex,
    clean_tags,
)
from households.loading.fields import Problem
from households.loading.files.cells import CellError
from households.loading.tag_words import words_of_tags

TODAY = date(2026, 11, 22)
DAY = date(1990, 1, 31)
AN_INSTANT = datetime(1990, 1, 31, 8)  # noqa: DTZ001 -- cells have no time zone
TAGS = {"独居老人": "elderly_alone", "残疾": "disabled", "低保": "allowance"}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("　张三 ", "张三"),
        ("１２３ＡＢ", "123AB"),
        ("'330206", "330206"),
        ("\u200b张三\ufeff", "张三"),
        ("甲\n乙", "甲 乙"),
        (12.0, "12"),
        (1.5, "1.5"),
        (True, ""),
        (AN_INSTANT, "1990-01-31"),
    ],
)
def test_cells_become_one_line_of_plain_text(cell: object, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize("cell", ["", " ", "无", "/", "-", "——", "不详", "未知", "暂无", "N/A", "\\", "、"])
def test_nothing_has_many_spellings(cell: str) -> None:
    assert value_of(cell) == ""


@pytest.mark.parametrize(
    "written",
    [
        "1990-01-31",
        "1990/1/31",
        "1990.1.31",
        "1990.01.31.",
        "1990年1月31日",
        "1990年01月31号",
        "1990 1 31",
        "1990、1、31",
        "1990—01—31",
        "１９９０年１月３１日",
        "19900131",
        "19900131.0",
        19900131.0,
        19900131,
        "90.1.31",
        "90年1月31日",
        "900131",
        "31/1/1990",
        "1/31/1990",
        "一九九〇年一月三十一日",
        "1990-01-31 00:00:00",
        "1990/1/31 0:00",
        "1990-01-31T00:00:00",
        "1990年1月31日出生",
        "公历1990年1月31日",
        32904,
        32904.0,
        "32904",
        AN_INSTANT,
        DAY,
    ],
)
def test_a_day_has_many_spellings(written: object) -> None:
    assert clean_date(written, on=TODAY) == (DAY, "", False)


@pytest.mark.parametrize(
    "written", ["1990-01", "1990/1", "1990.1", "1990年1月", "1990年1月份", "199001", 199001.0, "一九九〇年一月"]
)
def test_a_month_alone_is_taken_roughly(written: object) -> None:
    assert clean_date(written, on=TODAY) == (date(1990, 1, 1), "", True)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1990-02-30",
            "1990",
            1990.0,
            "农历1990年正月初五",
            "1990年腊月",
            "1/2/1990",
            "三十岁",
            "1790-01-01",
            time(8),
        ),
        *("19901301", "1990-13", CellError("#REF!"), "#VALUE!"),
    ],
)
def test_a_date_that_cannot_be_told_is_said_so(written: object) -> None:
    assert clean_date(written, on=TODAY) == (None, Problem.DATE_UNKNOWN, False)


def test_a_day_ahead_is_not_taken_and_two_digits_of_a_year_never_lie_ahead() -> None:
    assert clean_date("2026-11-23", on=TODAY).problem == Problem.DATE_AHEAD
    assert clean_date("2026-11-22", on=TODAY).day == TODAY
    assert clean_date("26.1.1", on=TODAY).day == date(2026, 1, 1)
    assert clean_date("27.1.1", on=TODAY).day == date(1927, 1, 1)
    assert clean_date("", on=TODAY) == clean_date("无", on=TODAY) == (None, "", False)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("13800000001", "13800000001"),
        (13800000001.0, "13800000001"),
        (13800000001, "13800000001"),
        ("138-0000-0001", "13800000001"),
        ("138 0000 0001", "13800000001"),
        ("+86 13800000001", "13800000001"),
        ("0086-138-0000-0001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("手机：13800000001", "13800000001"),
        ("13800000001（妻）", "13800000001"),
        ("0574-86700001", "057486700001"),
        ("(0574)86700001", "057486700001"),
        ("0574 8670 0001", "057486700001"),
        ("86700001", "86700001"),
        ("0574-86700001-801", "057486700001-801"),
        ("010-62000001", "01062000001"),
        ("400-800-0001", "4008000001"),
        ("+852 91234567", "+85291234567"),
        ("", ""),
        ("无", ""),
    ],
)
def test_a_telephone_number_is_digits_alone(cell: object, number: str) -> None:
    assert clean_phone(cell) == (number, "", ())


@pytest.mark.parametrize(
    ("cell", "first", "others"),
    [
        ("13800000001/13900000002", "13800000001", ("13900000002",)),
        ("13800000001 13900000002", "13800000001", ("13900000002",)),
        ("13800000001、13900000002", "13800000001", ("13900000002",)),
        ("13800000001;13900000002", "13800000001", ("13900000002",)),
        ("13800000001\n13900000002", "13800000001", ("13900000002",)),
        ("1380000000113900000002", "13800000001", ("13900000002",)),
        ("0574-86700001，13800000001", "13800000001", ("057486700001",)),
        ("本人13800000001 儿子13900000002", "13800000001", ("13900000002",)),
        ("13800000001/13800000001", "13800000001", ()),
    ],
)
def test_of_two_numbers_in_a_cell_a_mobile_one_comes_first(cell: str, first: str, others: tuple[str, ...]) -> None:
    assert clean_phone(cell) == (first, "", others)


@pytest.mark.parametrize("cell", ["1.38E+10", "138000001", "138****0001", "12345", "已停机", "23800000001", 1e15])
def test_what_cannot_be_rung_is_no_telephone_number(cell: object) -> None:
    assert clean_phone(cell) == ("", Problem.PHONE_UNKNOWN, ())


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张三", "张三"),
        (" 张三 ", "张三"),
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("欧阳 修", "欧阳修"),
        ("司马 相如", "司马相如"),
        ("张三先生", "张三"),
        ("张先生", "张先生"),
        ("艾克拜尔·买买提", "艾克拜尔·买买提"),
        ("艾克拜尔• 买买提", "艾克拜尔·买买提"),
        ("艾克拜尔．买买提", "艾克拜尔·买买提"),
        ("Zhang  San", "Zhang San"),
        ("Maria-José O'Neill", "Maria-José O'Neill"),
        ("J. Smith", "J. Smith"),
        ("𬭎一", "𬭎一"),
        ("王〇", "王〇"),
        ("无", ""),
    ],
)
def test_a_name_stands_alone(cell: str, name: str) -> None:
    assert clean_name(cell) == (name, "", "", "", False)


@pytest.mark.parametrize(
    ("cell", "name", "relation", "note"),
    [
        ("张三(户主)", "张三", "户主", ""),
        ("张三（户主）", "张三", "户主", ""),
        ("（户主）张三", "张三", "户主", ""),
        ("户主：张三", "张三", "户主", ""),
        ("张三-户主", "张三", "户主", ""),
        ("张三【租客】", "张三", "租客", ""),
        ("张三（长子）（已婚）", "张三", "子", "已婚"),
        ("张三(已迁出)", "张三", "", "已迁出"),
    ],
)
def test_what_stands_beside_a_name_is_the_relation_or_a_note(cell: str, name: str, relation: str, note: str) -> None:
    assert clean_name(cell) == (name, "", relation, note, False)


@pytest.mark.parametrize(
    "cell",
    [
        "合计",
        "第一组",
        "3号楼",
        "张三(13800000001)",
        "217人",
        "张三1",
        "张?",
        "张□",
        "张三、李四",
        "张三 李四",
        "姓名",
        "()",
        123.0,
    ],
)
def test_what_is_no_name_is_said_so(cell: object) -> None:
    assert clean_name(cell).problem == Problem.NAME_ODD


def test_names_have_a_longest_length_and_vacant_dwellings_have_none() -> None:
    assert clean_name("张" * 61).problem == Problem.NAME_TOO_LONG
    assert clean_name("张" * 60).problem == ""
    assert clean_name("空房").is_vacant
    assert clean_name("#N/A").problem == Problem.FORMULA_ERROR


@pytest.mark.parametrize(
    ("spelling", "standard"),
    [
        *(("户主", "户主"), ("本人", "户主"), ("户主本人", "户主"), ("01-户主", "户主")),
        *(("妻", "配偶"), ("丈夫", "配偶"), ("户主之妻", "配偶"), ("老婆", "配偶")),
        *(("长子", "子"), ("大儿子", "子"), ("之子", "子"), ("七子", "子"), ("长 子", "子")),
        *(("次女", "女"), ("女儿", "女"), ("儿媳妇", "儿媳"), ("长子妻", "儿媳"), ("女婿", "女婿")),
        *(("父", "父亲"), ("户主的母亲", "母亲"), ("公公", "公公"), ("丈母娘", "岳母"), ("爷爷", "祖父")),
        *(("长孙", "孙子"), ("次孙女", "孙女"), ("外孙子", "外孙"), ("重孙", "曾孙子"), ("孙媳妇", "孙媳")),
        *(("二姐", "姐姐"), ("弟媳", "弟媳"), ("内侄", "侄子"), ("大爷", "伯父"), ("婶母", "婶婶")),
        *(("房客", "租客"), ("室友", "同住人"), ("其它", "其他"), ("子女", "子女"), ("妻子（已故）", "配偶")),
    ],
)
def test_relations_have_one_word_each(spelling: str, standard: str) -> None:
    assert clean_relation(spelling) == (standard, "")


def test_many_spellings_are_known_and_each_has_one_meaning() -> None:
    assert len(STANDARD) > 500
    assert all(
        standard_relation(word) == word for word in set(STANDARD.values()) - {"配偶的兄弟姐妹", "儿女的配偶的父母"}
    )


def test_an_unknown_relation_is_kept_as_it_is() -> None:
    assert clean_relation("干爹") == ("干爹", Problem.RELATION_UNKNOWN)
    assert clean_relation("无") == ("", "")


@pytest.mark.parametrize(
    ("cell", "sex"),
    [
        ("男", "male"),
        ("女性", "female"),
        ("M", "male"),
        (1.0, "male"),
        (2, "female"),
        ("1-男", "male"),
        ("", ""),
        ("未知", ""),
    ],
)
def test_sexes(cell: object, sex: str) -> None:
    assert clean_sex(cell) == (sex, "")


def test_an_odd_sex_is_said_so() -> None:
    assert clean_sex("男/女").problem == clean_sex("X").problem == Problem.SEX_UNKNOWN


@pytest.mark.parametrize(
    ("cell", "residence"),
    [
        *(("户籍", "registered"), ("常住", "registered"), ("户籍人口", "registered"), ("户在人不在", "registered")),
        *(("人户分离", "elsewhere"), ("人在户不在", "elsewhere"), ("本市外区", "elsewhere")),
        *(
            ("流动", "floating"),
            ("暂住", "floating"),
            ("外来人口", "floating"),
            ("非户籍", "floating"),
            ("外省", "floating"),
        ),
        *(("港澳台", "hmt"), ("香港", "hmt"), ("外籍", "foreign"), ("外国人", "foreign"), ("农业户口", ""), ("", "")),
    ],
)
def test_kinds_of_residence(cell: str, residence: str) -> None:
    assert clean_residence(cell) == (residence, "")


def test_a_bare_yes_answers_the_header() -> None:
    assert clean_residence("是", "是否流动人口").value == "floating"
    assert clean_residence("否", "是否常住").value == "floating"
    assert clean_residence("否", "人户分离").value == "registered"
    assert clean_residence("大概", "人户分离") == ("registered", Problem.RESIDENCE_UNKNOWN)
    assert clean_dwelling("是", "是否出租").value == "rented"
    assert clean_dwelling("否", "是否出租").value == "owned"
    assert clean_tags("是", TAGS, "是否低保").codes == ("allowance",)
    assert clean_tags("否", TAGS, "人员类别 / 低保户").codes == ()


@pytest.mark.parametrize(
    ("cell", "dwelling"),
    [
        *(("自有", "owned"), ("自住", "owned"), ("出租", "rented"), ("租住", "rented"), ("公租房", "rented")),
        *(
            ("宿舍", "dormitory"),
            ("集体宿舍", "dormitory"),
            ("空置", "vacant"),
            ("空", "vacant"),
            ("住宅", ""),
            ("", ""),
        ),
    ],
)
def test_uses_of_a_dwelling(cell: str, dwelling: str) -> None:
    assert clean_dwelling(cell) == (dwelling, "")
    assert clean_dwelling("商铺") == ("", Problem.DWELLING_UNKNOWN)


@pytest.mark.parametrize(
    ("cell", "document"),
    [
        *(("居民身份证", "id_card"), ("户口簿", "id_card"), ("护照", "passport"), ("台胞证", "permit")),
        *(("港澳居民来往内地通行证", "permit"), ("外国人永久居留身份证", "permit"), ("港澳台居民居住证", "permit")),
        *(("军官证", "other"), ("出生医学证明", "other"), ("无", ""), ("", "")),
    ],
)
def test_kinds_of_documents(cell: str, document: str) -> None:
    assert clean_document(cell).value == document


def test_tags_are_divided_and_known_by_name() -> None:
    assert clean_tags("独居老人、残疾人员；低保户", TAGS) == (("elderly_alone", "disabled", "allowance"), "")
    assert clean_tags("低保,低保", TAGS) == (("allowance",), "")
    assert clean_tags("低保 飞行员", TAGS) == (("allowance",), Problem.TAG_UNKNOWN)
    assert clean_tags("无", TAGS) == clean_tags("", TAGS) == ((), "")


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("低保户", ("minimum_living",)),
        ("低保对象、残疾", ("minimum_living", "disabled")),
        ("独居老人；高龄", ("elderly_alone", "oldest_old")),
        ("五保户", ("extreme_poverty",)),
        ("Veteran", ("veteran",)),
    ],
)
def test_tags_are_known_by_the_words_that_lists_use(cell: str, codes: tuple[str, ...]) -> None:
    with (FOLDER / "tag_kinds.csv").open(encoding="utf-8", newline="") as file:
        kinds = [(kind["code"], kind["name"], kind["name_en"]) for kind in csv.DictReader(file)]
    assert clean_tags(cell, words_of_tags(kinds)) == (codes, "")


def test_words_for_a_tag_that_is_not_in_use_are_unknown() -> None:
    assert words_of_tags([("disabled", "残疾人", "")]).get("低保户") is None


def test_excel_damage_is_seen_in_numbers_and_in_what_became_of_them() -> None:
    assert is_damaged(3.30206e17)
    assert is_damaged("3.30206E+17")
    assert not is_damaged(13800000001.0)
    assert not is_damaged("330206199001010015")
    assert clean_code("3.30206E+11") == ("", Problem.NUMBER_DAMAGED)
    assert clean_code(12.0) == ("12", "")
    assert clean_code("#REF!") == ("", Problem.FORMULA_ERROR)
