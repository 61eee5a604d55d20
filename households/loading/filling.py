"""A line taken out of its sheet, made whole: the place and the household that stood only on an earlier line."""

from collections.abc import Iterator

from households.loading.fields import HOUSEHOLD_FIELDS, Field
from households.loading.files.cells import Cell
from households.loading.plan import Shape, SheetPlan
from households.loading.relations import HEAD, standard_relation
from households.loading.texts import text_of

PLACES = frozenset({Field.COMMUNITY, Field.GRID, Field.MICRO_GRID})
_BELOW_EACH_OTHER = frozenset({Shape.MERGED, Shape.FIRST_LINE, Shape.HEAD_FIRST})


class Filler:
    """Goes through the lines of a sheet in order and hands out the wanted ones so that they load without the others.

    The first line handed out of a household carries its cells, those after it stay as they are: so the sheet keeps its
    shape. Where the relation alone says that a household begins, its first line is handed out too.
    """

    def __init__(self, plan: SheetPlan) -> None:
        self._is_below = plan.shape in _BELOW_EACH_OTHER
        self._relation = plan.column(Field.RELATION) if plan.shape == Shape.HEAD_FIRST else None
        self._markers = plan.markers
        self._places = [column.index for column in plan.columns if column.field in PLACES]
        of_household = [column.index for column in plan.columns if column.field in HOUSEHOLD_FIELDS - PLACES]
        self._carried = sorted({*of_household, *plan.markers})
        self._place: dict[int, Cell] = {}
        self._first: list[Cell] = []
        self._first_line = 0
        self._is_given = False

    def wanted(self, line: int, row: list[Cell], *, is_wanted: bool) -> Iterator[tuple[int, list[Cell]]]:
        """The lines that this one brings: none, itself, or the first of its household and itself."""
        if not self._is_below:
            if is_wanted:
                yield line, row
            return
        self._place.update((column, row[column]) for column in self._places if row[column] != "")
        if self._begins(row) or not self._first:
            self._first, self._first_line, self._is_given = row, line, False
        if not is_wanted:
            return
        if not self._is_given:
            self._is_given = True
            if self._relation and line != self._first_line:
                yield self._first_line, self._whole(self._first)
            else:
                row = self._whole(row)
        yield line, row

    def _begins(self, row: list[Cell]) -> bool:
        if self._relation:
            return standard_relation(text_of(row[self._relation.index])) == HEAD
        return any(row[column] != "" for column in self._markers)

    def _whole(self, row: list[Cell]) -> list[Cell]:
        filled = list(row)
        for column in self._carried:
            if filled[column] == "":
                filled[column] = self._first[column]
        for column in self._places:
            filled[column] = self._place.get(column, "")
        return filled
