"""Pages through lists of any length: each begins where the one before ended, and nothing is counted or skipped.

The order is that of the tree (and the key, for several rows behind one door), read straight from the index of the
tree's numbers. A cursor in an address holds these numbers, which say nothing of anybody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

ROWS: Final = 50
_AFTER, _BEFORE = "a", "b"
_CURSOR: Final = re.compile(r"[ab]\d{1,18}(-\d{1,18}){0,3}")


@dataclass(frozen=True, slots=True)
class Stretch[T: Model]:
    """One page of a list, with the cursors of its neighbours; empty where there is none."""

    rows: list[T]
    previous: str = ""
    next: str = ""
    name: str = "page"
    """The parameter of the address that holds the cursor."""

    @property
    def has_other_pages(self) -> bool:
        return bool(self.previous or self.next)

    @property
    def previous_query(self) -> dict[str, str]:
        return {self.name: self.previous}

    @property
    def next_query(self) -> dict[str, str]:
        return {self.name: self.next}


def stretch[T: Model](
    rows: QuerySet[T], order: Sequence[str], cursor: str = "", *, size: int = ROWS, name: str = "page"
) -> Stretch[T]:
    """The page at `cursor`, as an earlier page named it; the first for none or one that can't be read.

    `order` are paths to numbers that together belong to one row only. Cursors read `a3-17` (after it) or `b3-17`.
    """
    at = _position(cursor, len(order))
    backwards = at is not None and cursor.startswith(_BEFORE)
    if at is not None:
        columns = Tuple(*(F(path) for path in order))
        rows = rows.filter(TupleLessThan(columns, at) if backwards else TupleGreaterThan(columns, at))
    direction = "-" if backwards else ""
    found = list(rows.order_by(*(direction + path for path in order))[: size + 1])
    is_cut, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Stretch([], name=name)
    has_previous, has_next = (is_cut, True) if backwards else (at is not None, is_cut)
    return Stretch(
        found,
        previous=_cursor(_BEFORE, found[0], order) if has_previous else "",
        next=_cursor(_AFTER, found[-1], order) if has_next else "",
        name=name,
    )


def _position(cursor: str, length: int) -> tuple[int, ...] | None:
    if not _CURSOR.fullmatch(cursor):
        return None
    numbers = tuple(int(number) for number in cursor[1:].split("-"))
    return numbers if len(numbers) == length else None


def _cursor(direction: str, row: Model, order: Sequence[str]) -> str:
    return direction + "-".join(str(_value(row, path)) for path in order)


def _value(row: Model, path: str) -> object:
    value: object = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value
