"""Where the header of a sheet is.

Real sheets have titles above the header, one to three header lines whose cells are merged (a group over its columns, a
column over two lines), and a hint under it ("必填，18位"). What stands further down is told apart by `lines`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from households.loading.cleaning.texts import text_of
from households.loading.fields import Field
from households.loading.files.cells import Cell, Merged
from households.loading.recognition import naming
from households.loading.recognition.content import Kind, kind_of
from households.loading.recognition.naming import Named

SEARCHED_LINES = 60
MOST_HEADER_LINES = 3
MOST_HINT_LINES = 3
SURELY_A_HEADER = 5
"""So many names of different fields stand in no other line, whatever else is on it."""
LONGEST_HEADER = 40
"""Longer texts are explanations, not names of columns."""
LONGEST_GROUP = 15
NO_HEADER_CELL = frozenset({Kind.CARD, Kind.PHONE, Kind.DATE})
TITLE_SHARE = 0.8
"""A cell merged over so much of the width is a title, not a group of columns."""

_CODES = re.compile(r"\d[^\d\s].*\d[^\d\s]")
_LONG_DIGITS = re.compile(r"\d{11}")
_FILLED_IN = re.compile(r"[:：]\s*\S")
_TITLE_WORDS = re.compile(r"(?:表|台账|名册|名单|花名册|登记|统计|汇总|底册|信息采集)(?:[(（].*[)）])?$")
_HINTS = re.compile(
    r"必填|选填|必录|可不填|可填|下拉|示例|例如|例[:：]|如[:：]|格式|请填|填写|请选|位数字|\d+位|不填|不能为空|文本型?|yyyy|"
    r"年月日|required|optional|example",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(r"^(?:示?例|样例|示范|模板|填写说明|说明|填表说明|example)(?:[:：\d]|$)", re.IGNORECASE)
_EXAMPLE_BEHIND = re.compile(r"[(（](?:示?例|样例|示范)[)）]$")
_COLUMN_MARK = re.compile(r"[甲乙丙丁戊A-Z]|\d{1,3}")


@dataclass(slots=True)
class Header:
    """A header that was found. Lines are counted from 1; `data_from` is the first line that may be a person.

    `paths` are the texts over each column from the group down, as they stand; `titles` the lines above.
    """

    line_from: int
    line_to: int
    data_from: int
    paths: list[list[str]]
    titles: list[str] = field(default_factory=list)

    @property
    def named(self) -> list[Named]:
        return [naming.read(path) for path in self.paths]


def find_header(head: Sequence[Sequence[Cell]], merged: Sequence[Merged]) -> Header | None:
    """The header among the first lines of a sheet, or None. `head` are these lines, `merged` the merged cells."""
    grid = _spread(head[:SEARCHED_LINES], merged)
    bottom = _best_line(grid)
    if bottom is None:
        return None
    bottom = _lowest(grid, bottom)
    top = _highest(grid, bottom)
    paths = _paths(grid, top, bottom, merged)
    data_from = _skip_hints(head, bottom + 1)
    return Header(top + 1, bottom + 1, data_from + 1, paths, titles_above(head, top))


def titles_above(head: Sequence[Sequence[Cell]], top: int) -> list[str]:
    """The texts of the lines over the header, one a line."""
    lines = (" ".join(dict.fromkeys(filter(None, map(text_of, row)))) for row in head[:top])
    return [line for line in lines if line]


def _spread(head: Sequence[Sequence[Cell]], merged: Sequence[Merged]) -> list[list[str]]:
    """The lines as texts, merged cells written into each of their places, except titles: they stay where they are."""
    grid = [[_header_text(cell) for cell in row] for row in head]
    width = max((len(row) for row in grid), default=0)
    for row in grid:
        row += [""] * (width - len(row))
    used = _used_width(grid)
    for area in merged:
        if area.first_row >= len(grid) or area.first_column >= width or _is_title(area, used):
            continue
        text = grid[area.first_row][area.first_column]
        for line in range(area.first_row, min(area.last_row, len(grid) - 1) + 1):
            for column in range(area.first_column, min(area.last_column, width - 1) + 1):
                grid[line][column] = text
    return grid


def _header_text(cell: Cell) -> str:
    """The text of a cell; without its further lines where these are a hint or a list of codes below a name."""
    text = text_of(cell)
    if not isinstance(cell, str) or "\n" not in cell.strip() or _named(text).field:
        return text
    first, rest = map(text_of, cell.strip().split("\n", 1))
    is_hint = _HINTS.search(rest) or _CODES.search(rest)
    return first if is_hint and _named(first).field else text


def _used_width(grid: Sequence[Sequence[str]]) -> int:
    return max((column for row in grid for column, text in enumerate(row, start=1) if text), default=0)


def _is_title(area: Merged, width: int) -> bool:
    span = area.last_column - area.first_column + 1
    return span > 3 and span >= TITLE_SHARE * width


def _best_line(grid: Sequence[Sequence[str]]) -> int | None:
    """The line with most names of columns; the first of equals, for headers are repeated further down."""
    scores = [(_score(row), -line) for line, row in enumerate(grid)]
    for score, minus_line in sorted(scores, reverse=True):
        if score > 0 and not _goes_on(grid, -minus_line):
            return -minus_line
    return None


def _score(row: Sequence[str]) -> float:
    """How much a line is a header: 0 when it can't be one."""
    texts = [text for text in row if text]
    if any(_LONG_DIGITS.search(text) for text in texts):
        return 0
    if sum(map(_is_filled_in, texts)) > 0.3 * len(texts) or _has_data(texts):
        return 0
    named = [_named(text) for text in dict.fromkeys(texts)]
    fields = [name for name in named if name.field or name.choices]
    strangers = sum(name.is_foreign for name in named)
    is_list_of_names = bool(fields) and fields[0].field == Field.NAME and (strangers or len(texts) == 1)
    is_mostly_known = bool(fields) and len(fields) + strangers >= max(3, 0.6 * len(named))
    if len(fields) < 2 and not is_list_of_names and not is_mostly_known:
        return 0
    score = len(fields) + 0.3 * strangers
    is_surely_known = len({name.field for name in fields if name.field}) >= SURELY_A_HEADER  # among a hundred columns
    return score if score >= 0.3 * len(named) or is_surely_known else 0


