"""A line taken out of its sheet, made whole: the place and the household that stood only on an earlier line."""

from households.loading.cleaning.relations import HEAD, standard_relation
from households.loading.cleaning.texts import text_of
from households.loading.fields import HOUSEHOLD_FIELDS, Field
from households.loading.files.cells import Cell
from households.loading.plan import Shape, SheetPlan

PLACES = frozenset({Field.COMMUNITY, Field.GRID, Field.MICRO_GRID})
_DOORS = frozenset({Field.HOUSEHOLD_NUMBER, Field.ADDRESS, Field.ROOM, Field.HEAD_NAME, Field.HEAD_NUMBER})
_BELOW_EACH_OTHER = frozenset({Shape.MERGED, Shape.FIRST_LINE, Shape.HEAD_FIRST})


class Filler:
    """Goes through the lines of a sheet in order and makes each whole, so that it loads without those above it.

    Where no column tells households apart, only their order does: then the first line of the household comes along.
    """

    def __init__(self, plan: SheetPlan) -> None:
        fields = {column.index: column.field for column in plan.columns}
        self._is_below = plan.shape in _BELOW_EACH_OTHER
        self._has_doors = not _DOORS.isdisjoint(fields.values())
        self._relation = plan.column(Field.RELATION) if plan.shape == Shape.HEAD_FIRST else None
        self._markers = plan.markers
        self._places = [index for index, field in fields.items() if field in PLACES]
        of_household = {index for index, field in fields.items() if field in HOUSEHOLD_FIELDS - PLACES}
        self._carried = sorted(of_household.union(plan.markers) if self._has_doors else ())
        self._place: dict[int, Cell] = {}
        self._row: list[Cell] = []
        self._first: list[Cell] = []
        self._is_given = False

    def see(self, row: list[Cell]) -> None:
        """Take notice of the next line."""
        self._row = row
        if not self._is_below:
            return
        self._place.update((column, row[column]) for column in self._places if row[column] != "")
        if self._begins(row) or not self._first:
            self._first, self._is_given = row, False

    def take(self) -> tuple[list[Cell] | None, list[Cell]]:
        """The line just seen, whole; before it the first one of its household if it needs that and hasn't got it."""
        if not self._is_below:
            return None, self._row
        needs_first = not self._has_doors and not self._is_given and self._row is not self._first
        self._is_given = True
        return self._filled(self._first) if needs_first else None, self._filled(self._row)

    def _filled(self, row: list[Cell]) -> list[Cell]:
        """The line with the place last named above it and the cells of its household's first line."""
        filled = list(row)
        for column in self._carried:
            if filled[column] == "":
                filled[column] = self._first[column]
        for column in self._places:
            filled[column] = self._place.get(column, "")
        return filled

    def _begins(self, row: list[Cell]) -> bool:
        if self._relation:
            return standard_relation(text_of(row[self._relation.index])) == HEAD
        return any(row[column] != "" for column in self._markers)
