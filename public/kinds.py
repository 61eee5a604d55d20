"""What residents choose from: the six common kinds of the catalogue, and "something else"."""

from dataclasses import dataclass
from typing import Final

from incidents.icons import icon_of
from incidents.models import Category
from incidents.selectors import reportable_categories

OTHER: Final = "0705"
"""The catalogue's own entry for whatever fits no other; a deployment without it shows the first tiles alone."""
MOST_TILES: Final = 6


@dataclass(frozen=True)
class Kinds:
    """The tiles of one page, in order."""

    tiles: list[Category]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(row.code, str(row)) for row in self.tiles]

    @property
    def icons(self) -> dict[str, str]:
        """A symbol for each tile, by its group."""
        return {row.code: "help-circle" if row.code == OTHER else icon_of(row) for row in self.tiles}

    def category(self, code: str) -> Category:
        """The entry behind a chosen tile."""
        return next(row for row in self.tiles if row.code == code)


def offered_kinds() -> Kinds:
    """The common kinds, or the first ones where none is marked; the entry for everything else comes last."""
    rows = list(reportable_categories())
    other = [row for row in rows if row.code == OTHER]
    common = [row for row in rows if row.is_common and row.code != OTHER] or [row for row in rows if row.code != OTHER]
    return Kinds([*common[:MOST_TILES], *other])
