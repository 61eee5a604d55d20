"""Boxes whose areas stand to one another as numbers do: the tree map of a board. Pure: no database, no pixels."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Where one number lies, in the units of the field."""

    x: float
    y: float
    width: float
    height: float


def boxes(sizes: Sequence[float], width: float, height: float) -> list[Box]:
    """A box for each size, which must be positive and fall from the first to the last, filling the field.

    Squarified (Bruls, Huizing and van Wijk, 2000): a row along the shorter side takes boxes as long as they grow more
    like squares, for long strips can neither be compared nor pressed.
    """
    if not sizes:
        return []
    scale = width * height / sum(sizes)
    areas, laid, field = [size * scale for size in sizes], list[Box](), Box(0, 0, width, height)
    while areas:
        row = _row(areas, min(field.width, field.height))
        placed, field = _lay(row, field)
        laid += placed
        areas = areas[len(row) :]
    return laid


def _row(areas: Sequence[float], side: float) -> Sequence[float]:
    """The areas from the first on that make the best row along `side`."""
    taken = 1
    while taken < len(areas) and _worst(areas[: taken + 1], side) <= _worst(areas[:taken], side):
        taken += 1
    return areas[:taken]


def _worst(row: Sequence[float], side: float) -> float:
    """How long the longest box of the row is against its breadth: 1 is a square."""
    breadth = sum(row) / side
    return max(max(breadth * breadth / area, area / (breadth * breadth)) for area in row)


def _lay(row: Sequence[float], field: Box) -> tuple[list[Box], Box]:
    """The row along the shorter side of the field, and what is left of the field."""
    stands = field.width >= field.height
    breadth = sum(row) / (field.height if stands else field.width)
    placed, at = [], field.y if stands else field.x
    for area in row:
        length = area / breadth
        placed.append(Box(field.x, at, breadth, length) if stands else Box(at, field.y, length, breadth))
        at += length
    if stands:
        return placed, Box(field.x + breadth, field.y, field.width - breadth, field.height)
    return placed, Box(field.x, field.y + breadth, field.width, field.height - breadth)
