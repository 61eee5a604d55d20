"""Addresses: one door written in many ways, and what an address says of the place.

A key is for comparing inside one micro-grid, never for showing: 3-2-501 for 3幢2单元501室, 新村3组12 for 新村三组12号.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from households.loading.cleaning.texts import is_formula_error, is_nothing, text_of, with_plain_dashes
from households.loading.files.cells import Cell

LONGEST = 120

_NUMERALS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_NUMERAL = "[〇零一二两三四五六七八九十百]+"
_COUNTED = "号楼|单元|村民小组|居民小组|小组|[幢栋座梯组队弄号室楼层巷区期户门]"
_CHINESE_NUMBER = re.compile(f"第?({_NUMERAL})(?={_COUNTED})")
_ANY_NUMERAL = re.compile(f"第|{_NUMERAL}")
_ORDINAL = re.compile(r"第(?=\d)")

# 浙江省宁波市北仑区大碶街道富春社区 before 富春花园3幢. A 区 counts as a district only behind a city or before a
# street: otherwise 富春小区 would lose its name.
_PROVINCE = re.compile("^[\u4e00-\u9fff]{2,7}(省|自治区|特别行政区)(?=.)")
_CITY = re.compile("^[\u4e00-\u9fff]{2,6}?市(?![场民中政府立区辖])(?=.)")
_DISTRICT = re.compile("^[\u4e00-\u9fff]{1,5}?(?<![小社园厂校矿库])[区县](?=.)")
_DISTRICT_BEFORE_STREET = re.compile(
    "^[\u4e00-\u9fff]{2,5}?(?<![小社园厂校矿库])[区县](?=[\u4e00-\u9fff]{2,6}(街道|镇|乡))"
)
_STREET = re.compile("^[\u4e00-\u9fff]{2,6}?(街道(办事处)?|[镇乡](?!花园|小区|公寓|家园|苑))(?=.)")
_COMMUNITY = re.compile("^[\u4e00-\u9fff]{1,8}?(社区(居委会)?|居委会|村委会)(?=.)")

# Lookbehinds stand after the character they look back from: searches are several times faster so.
_UNIT_WORDS = re.compile(r"([0-9]+|[A-Z])(?:号楼|#楼|楼栋|[幢栋座#]|单元楼?|[梯门]|号房|房间|[室房号户])")
_FLOOR = re.compile(r"([0-9]+)[楼层]-?(?=([0-9]{1,2})[0-9]{2}(?![0-9]))")
_SEPARATORS = re.compile(r"[/.、,_~\s\-](?<=[0-9A-Z].)[/.、,_~\s\-]*(?=[0-9A-Z])")
_LEADING_ZEROS = re.compile(r"0(?<![0-9]0)0*(?=[0-9])")
_JUNK = re.compile(r"[\s()\[\]【】,。、;:\"'*]+")
_NEEDLESS_DASHES = re.compile("-(?=-|[\u4e00-\u9fff])")
_GROUP_WORDS = re.compile(r"([0-9])(?:村民小组|居民小组|小组)")
_NEEDLESS_SPACES = re.compile(r" (?<![0-9A-Za-z] )| (?![0-9A-Za-z])")
_FIRST_DIGIT = re.compile("[0-9A-Z]")
_MONTH_AND_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")

_BUILDING_HINT = re.compile(r"^([^\d]{0,20}?)(\d{1,4}|[A-Z])(?:号楼|#楼?|[幢栋座])")
_DASHED_HINT = re.compile(r"^([^\d]{0,20}?)(\d{1,3}|[A-Z])-(?:\d{1,2}-)?\d{2,4}(?!\d)")
_GROUP_HINT = re.compile(
    rf"^.{{0,20}}?(?:\d{{1,3}}|{_NUMERAL}|[东南西北上下前后中])(?:村民小组|居民小组|小组|组|小队|队)"
)


def clean_address(cell: Cell) -> str:
    """The address as it is shown: half-width, without spaces between Chinese words; "" for none.

    Excel makes a date of 3-20; that is taken back.
    """
    if isinstance(cell, datetime | date):
        return f"{cell.month}-{cell.day}"
    text = with_plain_dashes(text_of(cell))
    if is_nothing(text) or is_formula_error(cell):
        return ""
    if "月" in text:
        text = _MONTH_AND_DAY.sub(r"\1-\2", text)
    return (_NEEDLESS_SPACES.sub("", text) if " " in text else text)[:LONGEST]


@lru_cache(maxsize=65_536)
def key_of(address: str) -> str:
    """What tells this door from others: equal for 3-2-501, 3幢2单元501室, ３－２－５０１ and 3号楼二单元501.

    Province, city, district, street and community in front fall away; estate, road and group stay. "" for no address.
    """
    text = with_plain_dashes(text_of(address)).upper()
    first = _FIRST_DIGIT.search(text)
    start = first.start() if first else len(text)
    text = _before_numbers(text[:start]) + _with_digits(text[start:])
    text = _JUNK.sub("", _SEPARATORS.sub("-", text))
    if "楼" in text or "层" in text:
        text = _FLOOR.sub(_floor, text)
    text = _NEEDLESS_DASHES.sub("", _UNIT_WORDS.sub(r"\1-", text))
    if "小组" in text:
        text = _GROUP_WORDS.sub(r"\1组", text)
    return _LEADING_ZEROS.sub("", text).strip("-")[:LONGEST]


@lru_cache(maxsize=8_192)
def _before_numbers(text: str) -> str:
    """What the key keeps of the words before the first number: a few hundred different ones in a street."""
    return without_area(_with_digits(text) + "0")[:-1]


def without_area(address: str) -> str:
    """The address behind province, city, district, street and community."""
    text = _PROVINCE.sub("", address)
    behind_city = _CITY.sub("", text)
    in_city = behind_city != address
    text = (_DISTRICT if in_city else _DISTRICT_BEFORE_STREET).sub("", behind_city)
    return _COMMUNITY.sub("", _STREET.sub("", text))


def join(building: str, stairwell: str, room: str) -> str:
    """One address of three cells: 3幢2单元501室 of 3, 2 and 501. Words that stand there already are kept."""
    parts = (_named(building, "幢"), _named(stairwell, "单元"), _named(room, "室"))
    return "".join(parts)


def hint_of(address: str) -> str:
    """The building (富春花园3幢) or the group (新村三组) of an address; "" when it names neither."""
    text = without_area(clean_address(address))
    plain = _SEPARATORS.sub("-", _with_digits(text.upper()))
    if found := _BUILDING_HINT.match(plain) or _DASHED_HINT.match(plain):
        return f"{found[1]}{_LEADING_ZEROS.sub('', found[2])}幢"
    found = _GROUP_HINT.match(text)
    return found[0] if found else ""


def number_of(numeral: str) -> int:
    """12 for 十二. Positions (一二 for 12) are read too."""
    if "十" not in numeral and "百" not in numeral:
        return int("".join(str(_NUMERALS[char]) for char in numeral))
    total = current = 0
    for char in numeral:
        if char in "十百":
            total += (current or 1) * (10 if char == "十" else 100)
            current = 0
        else:
            current = _NUMERALS[char]
    return total + current


def _with_digits(text: str) -> str:
    """三组 becomes 3组; 三江路 stays."""
    if not _ANY_NUMERAL.search(text):
        return text
    return _ORDINAL.sub("", _CHINESE_NUMBER.sub(lambda found: str(number_of(found[1])), text))


def _floor(found: re.Match[str]) -> str:
    """5楼501 says the floor twice; 5楼 before another room is kept."""
    return "" if int(found[1]) == int(found[2]) else found[0]


def _named(part: str, word: str) -> str:
    return part + word if re.fullmatch(r"[0-9A-Za-z\-]+", part) else part
