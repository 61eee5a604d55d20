"""The rows behind the counts of a load, for pages and for the error workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from households.models import RegisterLoad


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that would change, as a person reads it. Numbers are masked always."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file and what it would do. `problems` are sentences."""

    sheet: str
    line: int
    member: int
    name: str
    place: str
    address: str
    verdict: str
    differences: Sequence[Difference]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class GoneRow:
    """Somebody whom the register knows in a place that the file covers, but the file doesn't name."""

    resident_id: int
    name: str
    place: str
    address: str
    born_on: date | None


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page, counted from 1. `total` counts all rows of the same kind."""

    rows: Sequence[T]
    number: int
    size: int
    total: int


def rows(
    load: RegisterLoad, *, verdict: str | None = None, problem: str | None = None, page: int = 1, size: int = 50,
    names: bool = False,
) -> Page[PreviewRow]:  # fmt: skip
    """The rows with that verdict or problem, in the order of the file. `names`: the viewer may see names."""
    raise NotImplementedError


def gone_rows(load: RegisterLoad, *, page: int = 1, size: int = 50, names: bool = False) -> Page[GoneRow]:
    """Who lives where the file covers, but isn't in it."""
    raise NotImplementedError


def marks(load: RegisterLoad) -> dict[int, dict[int, list[tuple[str, int]]]]:
    """Refused and doubtful lines: {index of the sheet: {line: [(problem, column), …]}}, for the error workbook."""
    raise NotImplementedError
