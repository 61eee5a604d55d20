"""What a register is made of: columns that each know where their value comes from and how it is said."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.utils.functional import Promise

from households.registers.areas import Area

Cell = str | int | date
Say = Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows are wanted: an area on a day, perhaps of one kind only.

    The rest is what the reader may see: sensitive kinds, full names, full numbers.
    """

    area: Area
    on: date
    kind: str = ""
    sees_sensitive: bool = False
    names: bool = False
    is_unmasked: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `source` is the path to the value from the row's model.

    `choices` says what coded values mean, `said` turns any value into what stands in the cell; `masked` does so for who
    may not see the value itself.
    `is_name`: masked as others are, but shown to who works with the people (`Scope.names`). What isn't `on_page` stands
    in the files alone.
    """

    key: str
    header: str | Promise
    source: str
    choices: type[TextChoices] | None = None
    said: Say | None = None
    masked: Say | None = None
    is_name: bool = False
    on_page: bool = True
    width: int = 12

    def say(self, scope: Scope) -> Say:
        """What turns the values of this column into cells for that reader."""
        if self.masked is not None and not scope.is_unmasked and not (self.is_name and scope.names):
            return self.masked
        if self.choices is not None:
            labels: dict[Any, Cell] = {value: str(label) for value, label in self.choices.choices}
            return lambda value: labels.get(value, _as_it_is(value))
        return self.said or _as_it_is


@dataclass(frozen=True, slots=True)
class Register:
    """One of the four registers: a view of rows that stand elsewhere, never a copy of them."""

    code: str
    title: str | Promise
    columns: tuple[Column, ...]
    rows: Callable[[Scope], QuerySet]
    kinds: Callable[[], Sequence[tuple[str, str | Promise]]]
    """What the register can be narrowed to: value and label."""
    kind_label: str | Promise
    record: tuple[str, str]
    """The page that a row opens (its URL name) and the path from the row to the key which that page takes."""
    page_columns: tuple[Column, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "page_columns", tuple(column for column in self.columns if column.on_page))

    def values(self, scope: Scope, columns: Sequence[Column] | None = None) -> QuerySet:
        """The rows as tuples: the key of the page that a row opens first, then the value of each column."""
        return self.rows(scope).values_list(self.record[1], *[column.source for column in columns or self.columns])


def cells(columns: Sequence[Column], scope: Scope, rows: Iterable[Sequence[Any]]) -> Iterable[list[Cell]]:
    """The cells of rows that `Register.values` gave, without the key."""
    say = [column.say(scope) for column in columns]
    for row in rows:
        yield [speak(value) for speak, value in zip(say, row[1:], strict=True)]


def _as_it_is(value: Any) -> Cell:
    return "" if value is None else value
