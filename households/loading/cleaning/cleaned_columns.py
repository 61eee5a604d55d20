"""A column whose values many cells share: each different cell is cleaned once and looked up from then on."""

from collections.abc import Callable, Sequence
from typing import Any


class Column[Value](dict[Any, Value]):
    """Cleaned values by cell, or by several cells together.

    `clean` gives a named tuple with the value in front and with `problem`, as the modules of values do. `problems` are
    those cells with which something is wrong.
    """

    def __init__(self, clean: Callable[[Any], Any]) -> None:
        super().__init__()
        self._clean = clean
        self.problems: dict[Any, str] = {}

    def __missing__(self, cell: Any) -> Value:
        cleaned = self._clean(cell)
        if cleaned.problem:
            self.problems[cell] = cleaned.problem
        value: Value = cleaned[0]
        self[cell] = value
        return value

    def read(self, cells: Sequence[Any]) -> list[Value]:
        return list(map(self.__getitem__, cells))

    def wrong(self, cells: Sequence[Any]) -> list[tuple[int, str]]:
        """The positions of cells with a problem, and which. Ask after `read`."""
        problems = self.problems
        if not problems:
            return []
        return [(position, problems[cell]) for position, cell in enumerate(cells) if cell in problems]
