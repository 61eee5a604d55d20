"""Addresses: the same door, however it is written."""

from datetime import date

import pytest

from households.loading.cleaning.addresses import clean_address, hint_of, join, key_of, number_of


@pytest.mark.parametrize(
    "address",
    [
        *(
            "3-2-501",
            "３－２－５０１",
            "3幢2单元501室",
            "3栋2单元501",
            "3号楼二单元501",
            "三幢二单元501室",
            "3#楼2单元501",
        ),
        *(
            "3#-2-501",
            "3 幢 2 单元 501 室",
            "3/2/501",
            "3.2.501",
            "3 2 501",
            "3—2—501",
            "03-02-0501",
            "3幢2单元5楼501室",
        ),
        "浙江省宁波市北仑区大碶街道富春社区3幢2单元501室",
    ],
)
def test_one_door_has_one_key(address: str) -> None:
    assert key_of(address) == "3-2-501"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("富春花园3幢2单元501室", "富春花园3-2-501"),
        ("宁波市北仑区大碶街道富春花园3-2-501", "富春花园3幢2单元501"),
        ("新村三组12号", "新村3组12号"),
        ("新村第三村民小组12号", "新村三组12"),
        ("柴桥镇河头村三组5号", "河头村3组5号"),
        ("12弄5号501室", "12弄5-501"),
        ("A座1201", "a栋1201室"),
        ("集体宿舍3号楼205室", "集体宿舍3幢205"),
        ("3幢2单元10楼1002室", "3-2-1002"),
        ("二十一组3号", "21组3号"),
    ],
)
def test_two_ways_to_write_one_address(one: str, other: str) -> None:
    assert key_of(one) == key_of(other) != ""


def test_different_doors_have_different_keys() -> None:
    addresses = [
        *("3-2-501", "3-2-502", "3-501", "3-5-01", "富春花园3-2-501", "富春小区3-2-501", "3幢2层", "3幢2单元"),
        *("新村三组12号", "新村十三组2号", "新村12号", "三江路12号", "3幢2单元501室东", "501", "12弄501"),
    ]
    assert len({key_of(address) for address in addresses}) == len(addresses)


def test_numerals_within_names_are_left_alone() -> None:
    assert key_of("三江花园3幢101") == "三江花园3-101"
    assert key_of("八一路三弄5号") == "八一路3弄5"
    assert key_of("城市花园3-1-101") == "城市花园3-1-101"
    assert key_of("富春小区3幢501") == "富春小区3-501"


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("3-2-501", "3幢"),
        ("3号楼2单元501", "3幢"),
        ("富春花园3幢2单元501室", "富春花园3幢"),
        ("大碶街道富春花园03-2-501", "富春花园3幢"),
        ("A座1201", "A幢"),
        ("新村三组12号", "新村三组"),
        ("横山村新村3组12号", "横山村新村3组"),
        ("解放路12号", ""),
        ("501", ""),
        ("", ""),
    ],
)
def test_an_address_hints_at_its_building_or_group(address: str, hint: str) -> None:
    assert hint_of(address) == hint


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        (("3", "2", "501"), "3幢2单元501室"),
        (("3幢", "二单元", "501室"), "3幢二单元501室"),
        (("A", "", "1201"), "A幢1201室"),
        (("3号楼", "", "205"), "3号楼205室"),
        (("", "", "12号"), "12号"),
        (("", "", ""), ""),
    ],
)
def test_three_cells_make_one_address(parts: tuple[str, str, str], address: str) -> None:
    assert join(*parts) == address


def test_addresses_are_cleaned_for_showing() -> None:
    assert clean_address(" 新村 三组 12号 ") == "新村三组12号"
    assert clean_address("Block 3 Flat 5") == "Block 3 Flat 5"
    assert clean_address(501.0) == "501"
    assert clean_address("/") == clean_address("#REF!") == ""


def test_what_excel_made_a_date_of_is_taken_back() -> None:
    assert clean_address(date(2026, 3, 20)) == clean_address("3月20日") == "3-20"


def test_chinese_numerals() -> None:
    assert [number_of(text) for text in ("三", "十", "十二", "二十", "二十一", "一百零三", "一二", "〇")] == [
        *(3, 10, 12, 20, 21, 103, 12, 0)
    ]
