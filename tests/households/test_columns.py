"""Looks of cells, samples, places in titles, and what the user corrects."""

import pytest
from django.utils import translation

from accounts.errors import Refused
from households.loading.fields import Field
from households.loading.plan import BookPlan, ColumnPlan, SheetPlan
from households.loading.recognition.content import Kind, kind_of
from households.loading.recognition.corrections import choice_of, correct
from households.loading.recognition.samples import masked
from households.loading.recognition.titles import place_of


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("33020619900101123X", Kind.CARD),
        ("３３０２０６１９９００１０１１２３Ｘ", Kind.CARD),
        ("'330206199001011234", Kind.CARD),
        ("330206 19900101 1234", Kind.CARD),
        ("330206900101123", Kind.CARD),
        ("3.30206E+17", Kind.CARD),
        (3.30206199001011e17, Kind.CARD),
        ("E12345678", Kind.OTHER_DOCUMENT),
        ("13812345678", Kind.PHONE),
        (13812345678.0, Kind.PHONE),
        ("138-1234-5678", Kind.PHONE),
        ("13812345678/13912345678", Kind.PHONE),
        ("0574-86123456", Kind.PHONE),
        ("1990年1月1日", Kind.DATE),
        ("1990.1.1", Kind.DATE),
        (19900101, Kind.DATE),
        ("1990-01-01 00:00:00", Kind.DATE),
        (33269, Kind.INTEGER),
        ("501", Kind.INTEGER),
        ("86123456", Kind.INTEGER),
        ("女", Kind.SEX),
        ("是", Kind.FLAG),
        ("√", Kind.FLAG),
        ("户主", Kind.RELATION),
        ("长子", Kind.RELATION),
        ("人户分离", Kind.RESIDENCE),
        ("出租", Kind.DWELLING),
        ("独居老人、低保", Kind.TAG),
        ("居民身份证", Kind.DOCUMENT_WORD),
        ("3-2-501", Kind.ADDRESS),
        ("3幢2单元501室", Kind.ADDRESS),
        ("新村三组12号", Kind.ADDRESS),
        ("牌门村", Kind.PLACE),
        ("2网格", Kind.PLACE),
        ("王家村", Kind.PLACE),
        ("张三", Kind.SURNAMED),
        ("张三(户主)", Kind.SURNAMED),
        ("张　三", Kind.SURNAMED),
        ("欧阳娜娜", Kind.SURNAMED),
        ("艾克拜尔·买买提", Kind.SURNAMED),
        ("John Smith", Kind.NAMELIKE),
        ("汉族", Kind.TEXT),
        ("高中", Kind.TEXT),
        ("党员", Kind.TEXT),
        ("无", None),
        ("——", None),
        ("", None),
    ],
)
def test_what_a_cell_looks_like(cell, kind):
    assert kind_of(cell) == kind


@pytest.mark.parametrize(
    ("text", "field", "shown"),
    [
        ("张三", Field.NAME, "张*"),
        ("欧阳娜娜", Field.NAME, "欧阳**"),
        ("33020619900101001X", Field.NUMBER, "3302**********001X"),
        ("13812345678", Field.PHONE, "138****5678"),
        ("3-2-501", Field.ADDRESS, "3-2-501"),
        ("大碶街道牌门村12号", Field.ADDRESS, "大碶街道牌门村12号"),
        ("33020619900101001X", Field.HOUSEHOLD_NUMBER, "3302**********001X"),
        ("长子", Field.RELATION, "长子"),
        ("张三", "", "张*"),
        ("13812345678", "", "138****5678"),
        ("汉族", "", "汉*"),
        ("是", "", "是"),
        ("已故，由张三代办", Field.NOTE, "已*******"),
    ],
)
def test_samples_are_masked(text, field, shown):
    assert masked(text, field) == shown


@pytest.mark.parametrize(
    ("sheet", "title", "file_name", "place"),
    [
        ("新村三组", "", "", {"micro_grid": "新村三组"}),
        ("Sheet1", "牌门村2网格人口登记表", "大碶街道牌门村.xlsx", {"community": "牌门村", "grid": "2网格"}),
        ("一组", "", "大碶街道牌门村2024年人口登记表.xls", {"community": "牌门村", "micro_grid": "一组"}),
        ("3幢", "高田王社区实有人口信息表", "", {"community": "高田王社区", "micro_grid": "3幢"}),
        ("Sheet1", "富春社区五号楼登记表", "", {"community": "富春社区", "micro_grid": "五号楼"}),
        ("2网格3微网格", "", "", {"grid": "2网格", "micro_grid": "3微网格"}),
        ("Sheet1", "2024年大碶街道高田王社区第二网格住户表", "", {"community": "高田王社区", "grid": "第二网格"}),
        ("第3微网格", "", "庙下网格.xlsx", {"grid": "庙下网格", "micro_grid": "第3微网格"}),
        ("王家村(2组)", "", "", {"community": "王家村", "micro_grid": "2组"}),
        ("牌门村", "横山村人口表", "共同村.xls", {"community": "牌门村"}),
        ("Sheet1", "单位：牌门村村委会 填报日期：2024年6月1日", "", {"community": "牌门村"}),
        ("填表说明", "农村人口登记表", "各村汇总.xlsx", {}),
        ("网格员名单", "本网格流动人口", "人口.xlsx", {}),
        ("市场社区", "", "", {"community": "市场社区"}),
    ],
)
def test_the_place_in_names_and_titles(sheet, title, file_name, place):
    assert place_of(sheet, title, file_name) == place


