"""Invented people in invented homes, with right check digits: the truth behind the twenty workbooks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

COUNTY = "330206"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武邬乐"
)
MEN = "国强建军志明伟民海波永康小龙立新家豪子涵宇轩浩然"
WOMEN = "秀英桂兰丽娟晓燕美玲雅芳思雨欣怡梓涵静怡海霞"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_check_digit(seventeen: str) -> str:
    """GB 11643: the eighteenth character of a citizen's number."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True))
    return seventeen + "10X98765432"[total % 11]


@dataclass(frozen=True)
class Person:
    """What a load must find of somebody. `refused` names the problem when the line must be sent back instead."""

    name: str
    number: str = ""
    sex: str = ""
    born_on: date | None = None
    relation: str = ""
    phone: str = ""
    document: str = "id_card"
    residence: str = ""
    moved_in_on: date | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    refused: str = ""

    @property
    def old_number(self) -> str:
        """The number of fifteen digits that was valid until 2013."""
        return self.number[:6] + self.number[8:17]


@dataclass(frozen=True)
class Home:
    """A door with its people, the head first."""

    number: str
    building: int
    stairwell: int
    room: int
    members: tuple[Person, ...] = ()
    community: str = ""
    grid: str = ""
    micro_grid: str = ""
    dwelling: str = ""
    landlord_name: str = ""
    landlord_phone: str = ""
    address: str = field(default="")

    @property
    def door(self) -> str:
        """The address in the words of this home's own file, or as building, stairwell and room."""
        return self.address or f"{self.building}幢{self.stairwell}单元{self.room}室"

    @property
    def head(self) -> Person:
        return self.members[0]


# Relation, sex, years older than the head, share of a mobile phone.
_FAMILIES: Sequence[Sequence[tuple[str, str, int]]] = (
    (("户主", "male", 0), ("配偶", "female", -2), ("子", "male", -26)),
    (("户主", "male", 0), ("配偶", "female", 1), ("女", "female", -25), ("母亲", "female", 24)),
    (("户主", "female", 0),),
    (
        *(("户主", "male", 0), ("配偶", "female", -1), ("子", "male", -24), ("儿媳", "female", -25)),
        *(("孙子", "male", -50), ("孙女", "female", -53)),
    ),
    (("户主", "female", 0), ("女", "female", -27)),
    (("户主", "male", 0), ("父亲", "male", 25), ("母亲", "female", 23), ("配偶", "female", -3), ("女", "female", -28)),
)


def homes(many: int, *, start: int = 0, **of_all: str) -> list[Home]:
    """So many homes; `start` makes them other people than those of another file. `of_all` are fields of each home."""
    return [_home(start + at, **of_all) for at in range(many)]


def _home(at: int, **of_all: str) -> Home:
    surname = SURNAMES[at * 7 % len(SURNAMES)]
    people = _people(at, surname)
    building, stairwell, room = at // 12 + 1, at // 6 % 2 + 1, (at % 6 // 2 + 1) * 100 + at % 2 + 1
    return Home(f"{at + 1:03d}", building, stairwell, room, tuple(people), **of_all)


def _people(at: int, surname: str) -> Iterator[Person]:
    serial = count(at * 8 % 900)
    for place, (relation, sex, older) in enumerate(_FAMILIES[at % len(_FAMILIES)]):
        born = date(1962 + at % 9 - older, (at * 5 + place) % 12 + 1, (at * 3 + place * 7) % 28 + 1)
        digits = next(serial) * 2 % 1000 // 2 * 2 + (sex == "male")
        given = (MEN if sex == "male" else WOMEN)[(at * 2 + place * 3) % 16 :][: 2 if (at + place) % 5 else 1]
        family = (
            surname if relation in ("户主", "子", "女", "孙子", "孙女", "父亲") else SURNAMES[(at * 11 + place) % 90]
        )
        has_phone = born < date(2008, 1, 1) and (at + place) % 7 != 3
        yield Person(
            name=family + given,
            number=with_check_digit(f"{COUNTY}{born:%Y%m%d}{digits:03d}"),
            sex=sex,
            born_on=born,
            relation=relation,
            phone=f"138{at:04d}{place:02d}{(at * 13 + place) % 100:02d}" if has_phone else "",
        )


def changed(home: Home, at: int, **changes: object) -> Home:
    """The home with one member changed."""
    members = list(home.members)
    members[at] = replace(members[at], **changes)
    return replace(home, members=tuple(members))


@dataclass(frozen=True)
class Sent:
    """A workbook as it arrives, and what it must become.

    `corrections` are what the user must say by hand: (sheet, column from 0, field). None is best, two are allowed.
    """

    name: str
    content: bytes
    homes: Sequence[Home]
    corrections: Sequence[tuple[int, int, str]] = ()
    compared: frozenset[str] = frozenset({"name", "number", "sex", "born_on", "relation", "phone", "document"})
    """The fields of a person that the file says. Of the home its door and place are always compared."""
