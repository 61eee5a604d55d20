"""Document numbers by the column: 200,000 of them in a tenth of a second.

A card's number falls into county, birth date and the rest. Each part has a share of the weighted sum of MOD 11-2 that
depends on nothing else, so each different part is weighed once, and a number is right when the three shares and the
check digit add up to 1 modulo 11. Whatever doesn't add up goes the careful way, cell by cell (`identity`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from households.loading.cleaning.identity import (
    CHECK_DIGITS,
    PROVINCES,
    WEIGHTS,
    IdFacts,
    bare,
    birth_date,
    check_number,
    sex_of,
)
from households.loading.files.cells import Cell
from households.models import Resident

_WRONG = 100
"""A share that no right sum contains."""
_RIGHT_SUMS = frozenset((1, 12, 23))
_PLAIN_COUNTIES = frozenset(code for code in PROVINCES if code[0] not in "89")

_ID_CARD = Resident.Document.ID_CARD.value
_VALID = Resident.NumberCheck.VALID.value


@dataclass(slots=True)
class NumberColumns:
    """The columns that come of a column of numbers, and the problems by position."""

    number: list[str]
    check: list[str]
    document: list[str]
    sex: list[str]
    born_on: list[date | None]
    problems: dict[int, tuple[str, ...]]


class NumberReader:
    """Reads columns of numbers; keeps what it learned of their parts from one chunk to the next."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._counties = _Counties()
        self._births = _Births(on)
        self._tails = _Tails()

    def read(self, cells: Sequence[Cell], documents: Sequence[str] | None) -> NumberColumns:
        """`documents` are the kinds as the file says them, "" where it doesn't; None without such a column."""
        count = len(cells)
        columns = NumberColumns(
            number=list(cells),  # type: ignore[arg-type]  # what isn't a right number is replaced below
            check=[_VALID] * count,
            document=[_ID_CARD] * count,
            sex=[""] * count,
            born_on=[None] * count,
            problems={},
        )
        for position in self._right_ones(cells, columns):
            document = documents[position] if documents else ""
            facts = self._right_when_bare(cells[position]) or check_number(
                cells[position], document=document, on=self._on
            )
            self._set(columns, position, facts)
        if documents:
            for position in [at for at, kind in enumerate(documents) if kind and kind != _ID_CARD]:
                self._set(columns, position, check_number(cells[position], document=documents[position], on=self._on))
        return columns

    def _right_ones(self, cells: Sequence[Cell], columns: NumberColumns) -> list[int]:
        """Fill in sex and birth date of the right numbers; return the positions of all others."""
        counties, births, tails = self._counties, self._births, self._tails
        sexes, born_on = columns.sex, columns.born_on
        others = []
        for position, cell in enumerate(cells):
            if cell.__class__ is str:
                birth_share, day = births[cell[6:14]]
                tail_share, sex = tails[cell[14:]]
                if counties[cell[:6]] + birth_share + tail_share in _RIGHT_SUMS:
                    sexes[position] = sex
                    born_on[position] = day
                    continue
            others.append(position)
        return others

    def _right_when_bare(self, cell: Cell) -> IdFacts | None:
        """The facts of a right number behind an apostrophe, with spaces or a small x: whole columns are written so."""
        if not isinstance(cell, str) or len(cell) < 18:
            return None
        number = bare(cell)
        birth_share, day = self._births[number[6:14]]
        tail_share, sex = self._tails[number[14:]]
        if self._counties[number[:6]] + birth_share + tail_share not in _RIGHT_SUMS:
            return None
        return IdFacts(number, _VALID, sex, day)

    @staticmethod
    def _set(columns: NumberColumns, position: int, facts: IdFacts) -> None:
        columns.number[position] = facts.number
        columns.check[position] = facts.check
        columns.document[position] = facts.document
        columns.sex[position] = facts.sex
        columns.born_on[position] = facts.born_on
        if facts.problems:
            columns.problems[position] = facts.problems
        else:
            columns.problems.pop(position, None)


class _Counties(dict[str, int]):
    """The share of the first six digits. Those of permits and unknown provinces are left to the careful way."""

    def __missing__(self, digits: str) -> int:
        share = _WRONG
        if _is_digits(digits, 6) and digits[:2] in _PLAIN_COUNTIES:
            share = self[digits] = _share(digits, 0)
        return share


class _Births(dict[str, tuple[int, date | None]]):
    """The share and the day of eight digits, as long as somebody can have been born that day."""

    def __init__(self, on: date) -> None:
        super().__init__()
        self._on = on

    def __missing__(self, digits: str) -> tuple[int, date | None]:
        day = birth_date(digits, self._on) if _is_digits(digits, 8) else None
        if day is None:
            return _WRONG, None
        known = self[digits] = ((_year_share(digits[:4]) + _day_share(digits[4:])) % 11, day)
        return known


class _Tails(dict[str, tuple[int, str]]):
    """The share of sequence and check digit together, and the sex."""

    def __missing__(self, tail: str) -> tuple[int, str]:
        if not (len(tail) == 4 and _is_digits(tail[:3], 3) and tail[3] in CHECK_DIGITS):
            return _WRONG, ""
        check_value = 10 if tail[3] == "X" else int(tail[3])
        known = self[tail] = ((_share(tail[:3], 14) + check_value) % 11, sex_of(tail[2]))
        return known


def _is_digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


@cache
def _year_share(digits: str) -> int:
    return _share(digits, 6)


@cache
def _day_share(digits: str) -> int:
    return _share(digits, 10)


def _share(digits: str, start: int) -> int:
    weights = WEIGHTS[start : start + len(digits)]
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
