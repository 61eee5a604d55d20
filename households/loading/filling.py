"""A line taken out of its sheet, made whole: the place and the household that stood only on an earlier line."""

from collections.abc import Sequence

from households.loading.fields import HOUSEHOLD_FIELDS, Field
from households.loading.files.cells import Cell
from households.loading.plan import Shape, SheetPlan
from households.loading.relations import HEAD, standard_relation
from households.loading.texts import text_of

PLACES = frozenset({Field.COMMUNITY, Field.GRID, Field.MICRO_GRID})
_BELOW_EACH_OTHER = frozenset({Shape.MERGED, Shape.FIRST_LINE, Shape.HEAD_FIRST})


class Filler:
    """Goes through the lines of a sheet in order and makes each whole, so that it loads without those above it."""

    def __init__(self, plan: SheetPlan) -> None:
        self._is_below = plan.shape in _BELOW_EACH_OTHER
        self._relation = plan.column(Field.RELATION) if plan.shape == Shape.HEAD_FIRST else None
        self._markers = plan.markers
        self._places = [column.index for column in plan.columns if column.field in PLACES]
        of_household = [column.index for column in plan.columns if column.field in HOUSEHOLD_FIELDS - PLACES]
        self._carried = sorted({*of_household, *plan.markers})
        self._place: dict[int, Cell] = {}
        self._first: Sequence[Cell] = ()

    def whole(self, row: list[Cell]) -> list[Cell]:
        """The line with the place last named above it and the cells of its household's first line."""
        if not self._is_below:
            return row
        self._place.update((column, row[column]) for column in self._places if row[column] != "")
        if self._begins(row) or not self._first:
            self._first = row
        filled = list(row)
        for column in self._carried:
            if filled[column] == "":
                filled[column] = self._first[column]
        for column in self._places:
            filled[column] = self._place.get(column, "")
        return filled

    def _begins(self, row: Sequence[Cell]) -> bool:
        if self._relation:
            return standard_relation(text_of(row[self._relation.index])) == HEAD
        return any(row[column] != "" for column in self._markers)
