"""Names of persons: what belongs to the name, what was written beside it, and what is no name."""

import re
from typing import NamedTuple

from households.loading.cleaning import surnames
from households.loading.cleaning.relations import standard_relation
from households.loading.cleaning.texts import is_formula_error, is_nothing, text_of, words
from households.loading.fields import Problem
from households.loading.files.cells import Cell

LONGEST = 60


class CleanName(NamedTuple):
    """`relation` and `note` are what stood in brackets: 张三(户主), 李四(已迁出)."""

    name: str = ""
    problem: str = ""
    relation: str = ""
    note: str = ""
    is_vacant: bool = False
    """The cell says that nobody lives here."""


NOT_NAMES = words("""
    合计 总计 小计 共计 累计 总数 人数 户数 合计人数 总人数 总户数 姓名 名字 成员姓名 户主姓名 人员姓名 居民姓名
    备注 说明 填表人 审核人 制表人 负责人 填报人 签字 盖章 性别 序号 男 女 是 否 成员 户主 居民 住户 人员
""")
VACANT = words("空房 空户 空置 空置房 空关 空关房 无人 无人居住 无人住 空挂 闲置 未入住 没人住 无住户 未住人 空闲 空屋")
_PLACE = re.compile(r"(第?[\d一二三四五六七八九十]{1,3}|.{0,8}微?网)(组|小组|队|格|号楼|[幢栋])")
# A telephone or document number beside the name is no note: notes lie in the open.
_NUMBER = re.compile(r"\d{7}|\d{3}[ -]\d{4}")
_TITLES = words("先生 女士 小姐 同志")
_TITLE = re.compile(r"(?<=..)(先生|女士|小姐|同志)$")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|<([^<>]*)>")
_DOTS = re.compile(r"\s*[·•‧∙⋅・･●]\s*|(?<=[㐀-鿿])[.。](?=[㐀-鿿])")
_LABEL = re.compile(r"^(户主|本人|姓名|租客|租户|房东)(姓名)?[:\- ]+")
_TAIL = re.compile(r"[\-\s]+(户主|本人|租客|租户)$")
# The private range too: older systems keep rare characters of names there.
_IDEOGRAPHS = "㐀-鿿豈-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff〇"
_CHINESE = re.compile(rf"[{_IDEOGRAPHS}]+(·[{_IDEOGRAPHS}]+)*")
_CHINESE_WITH_SPACES = re.compile(rf"[{_IDEOGRAPHS}]+( [{_IDEOGRAPHS}]+)+")
_LETTERS = re.compile(r"[^\W\d_]+([ '·,\-]+[^\W\d_]+|\.)*")


def clean_name(cell: Cell) -> CleanName:
    """The name alone. Spaces inside a Chinese name go (张 三), dots are all written ·, titles (先生) fall off.

    What stands in brackets is the relation when it is one, otherwise a note.
    """
    text = text_of(cell)
    if is_formula_error(cell):
        return CleanName(problem=Problem.FORMULA_ERROR.value)
    if is_nothing(text):
        return CleanName()
    if text in VACANT:
        return CleanName(is_vacant=True)
    outside, inside = _brackets_opened(text)
    name, label = _label_taken(outside)
    name = _joined(_DOTS.sub("·", _TITLE.sub("", name)).strip(" ·,:;-"))
    relation = next(filter(None, map(standard_relation, (*inside, label))), "") if inside or label else ""
    notes = [part for part in inside if standard_relation(part) is None]
    if any(_NUMBER.search(part) for part in notes):
        return CleanName(name[: LONGEST + 1], Problem.NAME_ODD.value, relation)
    return CleanName(name[: LONGEST + 1], _problem(name, outside), relation, " ".join(notes))


def _brackets_opened(text: str) -> tuple[str, list[str]]:
    inside = [part for found in _BRACKETS.findall(text) for part in found if part and part not in _TITLES]
    return _BRACKETS.sub(" ", text).strip(), inside


def _label_taken(text: str) -> tuple[str, str]:
    for pattern in (_LABEL, _TAIL):
        if found := pattern.search(text):
            return pattern.sub("", text).strip(), found[1] if found[1] != "姓名" else ""
    return text, ""


def _joined(name: str) -> str:
    return name.replace(" ", "") if _CHINESE_WITH_SPACES.fullmatch(name) else name


def _problem(name: str, written: str) -> str:
    if not name:
        return Problem.NAME_ODD.value
    if len(name) > LONGEST:
        return Problem.NAME_TOO_LONG.value
    if name in NOT_NAMES or _PLACE.fullmatch(name) or _is_two(written):
        return Problem.NAME_ODD.value
    is_name = _CHINESE.fullmatch(name) or _LETTERS.fullmatch(name)
    return "" if is_name else Problem.NAME_ODD.value


def _is_two(written: str) -> bool:
    """张三 李四 are two people; 张 三 and 欧阳 修 are one."""
    parts = written.split(" ")
    return len(parts) > 1 and all(
        2 <= len(part) <= 3 and part[0] in surnames.SINGLE and part not in surnames.COMPOUND for part in parts
    )
