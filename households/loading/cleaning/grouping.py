"""Which lines make a household, in each of the shapes that registers have (`plan.Shape`).

Lines are taken one after the other; a household once begun is found again by its number, its door and head, or its
head, so that lines further down join it. Households are counted through the whole file, and chunks don't matter.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from households.loading.cleaning.addresses import hint_of, key_of
from households.loading.cleaning.doors import NO_DOOR, Area, Door
from households.loading.plan import Shape
from households.loading.rows import NO_PLACE, NamedPlace

_EVERYWHERE = -1
_UNSETTLED = -2
_LONGEST_SERIAL = 4


class Line(NamedTuple):
    """What decides to which household a person of a line belongs."""

    area: Area
    number: str
    door: Door
    head_name: str
    head_number: str
    name: str
    is_head: bool
    begins: bool
    goes_on: bool


type Parts = tuple[Area, str, Door, str, str, str, bool, bool, bool]
"""What a `Line` is made of."""


@dataclass(slots=True, eq=False)
class Home:
    """One household of the file. What its lines say later fills what the first left open."""

    ordinal: int
    area: Area
    number: str = ""
    door: Door = NO_DOOR
    head: str = ""
    head_number: str = ""
    heads: int = 0
    dwelling: str = ""
    landlord_name: str = ""
    landlord_phone: str = ""
    place: int = _UNSETTLED
    has_people: bool = False

    @property
    def is_nowhere(self) -> bool:
        """Neither number nor address: nobody could find it again."""
        return not self.number and not self.door.key


class Grouper:
    """Puts lines together to households. One for the whole file; `start_sheet` before the lines of each sheet.

    New places are appended to `places`; `Home.place` is their index.
    """

    def __init__(self, places: list[NamedPlace]) -> None:
        self._places = places
        self._place_index = {place: index for index, place in enumerate(places)}
        self._count = 0
        self._sheet = 0
        self._current: Home | None = None
        self._by_number: dict[tuple[int, Area, str], Home] = {}
        self._by_door: defaultdict[tuple[Area, str], list[Home]] = defaultdict(list)
        self._by_head: defaultdict[tuple[Area, str], list[Home]] = defaultdict(list)
        self._by_head_number: dict[str, Home] = {}
        self._home_of: Callable[[Line], Home] = self._in_address
        self._is_named_after_head = False

    def start_sheet(self, index: int, shape: str) -> None:
        self._sheet = index
        self._current = None
        self._is_named_after_head = shape != Shape.ADDRESS
        self._home_of = {
            Shape.NUMBERED: self._in_numbered,
            Shape.HEAD: self._in_head,
            Shape.MERGED: self._in_marked,
            Shape.FIRST_LINE: self._in_marked,
            Shape.HEAD_FIRST: self._in_head_first,
            Shape.WIDE: self._in_marked,
            Shape.ADDRESS: self._in_address,
        }[Shape(shape)]

    def group(self, lines: Iterable[Parts]) -> list[Home]:
        """The household of each line, of a chunk in order; all of them settled. Lines come as the parts of `Line`."""
        homes: list[Home] = []
        home: Home | None = None
        above: tuple[object, ...] = ()
        for parts in lines:
            # Most lines say of the household what the one above says. Then it is the same: half of the time saved.
            of_household = parts[:5]
            if home is None or of_household != above or not _goes_on(*parts):
                self._current = home = self._of_line(Line(*parts))
                above = of_household
            if parts[5]:
                home.has_people = True
            homes.append(home)
        for home in dict.fromkeys(homes):
            self._settle(home)
        return homes

    def _of_line(self, line: Line) -> Home:
        current = self._current
        if current and line.area != current.area and not _lies_in(line.area, current.area):
            self._current = None  # another micro-grid begins, and no household goes on into it
        home = self._home_of(line)
        home.heads += line.is_head
        self._complete(home, line)
        return home

    def _in_numbered(self, line: Line) -> Home:
        """By the number; a line without one goes on with the household above unless it has another address."""
        current = self._current
        if line.number:
            return self._numbered(line)
        if current and _same_door(line, current):
            return current
        return self._by_door_and_head(line)

    def _in_head(self, line: Line) -> Home:
        """By the head's number, or by the head's name as long as nothing says that it is another head of that name."""
        if not (line.head_name or line.head_number):
            return self._in_head_first(line)
        if line.head_number in self._by_head_number:
            return self._by_head_number[line.head_number]
        known = self._by_head[line.area, line.head_name] if line.head_name else []
        if self._current and self._current.head == line.head_name and _lies_in(line.area, self._current.area):
            known = [self._current, *known]
        for home in known:
            if _agree(line.head_number, home.head_number) and _same_door(line, home):
                return self._with_head_number(home, line)
        home = self._with_head_number(self._new(line, line.head_name), line)
        self._by_head[line.area, line.head_name].insert(0, home)
        return home

    def _in_marked(self, line: Line) -> Home:
        """Where a mark says that one begins; other lines go on, in merged cells only as far as these reach."""
        if self._current and not line.begins and line.goes_on:
            return self._current
        if line.number:
            return self._numbered(line)
        return self._by_door_and_head(line)

    def _in_head_first(self, line: Line) -> Home:
        """A head begins a household; somebody at another address doesn't belong to it."""
        current = self._current
        if current and not line.is_head and _agree(line.number, current.number) and _same_door(line, current):
            return current
        return self._numbered(line) if line.number else self._by_door_and_head(line)

    def _in_address(self, line: Line) -> Home:
        """Everybody behind one door is one household."""
        known = self._by_door.get((line.area, line.door.key)) if line.door.key else None
        return known[0] if known else self._new(line)

    def _numbered(self, line: Line) -> Home:
        current = self._current
        goes_on = current and line.number == current.number and _lies_in(line.area, current.area)
        if current and goes_on and not self._restarts(line, current):
            return current
        sheet = self._sheet if _is_serial(line.number) else _EVERYWHERE
        key = (sheet, line.area, line.number)
        home = self._by_number.get(key)
        if home is None or (home is not current and self._is_other(line, home)) or self._restarts(line, home):
            home = self._by_number[key] = self._new(line)
        return home

    @staticmethod
    def _is_other(line: Line, home: Home) -> bool:
        """A small number further down, at another address: counting began afresh."""
        return _is_serial(line.number) and not _same_door(line, home)

    @classmethod
    def _restarts(cls, line: Line, home: Home) -> bool:
        return line.is_head and home.heads > 0 and cls._is_other(line, home)

    def _by_door_and_head(self, line: Line) -> Home:
        """Behind one door several households may live: heads of another name are other ones.

        Without an address the first person lends the household the name.
        """
        head = line.head_name or (line.name if line.is_head or (line.begins and not line.door.key) else "")
        if line.door.key:
            for home in self._by_door.get((line.area, line.door.key), ()):
                if _agree(head, home.head):
                    return home
        return self._new(line, head)

    def _with_head_number(self, home: Home, line: Line) -> Home:
        if line.head_number:
            home.head_number = line.head_number
            self._by_head_number[line.head_number] = home
        return home

    def _new(self, line: Line, head: str = "") -> Home:
        home = Home(self._count, line.area, line.number, head=head)
        self._count += 1
        self._complete(home, line)
        return home

    def _complete(self, home: Home, line: Line) -> None:
        """Take from the line what the household lacks yet."""
        if not home.number:
            home.number = line.number
        if not home.door.key and line.door.key:
            home.door = line.door
            self._by_door[home.area, line.door.key].append(home)
        if not home.head:
            home.head = line.head_name or (line.name if line.is_head else "")

    def _settle(self, home: Home) -> None:
        """Say where it is, and by what a later file finds it again when it says no address.

        That is its number or, as villages call their households, its head (张三户). It is the key alone: an address
        that nobody wrote is none, and a door that bears a name would carry it into every message about the place. Not
        where the address alone makes the household: there it is missing.
        """
        if not home.door.key and (home.number or self._is_named_after_head):
            # By number first: it stays when a later file, or the error workbook, names only members.
            called = f"户号{home.number}" if home.number else f"{home.head}户" if home.head else ""
            home.door = self._door_apart(home, called)
        if home.place == _UNSETTLED:
            home.place = self._place_of(home)

    def _door_apart(self, home: Home, called: str) -> Door:
        """A door without an address; the second that is called so gets a number behind it."""
        if not called:
            return NO_DOOR
        namesakes = self._by_door[home.area, key_of(called)]
        if namesakes:
            called += str(len(namesakes) + 1)
        namesakes.append(home)
        return Door("", key_of(called))

    def _place_of(self, home: Home) -> int:
        place = NamedPlace(*home.area, hint="" if home.area[2] else hint_of(home.door.address))
        if not any(place):
            return NO_PLACE
        if place not in self._place_index:
            self._place_index[place] = len(self._places)
            self._places.append(place)
        return self._place_index[place]


def _goes_on(
    _area: Area, number: str, door: Door, head: str, _number: str, _name: str, is_head: bool, begins: bool, _on: bool
) -> bool:
    """Whether a line that says the same of the household as the one above can't begin another."""
    return not is_head and not begins and bool(number or door.key or head)


def _agree(one: str, other: str) -> bool:
    """Whether both say the same, or one says nothing."""
    return one == other or not one or not other


def _same_door(line: Line, home: Home) -> bool:
    return _agree(line.door.key, home.door.key)


def _lies_in(area: Area, other: Area) -> bool:
    return area == other or all(map(_agree, area, other))


def _is_serial(number: str) -> bool:
    """1, 2, 3 … are counted afresh in each sheet and often in each group; longer numbers are a register's own."""
    return len(number) <= _LONGEST_SERIAL and number.isdigit()
