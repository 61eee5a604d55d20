"""What sheet name, title and file name say of the place: 新村三组, 牌门村2网格人口登记表, 大碶街道牌门村.xlsx."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from households.loading.cleaning.texts import text_of

_NUMBER = "[0-9一二三四五六七八九十百]+"
_NAME = "[一-龥A-Za-z0-9·]"
_ABOVE = re.compile(
    r"^.*(?:街道办事处|街道|开发区|(?<=[一-龥]{2})(?:(?<![社小片])区|市)(?![场块])|(?<=[一-龥])(?:省|自治[区州县]|县|镇|乡))"
    r"(?![村组])(?=[一-龥])"
)
"""Province to street: they are known from the load, and a village's name follows them."""
_COMMUNITY = re.compile(rf"({_NAME}{{1,10}}?(?:村民委员会|居民委员会|村委会|居委会|社区|行政村|村))")
_BEHIND = rf"(?:{_NUMBER}号?(?=$|[人住居户实登信流常]))?"
_MICRO_GRID = re.compile(rf"({_NAME}{{0,10}}?微网?格{_BEHIND})(?![员长])")
_GRID = re.compile(rf"({_NAME}{{0,10}}?(?<!微)网格{_BEHIND})(?![员长化])")
_GROUP = re.compile(rf"({_NAME}{{0,8}}?第?{_NUMBER}(?:村民小组|居民小组|小组|组|生产队|队))")
_BUILDING = re.compile(rf"({_NAME}{{0,8}}?(?:{_NUMBER}|[A-Za-z]\d*)(?:号楼|幢|栋|座))")
_NOT_A_COMMUNITY = re.compile(
    r"(?:本|全|各|所属?|每|农|乡|行政|自然|新农|该|我|某|xx?|一般)(?:村|社区|居委会|村委会)$|^(?:村|社区)",
    re.IGNORECASE,
)
_NOT_A_GRID = re.compile(r"^(?:本|全|各|所属?|每|该|基础|综合|社区|村|全科|专属)?(?:网格|微网格|微格)$")
_LEADING = re.compile(
    r"^(?:\d{2,4}年度?(?:\d{1,2}月份?(?:\d{1,2}日)?)?|关于|附件\d*[:：]?|表\d+[:：.]?|\d+[.、\s]+|[\s_\-—()（）])+"
)
_SEPARATORS = re.compile(r"[\s_\-—()（）【】\[\]:：,，、.+]+")


def place_of(sheet_name: str, title: str, file_name: str) -> dict[str, str]:
    """The place by keys `community`, `grid`, `micro_grid`; a key is absent where nothing is said.

    The nearest word counts: the sheet's name before the title, the title before the file's name.
    """
    place: dict[str, str] = {}
    for text in (sheet_name, title, PurePath(file_name).stem):
        for key, value in _read(text).items():
            place.setdefault(key, value)
    return {key: place[key] for key in ("community", "grid", "micro_grid") if key in place}


def _read(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in _pieces(text):
        for key, value in _read_piece(piece).items():
            found.setdefault(key, value)
    return found


def _pieces(text: str) -> Iterable[str]:
    for line in text.split("\n"):
        for piece in _SEPARATORS.split(_LEADING.sub("", text_of(line))):
            yield _LEADING.sub("", piece)


def _read_piece(piece: str) -> dict[str, str]:
    """One run of words: 大碶街道牌门村2网格3微网格人口登记表.

    A group whose name begins with a village's (新村三组) is named whole: 新村 may be a hamlet, not the community.
    """
    found = {}
    rest = _ABOVE.sub("", piece)
    community = _COMMUNITY.match(rest)
    if community and not _NOT_A_COMMUNITY.search(community[1]):
        rest = rest[community.end() :]
        if community[1].endswith("村") and (group := _GROUP.match(rest) or _BUILDING.match(rest)):
            return {"micro_grid": community[1] + group[1]}
        found["community"] = community[1]
    if grid := _GRID.match(rest):
        rest = rest[grid.end() :]
        if not _NOT_A_GRID.search(grid[1]):
            found["grid"] = grid[1]
    part = _MICRO_GRID.match(rest) or _GROUP.match(rest) or _BUILDING.match(rest)
    if part and not _NOT_A_GRID.search(part[1]):
        found["micro_grid"] = part[1]
    return found
