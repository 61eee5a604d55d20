"""Sheets as lists of lines, read without a file. All people in them are invented."""

from collections.abc import Iterator, Sequence
from datetime import date

from households.loading.cleaning.identity import check_digit
from households.loading.cleaning.lines import Skipped
from households.loading.cleaning.people import read_people
from households.loading.files.cells import Book, Cell, Merged
from households.loading.plan import BookPlan, ColumnPlan, SheetPlan
from households.loading.rows import NamedPlace, People

TODAY = date(2026, 11, 22)


def card(born: str, sequence: int = 1, county: str = "330206") -> str:
    """A well-formed number: `born` like 19900131, an odd `sequence` for a man."""
    first17 = f"{county}{born}{sequence:03d}"
    return first17 + check_digit(first17)


class Sheets(Book):
    """A book of lists."""

    def __init__(self, *sheets: Sequence[Sequence[Cell]], merged: Sequence[Merged] = ()) -> None:
        self._sheets = sheets
        self._merged = list(merged)

    def rows(self, index: int) -> Iterator[list[Cell]]:
        return map(list, self._sheets[index])

    def merged(self, index: int) -> list[Merged]:
        return self._merged if index == 0 else []


def column_plans(headers: str) -> list[ColumnPlan]:
    """`"姓名=name 成员1姓名=name:1 序号="`: header, field and member of each column."""
    plans = []
    for index, text in enumerate(headers.split()):
        header, _equals, meaning = text.partition("=")
        wanted, _colon, member = meaning.partition(":")
        plans.append(ColumnPlan(index, header, wanted, int(member or 0)))
    return plans


def sheet_plan(headers: str, shape: str, *, index: int = 0, data_from: int = 1, **facts: object) -> SheetPlan:
    return SheetPlan(
        index,
        f"表{index + 1}",
        is_register=True,
        data_from=data_from,
        shape=shape,
        columns=column_plans(headers),
        **facts,
    )


class Read:
    """What comes of a book: all chunks in one, the places and what was skipped."""

    def __init__(self, book: Book, *plans: SheetPlan, chunk: int = 20_000, tags: dict[str, str] | None = None) -> None:
        self.places: list[NamedPlace] = []
        self.skipped = Skipped()
        self.people = People()
        for people in read_people(
            book, BookPlan(list(plans)), self.places, on=TODAY, tags=tags, skipped=self.skipped, chunk=chunk
        ):
            people.check()
            for name in People.__slots__:
                getattr(self.people, name).extend(getattr(people, name))

    @property
    def homes(self) -> list[list[str]]:
        """Names by household, in the order of the households."""
        homes: dict[int, list[str]] = {}
        for home, name in zip(self.people.home, self.people.name, strict=True):
            homes.setdefault(home, []).append(name)
        return [homes[home] for home in sorted(homes)]

    @property
    def problems(self) -> dict[int, list[str]]:
        """Codes of problems by line, without those of missing numbers."""
        found = {}
        for line, problems in zip(self.people.line, self.people.problems, strict=True):
            if codes := [code for code, _column in problems if code != "number_missing"]:
                found.setdefault(line, []).extend(codes)
        return found


def read(
    headers: str,
    shape: str,
    lines: Sequence[Sequence[Cell]],
    *,
    merged: Sequence[Merged] = (),
    chunk: int = 20_000,
    tags: dict[str, str] | None = None,
    **facts: object,
) -> Read:
    """Read one sheet that has no header of its own."""
    return Read(Sheets(lines, merged=merged), sheet_plan(headers, shape, **facts), chunk=chunk, tags=tags)
