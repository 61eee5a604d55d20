"""What residents choose from: the six common kinds of the catalogue, and "something else"."""

from dataclasses import dataclass
from typing import Final

from incidents.models import Category
from incidents.selectors import reportable_categories

OTHER: Final = "0705"
"""The catalogue's own entry for whatever fits no other; a deployment without it shows the first tiles alone."""
MOST_TILES: Final = 6
_ICONS: Final = {
    "01": "trash",
    "02": "bulb",
    "03": "alert-triangle",
    "04": "flame",
    "05": "users-group",
    "06": "shield-check",
    "07": "home-heart",
    "08": "volume",
    "09": "building",
    "10": "heart-handshake",
    "11": "urgent",
}


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
        return {row.code: "help-circle" if row.code == OTHER else _icon(row) for row in self.tiles}

    def category(self, code: str) -> Category:
        """The entry behind a chosen tile."""
        return next(row for row in self.tiles if row.code == code)


def offered_kinds() -> Kinds:
    """The common kinds, or the first ones where none is marked; the entry for everything else comes last."""
    rows = list(reportable_categories())
    other = [row for row in rows if row.code == OTHER]
    common = [row for row in rows if row.is_common and row.code != OTHER] or [row for row in rows if row.code != OTHER]
    return Kinds([*common[:MOST_TILES], *other])


def _icon(row: Category) -> str:
    return {"0401": "barrier-block", "0404": "plug"}.get(row.code[:4]) or _ICONS.get(row.code[:2], "category")
