"""Dates as people and Excel write them."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from households.loading.cleaning.texts import is_formula_error, is_nothing, text_of, with_plain_dashes
from households.loading.fields import Problem
from households.loading.files.cells import Cell


class CleanDate(NamedTuple):
    """`is_rough`: the file says no more than the month, and the first stands for it."""

    day: date | None = None
    problem: str = ""
    is_rough: bool = False


# Excel counts days from here (its leap day of 1900 never was, so that 1 March 1900 is day 61).
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 61, 73415  # 1900-03-01 to 2100-12-31

_FIRST_YEAR, _LAST_YEAR = 1880, 2100
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CHINESE_TENS = re.compile("(?P<tens>[一二三]?)十(?P<ones>[一二三四五六七八九]?)")
_TIME = re.compile(r"(?<=\d)[ T]+\d{1,2}[:时]\d{1,2}([:分]\d{1,2}秒?(\.\d+)?)?( ?[AP]M)?Z?$|(?<=日)\d{1,2}时.*$")
_LUNAR = re.compile("[农阴]历|[闰腊正冬]月|初[一二三四五六七八九十]|廿")
_AROUND = re.compile(r"^(公历|阳历|出生(于|日期)?:?)|[出生]+$|\((公历|阳历)\)")

_PLAIN = re.compile(r"([12][0-9]{3})[\-/.]([0-9]{1,2})[\-/.]([0-9]{1,2})")
_PARTS = re.compile(r"(\d{4})[年\-/.,、。\s]+(\d{1,2})(?:[月\-/.,、。\s]+(\d{1,2}))?[日号]?")
_SHORT_YEAR = re.compile(r"(\d{2})[年\-/.,、。\s]+(\d{1,2})[月\-/.,、。\s]+(\d{1,2})[日号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})[\-/.](\d{1,2})[\-/.](\d{4})")
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月份?")
_DIGITS = re.compile(r"\d{5,8}")


def clean_date(cell: Cell, *, on: date) -> CleanDate:
    """The day that a cell means, in any of the spellings below, or the reason why it can't be said.

    1990-01-31, 1990/1/31, 1990.1.31, 1990年1月31日, 1990 1 31, 19900131, 90.1.31, 31/1/1990, 一九九〇年一月三十一日,
    1990-01-31 00:00:00, 1990-01, 199001, 1990年1月, date cells, and Excel's day numbers as number or text.
    Dates of the lunar calendar are not understood: the day they mean is another one. A day after `on` isn't taken.
    """
    if isinstance(cell, str) and (plain := _PLAIN.fullmatch(cell)):
        return _made(plain[1], plain[2], plain[3], on)
    if isinstance(cell, datetime):
        return _checked(cell.date(), on)
    if isinstance(cell, date):
        return _checked(cell, on)
    text = text_of(cell)
    if is_nothing(text):
        return CleanDate()
    if is_formula_error(cell):
        return CleanDate(problem=Problem.DATE_UNKNOWN.value)
    return _read(_prepared(text.removesuffix(".0")), on)


def _prepared(text: str) -> str:
    text = _AROUND.sub("", with_plain_dashes(text)).strip()
    if "年" in text:
        text = _CHINESE_TENS.sub(_tens, text).translate(_CHINESE_DIGITS)
    return _TIME.sub("", text).strip(" .,。")


def _tens(found: re.Match[str]) -> str:
    return f"{found['tens'] or '一'}{found['ones'] or '〇'}"


def _read(text: str, on: date) -> CleanDate:
    if _LUNAR.search(text):
        return CleanDate(problem=Problem.DATE_UNKNOWN.value)
    if _DIGITS.fullmatch(text):
        return _from_digits(text, on)
    if parts := _PARTS.fullmatch(text) or _MONTH.fullmatch(text):
        return _made(parts[1], parts[2], parts[3] if parts.re is _PARTS else None, on)
    if parts := _SHORT_YEAR.fullmatch(text):
        year, month, day = parts.groups()
        return _made(_century(int(year), on), month, day, on)
    if parts := _YEAR_LAST.fullmatch(text):
        return _year_last(*map(int, parts.groups()), on=on)
    return CleanDate(problem=Problem.DATE_UNKNOWN.value)


def _from_digits(text: str, on: date) -> CleanDate:
    """19900131; 199001 or 900131; 33269, which is how Excel counts 1991-01-31."""
    if len(text) == 8:
        return _made(text[:4], text[4:6], text[6:], on)
    if len(text) == 6:
        is_year_first = _FIRST_YEAR <= int(text[:4]) <= _LAST_YEAR and 1 <= int(text[4:]) <= 12
        if is_year_first:
            return _made(text[:4], text[4:], None, on)
        return _made(_century(int(text[:2]), on), text[2:4], text[4:], on)
    if len(text) == 5 and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return _checked(_EXCEL_EPOCH + timedelta(days=int(text)), on)
    return CleanDate(problem=Problem.DATE_UNKNOWN.value)


def _century(year: int, on: date) -> int:
    """Of two years that end alike, the later one that has come already."""
    return on.year - (on.year - year) % 100


def _year_last(first: int, second: int, year: int, *, on: date) -> CleanDate:
    """31/1/1990 or 1/31/1990. When both could be the month nobody knows which is meant, unless they are equal."""
    if first == second or second > 12:
        return _made(year, first, second, on)
    if first > 12:
        return _made(year, second, first, on)
    return CleanDate(problem=Problem.DATE_UNKNOWN.value)


def _made(year: str | int, month: str | int, day: str | int | None, on: date) -> CleanDate:
    try:
        made = date(int(year), int(month), int(day or 1))
    except ValueError:
        return CleanDate(problem=Problem.DATE_UNKNOWN.value)
    return _checked(made, on, is_rough=day is None)


def _checked(day: date, on: date, *, is_rough: bool = False) -> CleanDate:
    if day.year < _FIRST_YEAR:
        return CleanDate(problem=Problem.DATE_UNKNOWN.value)
    if day > on:
        return CleanDate(problem=Problem.DATE_AHEAD.value)
    return CleanDate(day, is_rough=is_rough)