def _has_data(texts: Sequence[str]) -> bool:
    return sum(kind_of(text) in NO_HEADER_CELL for text in texts) > 0.1 * len(texts)


def _goes_on(grid: Sequence[Sequence[str]], line: int) -> bool:
    """Whether the texts of a line stand below it again (户主, 党员): then it is one of the people, not the header."""
    row = grid[line]
    filled = sum(map(bool, row))
    seen = set()
    for other in grid[line + 1 :]:
        same = {column for column, text in enumerate(row) if text and text == other[column]}
        if len(same) < 0.6 * filled:  # more: the header once again
            seen |= same
    return len(seen) >= 0.3 * filled


def _is_filled_in(text: str) -> bool:
    """填报单位：牌门村. An example behind a name (地址，如：3-2-501) is none."""
    return bool(_FILLED_IN.search(naming.EXAMPLE.sub("", text)))


def _named(text: str) -> Named:
    return naming.read([text]) if len(text) <= LONGEST_HEADER * 2 else naming.UNKNOWN


def _is_headerlike(row: Sequence[str]) -> bool:
    """Whether most texts of a line are names of columns: then it goes on the header above it."""
    texts = list(dict.fromkeys(text for text in row if text))
    known = sum(_named(text).is_known for text in texts)
    fields = sum(bool(_named(text).field) for text in texts)
    return known >= 2 and fields >= 1 and known >= 0.6 * len(texts) and _score(row) > 0


