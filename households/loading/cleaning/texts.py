"""Cells as texts: what every column does first, whatever it holds."""

import re
import unicodedata
from datetime import datetime

from households.loading.files.cells import Cell, CellError


def words(text: str) -> frozenset[str]:
    """A vocabulary written as one text, as vocabularies are read best."""
    return frozenset(text.split())


# What people write where there is nothing to write, as `text_of` leaves it.
NOTHING = words("""
    无 空 没有 暂无 不详 不明 未知 不清楚 待查 待补 待核实 未登记 未填 没填 无信息 无电话 无手机 无证件 无身份证
    N/A NA NULL NONE NAN NIL 〇 0 无。 / // \\ - -- --- — —— ——— – _ __ . .. 。 、 * ** ?
""")
DITTO = words("同上 同前 同左 〃 ″ ” “ \" '' '")
_FORMULA_ERROR = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile("[‐‑‒–—―−﹣－ー]")

# Beyond this a number cell no longer holds all of its digits: Excel keeps fifteen.
EXACT_UP_TO = 10**15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d{2}")


def text_of(cell: Cell) -> str:
    """The cell as one line of text: half-width, without invisible characters and spaces at the ends.

    Whole numbers come without a point, dates as 1990-01-31. "" for an empty cell. Words that mean
    nothing (无, /, ——) stay: see `value_of`.
    """
    if isinstance(cell, str):
        text = cell
    elif isinstance(cell, bool):
        return ""
    elif isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() else repr(cell)
    elif isinstance(cell, datetime):
        text = cell.date().isoformat()
    else:
        text = str(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isprintable() or "  " in text:
        text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return text.strip(" '`’‘")


def value_of(cell: Cell) -> str:
    """The text of the cell, or "" when it says in one of many ways that there is nothing (无, /, ——, 不详)."""
    text = text_of(cell)
    return "" if is_nothing(text) else text


def is_nothing(text: str) -> bool:
    return not text or text.upper() in NOTHING


def is_formula_error(cell: Cell) -> bool:
    """Also for errors that came as text, in a .csv."""
    if isinstance(cell, CellError):
        return True
    return isinstance(cell, str) and cell[:1] == "#" and _FORMULA_ERROR.fullmatch(cell.strip().upper()) is not None


def is_ditto(cell: Cell) -> bool:
    """Whether the cell says: the same as above."""
    return isinstance(cell, str) and cell.strip() in DITTO


def is_damaged(cell: Cell) -> bool:
    """Whether Excel has lost digits of a long number: the cell holds a number beyond fifteen digits, or 3.30206E+17."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return abs(cell) >= EXACT_UP_TO
    return isinstance(cell, str) and len(cell) < 40 and _SCIENTIFIC.fullmatch(text_of(cell).upper()) is not None


def with_plain_dashes(text: str) -> str:
    return _DASHES.sub("-", text)


def without_spaces(text: str) -> str:
    return text.replace(" ", "")
