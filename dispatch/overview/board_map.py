"""The tree map of a board: a box for each row of its table with open work, which leads to that unit's board.

Laid out at the server and written as SVG, so that keyboard, screen reader and a phone without script have it too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from dispatch.overview.board import Row
from dispatch.overview.treemap import Box, boxes
from dispatch.selectors import Figures
from grids.models import Unit

_GAP: Final = 3
_LETTER: Final = 15
"""The size of a name, in the units of the field; a Chinese character is as wide as it is high."""
_INSET: Final = 9


@dataclass(frozen=True, slots=True)
class Tile:
    """One box of the map, with what it says. A name that doesn't fit is cut, one that can't be read left out."""

    box: Box
    url: str
    name: str
    short: str
    figures: Figures
    tone: str
    sign: str

    @property
    def mark(self) -> str:
        """Beside the number where there is no room for words."""
        return {"overdue": "!", "soon": "◔"}.get(self.tone, "")

    @property
    def shows_number(self) -> bool:
        return self.box.height > 58 and self.box.width > 40

    @property
    def shows_sign(self) -> bool:
        return self.box.width > 150

    @property
    def text_x(self) -> float:
        return self.box.x + _INSET

    @property
    def name_y(self) -> float:
        return self.box.y + 24

    @property
    def number_y(self) -> float:
        return self.box.y + 52


@dataclass(frozen=True, slots=True)
class Map:
    """The tiles in a field that is drawn as large as it is, on a desk or on a phone."""

    width: int
    height: int
    where: str
    tiles: list[Tile]


def maps_of(rows: Sequence[Row], url: Callable[[Unit], str], *, whole: str) -> list[Map]:
    """A wide map for the desk and a high one for the phone: letters must not shrink with the field.

    `whole`: what is said of the work that was reported for the unit above as a whole; it leads nowhere further.
    """
    open_rows = sorted((row for row in rows if row.figures.open), key=lambda row: -row.figures.open)
    if not open_rows:
        return []
    fields = ((960, 400, "desk"), (360, 420, "phone"))
    return [Map(width, height, where, _tiles(open_rows, width, height, url, whole)) for width, height, where in fields]


def _tiles(rows: Sequence[Row], width: int, height: int, url: Callable[[Unit], str], whole: str) -> list[Tile]:
    laid = boxes([row.figures.open for row in rows], width, height)
    return [_tile(row, box, url(row.unit) if row.unit else "", whole) for row, box in zip(rows, laid, strict=True)]


def _tile(row: Row, box: Box, url: str, whole: str) -> Tile:
    inner = Box(round(box.x, 1), round(box.y, 1), _shrunk(box.width), _shrunk(box.height))
    tone, sign = tone_of(row.figures)
    name = row.unit.name if row.unit else whole
    return Tile(
        box=inner,
        url=url,
        name=name,
        short=_cut(name, inner),
        figures=row.figures,
        tone=tone,
        sign=sign,
    )


def tone_of(figures: Figures) -> tuple[str, str]:
    """The worst that is among the work, as a colour and in words: colour is never alone."""
    if figures.overdue:
        return "overdue", _("%(count)d overdue") % {"count": figures.overdue}
    if figures.due_today:
        return "soon", _("%(count)d due") % {"count": figures.due_today}
    return "running", ""


def _shrunk(side: float) -> float:
    return max(round(side - _GAP, 1), 1)


def _cut(name: str, box: Box) -> str:
    room = int((box.width - 2 * _INSET) / _LETTER)
    if room < 2 or box.height < 30:
        return ""
    wide = sum(1 if ord(letter) > 0x2E7F else 0.6 for letter in name)
    return name if wide <= room else f"{name[: room - 1]}…"