def _lowest(grid: Sequence[Sequence[str]], best: int) -> int:
    """The last line of the header: without merged cells (.csv) the columns of a group stand a line lower."""
    bottom = best
    while bottom + 1 < len(grid) and bottom - best < MOST_HEADER_LINES - 1:
        below = grid[bottom + 1]
        if below == grid[bottom] or not _is_headerlike(below):
            break
        bottom += 1
    return bottom


def _highest(grid: Sequence[Sequence[str]], bottom: int) -> int:
    top = bottom
    while top > 0 and bottom - top < MOST_HEADER_LINES - 1 and _is_group_line(grid, top - 1, bottom):
        top -= 1
    return top


def _is_group_line(grid: Sequence[Sequence[str]], line: int, bottom: int) -> bool:
    """Whether a line over the header belongs to it: groups over several columns, or names that reach down."""
    row = grid[line]
    texts = list(dict.fromkeys(filter(None, row)))
    if not texts or any(_is_filled_in(text) or len(naming.normal(text)) > LONGEST_GROUP for text in texts):
        return False
    kinds = {kind_of(text) for text in texts}
    if kinds & NO_HEADER_CELL or any(_TITLE_WORDS.search(text) for text in texts):
        return False
    if len(texts) <= 2 and Kind.PLACE in kinds and not any(_named(text).is_known for text in texts):
        return False
    reaches_down = row == grid[bottom] or any(
        text and text == below for text, below in zip(row, grid[bottom], strict=True)
    )
    spans = max(row.count(text) for text in texts) > 1
    stands_inside = len(texts) > 1 or not row[0]
    return spans or reaches_down or (stands_inside and _has_children(row, grid[line + 1]))


def _has_children(row: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a text has its own column and the one right of it below: a group whose cells nobody merged."""
    return any(
        row[column] and not row[column + 1] and below[column] and below[column + 1] for column in range(len(row) - 1)
    )


def _paths(grid: Sequence[Sequence[str]], top: int, bottom: int, merged: Sequence[Merged]) -> list[list[str]]:
    lines = [list(row) for row in grid[top : bottom + 1]]
    is_merged = any(top <= area.first_row <= bottom and area.first_column < area.last_column for area in merged)
    if not is_merged:
        for upper, lower in pairwise(lines):
            _spread_groups(upper, lower)
    width = _used_width(lines)
    columns = list(zip(*(line[:width] for line in lines), strict=True))
    return [[text for text in dict.fromkeys(column) if text] for column in columns]


def _spread_groups(upper: list[str], lower: Sequence[str]) -> None:
    """Write the text of a group over all of its columns: up to the next text, as far as there are names below."""
    group = ""
    for column, text in enumerate(upper):
        if text:
            group = text if lower[column] else ""
        elif lower[column]:
            upper[column] = group
        else:
            group = ""


def _skip_hints(head: Sequence[Sequence[Cell]], start: int) -> int:
    """The first line from `start` that is neither blank nor a hint, an example or the numbers of the columns."""
    line = start
    for row in head[start : start + MOST_HINT_LINES]:
        texts = [text for text in map(text_of, row) if text]
        if texts and not _is_hint(texts):
            break
        line += 1
    return line


def _is_hint(texts: Sequence[str]) -> bool:
    if _EXAMPLE.match(texts[0]) or any(_EXAMPLE_BEHIND.search(text) for text in texts):
        return True
    if any(kind_of(text) in NO_HEADER_CELL for text in texts):
        return False
    if len(texts) >= 3 and all(_COLUMN_MARK.fullmatch(text) for text in texts):
        numbers = [int(text) for text in texts if text.isdigit()]
        return len(numbers) < 2 or all(after == before + 1 for before, after in pairwise(numbers))
    return sum(bool(_HINTS.search(text)) for text in texts) >= max(1, 0.3 * len(texts))
