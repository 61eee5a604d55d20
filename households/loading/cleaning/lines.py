"""Which lines of a sheet are about somebody, and which are its furniture: headers again, totals, signatures, blanks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from households.loading.cleaning.addresses import clean_address, key_of
from households.loading.cleaning.texts import text_of, value_of
from households.loading.fields import Field
from households.loading.files.cells import Cell

type Row = Sequence[Cell]

_TOTAL = re.compile(
    r"(本页|本户|本组|本村|全村|全组)?(合计|总计|小计|共计|累计|总人数|总户数|总数)(?![\u4e00-\u9fff]{2})|共\d+[户人]"
)
_REMARK = re.compile(
    r"(填表|填报|制表|审核|审批|经办|负责|登记|采集|录入|调查|联系)(人|单位|日期|时间)?(签[字名章]|盖章)?[::]|"
    r"(签[字名]|盖章|公章)|^(备注|说明|注|填表说明|填写说明|注意事项|单位|日期|第?\d+页)[::.、]?|第\d+页"
)
_SAMPLE = re.compile(r"^[(\[]?(示例|样例|举例|例)[)\]]?[::]?")
_HEADING = re.compile(
    r"(第?[\d〇一二三四五六七八九十]{1,3}|[\u4e00-\u9fff]{1,8})(村民小组|居民小组|小组|组|微?网格|自然村|队|号楼|[幢栋])"
)
_SUBSTANCE = (Field.NUMBER, Field.PHONE, Field.BORN_ON)
_DOOR = (Field.ADDRESS, Field.BUILDING, Field.STAIRWELL, Field.ROOM)
_DIGIT = re.compile(r"\d|[A-Z]$")


@dataclass(slots=True)
class Skipped:
    """What was left out, as (sheet, line). Blank lines are only counted: there may be a million."""

    blank: int = 0
    headers: list[tuple[int, int]] = field(default_factory=list)
    totals: list[tuple[int, int]] = field(default_factory=list)
    remarks: list[tuple[int, int]] = field(default_factory=list)
    """Signatures, explanations, sub-titles, samples."""
    headings: list[tuple[int, int, str]] = field(default_factory=list)
    """Sub-titles that name the place of the lines below: sheet, line, text (第一组)."""


class LineSorter:
    """Tells lines about people from the rest, by the columns of one sheet.

    `columns` are the columns of each field, of all members; `headers` the words over the columns.
    """

    def __init__(self, sheet: int, columns: Mapping[str, Sequence[int]], headers: Mapping[int, str]) -> None:
        self._sheet = sheet
        self._headers = {index: _squeezed(header) for index, header in headers.items() if header}
        self._names = [*columns.get(Field.NAME, ()), *columns.get(Field.HEAD_NAME, ())]
        self._numbers = list(columns.get(Field.NUMBER, ()))
        self._substance = [index for wanted in _SUBSTANCE for index in columns.get(wanted, ())]
        self._door = [index for wanted in _DOOR for index in columns.get(wanted, ())]

    def is_furniture(self, row: Row, line: int, skipped: Skipped) -> bool:
        """Whether the line is about nobody; if so, it is noted in `skipped`. For lines without a plain name."""
        is_sample = any(_SAMPLE.match(text_of(row[index])) for index in self._names)
        if not is_sample and any(_is_long_number(row[index]) for index in self._numbers):
            return False
        texts = [text for text in map(text_of, row) if text]
        if not texts:
            skipped.blank += 1
            return True
        if heading := heading_of(row):
            skipped.headings.append((self._sheet, line, heading))
            return True
        if self._is_header(row, len(texts)):
            skipped.headers.append((self._sheet, line))
            return True
        names = list(filter(None, (value_of(row[index]) for index in self._names)))
        if is_sample:
            skipped.remarks.append((self._sheet, line))
            return True
        if self._has_substance(row):
            return False
        if any(_TOTAL.match(text) for text in texts[:4]):
            skipped.totals.append((self._sheet, line))
            return True
        if any(_REMARK.search(text) for text in texts):
            skipped.remarks.append((self._sheet, line))
            return True
        if names or self._is_door(row):
            return False
        return self._note_nameless(row, texts, line, skipped)

    def _note_nameless(self, row: Row, texts: list[str], line: int, skipped: Skipped) -> bool:
        """A running number, a default or a formula beside empty cells is a line not filled in; words are a remark."""
        if any(len(text) > 4 and not text.startswith("#") for text in texts) and len(texts) <= 2:
            skipped.remarks.append((self._sheet, line))
        else:
            skipped.blank += 1
        return True

    def _is_header(self, row: Row, filled: int) -> bool:
        """Whether most cells say what stands over their column, wholly or in one of several header lines."""
        headers = self._headers
        same = 0
        for index, header in headers.items():
            text = _squeezed(text_of(row[index])) if index < len(row) else ""
            same += len(text) > 1 and (text == header or header.endswith(text) or header.startswith(text))
        return same >= 2 and same * 2 >= filled

    def _has_substance(self, row: Row) -> bool:
        """Whether somebody's number, telephone or birth date stands there: more than a sum or a date of signing."""
        found = sum(len(re.sub(r"\D", "", value_of(row[index]))) >= 6 for index in self._substance)
        return found > 0

    def _is_door(self, row: Row) -> bool:
        """An address without anybody: a dwelling that stands empty, if a number or a letter tells it from others."""
        text = "".join(clean_address(row[index]) for index in self._door)
        return _DIGIT.search(key_of(text)) is not None


def heading_of(row: Row) -> str:
    """The place that a sub-title names for the lines below it, standing alone on its line (第一组); "" for others."""
    filled = [cell for cell in row if cell != ""]
    if len(filled) != 1:
        return ""
    text = text_of(filled[0]).rstrip(":")
    return text if _HEADING.fullmatch(text) else ""


def _is_long_number(cell: Cell) -> bool:
    """The first character may be an apostrophe."""
    return isinstance(cell, str) and len(cell) >= 15 and cell[1:14].isdigit()


def _squeezed(text: str) -> str:
    return re.sub(r"[\s*:/()]+", "", text)