class TestCorrecting:
    @staticmethod
    def plan(*fields: str, shape: str = "address") -> BookPlan:
        columns = [
            ColumnPlan(index, field or f"列{index}", field, words=[field], filled=1.0)
            for index, field in enumerate(fields)
        ]
        sheet = SheetPlan(0, "牌门村", is_register=True, header_from=1, header_to=1, data_from=2, columns=columns)
        sheet.shape = shape
        return BookPlan([sheet])

    def test_a_column_gets_the_meaning_that_the_user_chose(self):
        plan = self.plan("name", "", "address")
        corrected = correct(plan, sheet=0, columns={1: "number"})
        column = corrected.sheets[0].columns[1]
        assert (column.field, column.corrected, column.confidence, column.reason) == ("number", True, 1.0, "corrected")
        assert plan.sheets[0].columns[1].field == ""

    def test_a_member_is_chosen_with_the_field(self):
        plan = self.plan("name", "", "", "address")
        corrected = correct(plan, sheet=0, columns={1: "name:2", 2: "relation:2"})
        assert [choice_of(column) for column in corrected.sheets[0].columns] == [
            "name",
            "name:2",
            "relation:2",
            "address",
        ]
        assert corrected.sheets[0].shape == "wide"

    def test_a_shape_that_nobody_chose_follows_the_columns(self):
        corrected = correct(self.plan("name", "", "address"), sheet=0, columns={1: "household_number"})
        assert corrected.sheets[0].shape == "numbered"

    def test_a_list_of_heads_becomes_one_of_members_when_their_names_are_shown(self):
        corrected = correct(
            self.plan("name", "", "address", shape="wide"), sheet=0, columns={0: "head_name", 1: "name"}
        )
        assert corrected.sheets[0].shape == "head"

    def test_the_shape_that_the_user_chose_stays(self):
        chosen = correct(self.plan("name", "relation", "address", "", shape="head_first"), sheet=0, shape="address")
        again = correct(chosen, sheet=0, columns={3: "household_number"}, shape="address")
        assert again.sheets[0].shape == "address"

    def test_a_sheet_that_was_refused_becomes_a_register(self):
        plan = self.plan("", "number", "address", shape="")
        plan.sheets[0].is_register, plan.sheets[0].refusal = False, "no_name"
        corrected = correct(plan, sheet=0, columns={0: "name"}, shape="numbered")
        assert corrected.sheets[0].is_register
        assert corrected.sheets[0].shape == "address"
        assert corrected.registers

    def test_notes_and_tags_may_stand_in_several_columns(self):
        corrected = correct(self.plan("name", "note", "", "address"), sheet=0, columns={2: "note"})
        assert [column.field for column in corrected.sheets[0].columns] == ["name", "note", "note", "address"]

    def test_a_sheet_may_be_left_out(self):
        assert correct(self.plan("name", "address"), sheet=0, is_taken=False).registers == []

    @pytest.mark.parametrize(
        ("said", "code", "field"),
        [
            ({"sheet": 7}, "no_such_sheet", None),
            ({"columns": {9: "name"}}, "no_such_column", "column-9"),
            ({"columns": {1: "shoe_size"}}, "unknown_field", "column-1"),
            ({"columns": {1: "name:x"}}, "unknown_field", "column-1"),
            ({"columns": {1: "name"}}, "two_columns", "column-1"),
            ({"columns": {0: ""}}, "no_name", "columns"),
            ({"columns": {2: ""}}, "no_household", "columns"),
            ({"shape": "star"}, "unknown_shape", "shape"),
            ({"shape": "numbered"}, "shape_without_column", "shape"),
        ],
    )
    def test_what_cannot_be_is_refused(self, said, code, field):
        with pytest.raises(Refused) as refused, translation.override("en"):
            correct(self.plan("name", "number", "address"), **{"sheet": 0, **said})
        assert refused.value.code == code
        assert refused.value.field == field
        assert refused.value.message.endswith(".")
