"""Door addresses as they are written: 富春花园2幢1单元501室, 新村三组12号, 集体宿舍3号楼205室."""

from collections.abc import Iterator
from itertools import count, product

from governance.demo.layout import MicroGrid


def doors(micro_grid: MicroGrid) -> Iterator[str]:
    """Endless different addresses inside a micro-grid, in the order somebody would walk them."""
    if micro_grid.form == "enterprise":
        return _dormitory(micro_grid.place, micro_grid.by_floor)
    if micro_grid.form == "stairwell":
        return _stairwell(micro_grid.place)
    if micro_grid.form == "building":
        return _building(micro_grid.place)
    return (f"{micro_grid.place}{number}号" for number in count(1))


def _stairwell(place: str, doors_a_floor: int = 2) -> Iterator[str]:
    """2幢1单元 → 2幢1单元101室, 102室, 201室, …"""
    return (f"{place}{floor}{door:02d}室" for floor in count(1) for door in range(1, doors_a_floor + 1))


def _building(place: str, floors: int = 6) -> Iterator[str]:
    """5幢 → 5幢1单元101室, …, one stairwell of six floors after the other."""
    per_stairwell = product(range(1, floors + 1), (1, 2))
    flats = [f"{floor}{door:02d}室" for floor, door in per_stairwell]
    return (f"{place}{stairwell}单元{flat}" for stairwell in count(1) for flat in flats)


def _dormitory(place: str, by_floor: bool) -> Iterator[str]:
    """A firm's dormitory buildings of six floors: one door a floor, or ten rooms on each."""
    floors = ((building, floor) for building in count(1) for floor in range(1, 7))
    if by_floor:
        return (f"{place}集体宿舍{building}号楼{floor}层" for building, floor in floors)
    return (f"{place}集体宿舍{building}号楼{floor}{room:02d}室" for building, floor in floors for room in range(1, 11))
