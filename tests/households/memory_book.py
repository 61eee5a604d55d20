"""Small made-up workbooks for the tests of recognition: a book that lives in memory, and people to put into it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from households.loading.files.cells import Book, Cell, Merged, SheetFacts
from households.loading.identity import check_digit
from households.loading.texts import words

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = sorted(words("建国 秀英 志强 桂兰 海燕 文博 雨桐 子涵 小军 丽娟 德华 春梅 永福 佳怡 浩然 国庆 玉珍 明辉 雪 磊"))
RELATIONS = ("户主", "妻", "长子", "次女", "父亲", "儿媳")


class MemoryBook(Book):
    """Sheets given as lists of lines. Counts how many lines were read."""

    def __init__(self, **sheets: Sequence[Sequence[Cell]]) -> None:
        self._lines = [[list(line) for line in lines] for lines in sheets.values()]
        self._merged: dict[int, list[Merged]] = {}
        self._hidden: dict[int, frozenset[int]] = {}
        self.read = 0
        self.sheets = [
            SheetFacts(index, name, False, len(lines), max(map(len, lines), default=0))
            for index, (name, lines) in enumerate(zip(sheets, self._lines, strict=True))
        ]

    def with_merged(self, *areas: tuple[int, int, int, int], sheet: int = 0) -> "MemoryBook":
        self._merged[sheet] = [Merged(*area) for area in areas]
        return self

    def with_hidden(self, *, sheet: int, rows: Sequence[int] = ()) -> "MemoryBook":
        facts = self.sheets[sheet]
        self.sheets[sheet] = SheetFacts(facts.index, facts.name, True, facts.lines, facts.columns)
        self._hidden[sheet] = frozenset(rows)
        return self

    def rows(self, index: int) -> Iterator[list[Cell]]:
        width = self.sheets[index].columns
        for line in self._lines[index]:
            self.read += 1
            yield line + [""] * (width - len(line))

    def merged(self, index: int) -> list[Merged]:
        return self._merged.get(index, [])

    def hidden_rows(self, index: int) -> frozenset[int]:
        return self._hidden.get(index, frozenset())


def name_of(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7 + number // 20) % len(GIVEN)]


def born_on(number: int) -> date:
    return date(1940, 1, 1) + timedelta(days=number * 397 % 28_000)


def card_of(number: int) -> str:
    """A card's number that passes every check. The county is real, the person isn't."""
    first17 = f"330206{born_on(number):%Y%m%d}{number % 1000:03d}"
    return first17 + check_digit(first17)


def phone_of(number: int) -> str:
    return f"139{number * 7919 % 100_000_000:08d}"


def homes(count: int = 12, *, largest: int = 4) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Households as (number, [(person, relation)]): one to `largest` members, the head first."""
    person = 0
    for home in range(count):
        members = []
        for relation in RELATIONS[: 1 + (home * 3 + 1) % largest]:
            members.append((person, relation))
            person += 1
        yield home, members


def door_of(home: int) -> str:
    return f"{home // 6 + 1}幢{home // 3 % 2 + 1}单元{home % 3 + 1}0{home % 2 + 1}室"
