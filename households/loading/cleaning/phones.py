"""Telephone numbers as they stand in registers, often two in a cell."""

import re
from typing import NamedTuple

from households.loading.cleaning.texts import is_damaged, is_formula_error, is_nothing, text_of, with_plain_dashes
from households.loading.fields import Problem
from households.loading.files.cells import Cell


class CleanPhone(NamedTuple):
    """`number` is digits alone, with a plus before a foreign country and a dash before an extension.

    `others` are the further numbers of the cell, as clean as the first.
    """

    number: str = ""
    problem: str = ""
    others: tuple[str, ...] = ()


_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:(0(?:10|2\d|[3-9]\d{2}))(?=[1-9])|(?=[2-9]))(\d{7,8})(?:-(\d{1,6}))?")
_SERVICE = re.compile(r"[48]00\d{7}")
_FOREIGN = re.compile(r"(?:\+|00)(?!86)([1-9]\d{6,14})")
_CHINA = re.compile(r"^(?:(?:\+|00)86-?|86-|86(?=1[3-9]\d{9}$))")
_BETWEEN = re.compile(r"[,;、/\\|。\n]+|或者?|(?<=\d) +(?=1[3-9]\d{9}|0\d{2,3}-?\d{7})")
_LABEL = re.compile(r"[^\d+]*[\u4e00-\u9fffA-Za-z][^\d+]*")
_RUN_TOGETHER = re.compile(r"(1[3-9]\d{9})(1[3-9]\d{9})")
_INSIDE = re.compile(r"[\s().·*'_]+")


def clean_phone(cell: Cell) -> CleanPhone:
    """The number to ring, a mobile one before a landline; what else the cell holds; what is wrong with it.

    Dashes, spaces, brackets, +86 and words around the number are taken away. Numbers that can't be rung, such as
    those that Excel shortened (1.38E+10), are not given back.
    """
    text = text_of(cell)
    if is_nothing(text):
        return CleanPhone()
    if is_mobile(bare := text.replace("-", "").replace(" ", "")):
        return CleanPhone(bare)
    if is_formula_error(cell) or is_damaged(cell):
        return CleanPhone(problem=Problem.PHONE_UNKNOWN.value)
    found = list(dict.fromkeys(filter(None, map(_number, _pieces(with_plain_dashes(text))))))
    if not found:
        return CleanPhone(problem=Problem.PHONE_UNKNOWN.value)
    found.sort(key=lambda number: not is_mobile(number))
    return CleanPhone(found[0], others=tuple(found[1:]))


def is_mobile(number: str) -> bool:
    return _MOBILE.fullmatch(number) is not None


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for piece in _BETWEEN.split(text.removesuffix(".0")):
        bare = _LABEL.sub(" ", piece).strip(" -:()")
        both = _RUN_TOGETHER.fullmatch(bare)
        pieces += both.groups() if both else re.split(r"\s+(?=1[3-9]\d{9}$)", bare)
    return pieces


def _number(piece: str) -> str:
    """One number made plain, or "" for what is none."""
    piece = _CHINA.sub("", _INSIDE.sub("", piece))
    digits = piece.replace("-", "")
    if _MOBILE.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return digits
    if foreign := _FOREIGN.fullmatch(digits):
        return "+" + foreign[1]
    landline = _LANDLINE.fullmatch(digits) or _LANDLINE.fullmatch(re.sub(r"^(0\d{2,3})-", r"\1", piece))
    if landline is None:
        return ""
    area, number, extension = landline.groups()
    return (area or "") + number + (f"-{extension}" if extension else "")
