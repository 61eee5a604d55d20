"""Small made-up workbooks for the tests of recognition: a book that lives in memory, and people to put into it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from households.loading.cleaning.identity import check_digit
from households.loading.cleaning.texts import words
from households.loading.files.cells import Book, Cell, Merged, SheetFacts
from households.loading.plan import SheetPlan
from households.loading.recognition.recognising import recognise

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


def plan_of(book: MemoryBook, file_name: str = "登记表.xlsx", **options) -> SheetPlan:
    return recognise(book, file_name, **options).sheets[0]


def fields_of(sheet: SheetPlan) -> list[str]:
    """The meaning of each column, with the member behind it: name, name2, "" for what is left out."""
    return [f"{column.field}{column.member or ''}" for column in sheet.columns]


def people_lines(*makers, count: int = 12):
    """One line a person; each maker is called with (home, person, relation)."""
    return [
        [maker(home, person, relation) for maker in makers]
        for home, members in homes(count)
        for person, relation in members
    ]


def home_number(home, person, relation):
    return f"H{home + 1:04d}"


def name(home, person, relation):
    return name_of(person)


def card(home, person, relation):
    return card_of(person)


def phone(home, person, relation):
    return phone_of(person)


def relation(home, person, relation):
    return relation


def door(home, person, relation):
    return door_of(home)


def sex(home, person, relation):
    return "男女"[person % 2]


def first_only(maker):
    return lambda home, person, relation: maker(home, person, relation) if relation == "户主" else ""


def head_of(maker):
    firsts = {home: members[0][0] for home, members in homes(40)}
    return lambda home, person, relation: maker(home, firsts[home], "户主")


def wide_lines(members: int):
    """户号, 地址, head's name, number, phone, then name, number, relation of each member."""
    lines, person = [], 0
    for home in range(14):
        line = [f"{home + 1}", door_of(home), name_of(person), card_of(person), phone_of(person)]
        person += 1
        for place in range(members):
            if place <= home % members:
                line += [name_of(person), card_of(person), ("妻", "长子", "次女")[place]]
                person += 1
            else:
                line += ["", "", ""]
        lines.append(line)
    return lines
