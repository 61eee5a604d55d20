"""How a workbook will be read: which sheets, which lines, which columns. What the user sees, corrects and keeps.

A plan is plain data: it travels as JSON into `RegisterLoad.plan` and, without the samples, into `LayoutTemplate`.
Lines are counted as the sender's spreadsheet counts them, from 1; columns from 0.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from households.loading.fields import Field


class Shape(TextChoices):
    """How the lines of a sheet make up households."""

    NUMBERED = "numbered", _("One line a person, with a household number")
    HEAD = "head", _("One line a person, with the head's name or number")
    MERGED = "merged", _("Household cells merged over its members")
    FIRST_LINE = "first_line", _("The household on its first line only")
    HEAD_FIRST = "head_first", _("The head first, members below")
    WIDE = "wide", _("One line a household, members side by side")
    ADDRESS = "address", _("One line a person, with the address")


@dataclass(slots=True)
class ColumnPlan:
    """One column of the sheet: what stands over it, and what we take it for.

    `field` is empty when the column is left out, `reason` a code for why it was taken so (`verdicts.why` puts it into
    words). `member` counts the members of a WIDE sheet from 1; it is 0 elsewhere and for the columns of the household.
    A person's columns with member 0 in a WIDE sheet are the head's: a list of nothing but heads is such a sheet too.
    `confidence` is 0–1; `corrected` when the user has said so.
    `samples` are masked already: they are shown and kept.
    `words` are the header's texts from top to bottom, normalised: they tell a header that is repeated further down.
    `filled` is the share of the sampled lines with a value, `is_merged` says that cells are merged downwards, `pauses`
    that a cell stands on the first line of each household and nowhere else.
    """

    index: int
    header: str
    field: str = ""
    member: int = 0
    confidence: float = 0.0
    corrected: bool = False
    reason: str = ""
    samples: list[str] = dataclasses.field(default_factory=list)
    words: list[str] = dataclasses.field(default_factory=list)
    filled: float = 0.0
    is_merged: bool = False
    pauses: bool = False


@dataclass(slots=True)
class SheetPlan:
    """One sheet. `is_register` False says why not in `refusal` (a code that `verdicts.why_not` puts into words).

    `title` is the text above the header. `place` is what sheet name, title and file name say of the place:
    keys `community`, `grid`, `micro_grid` (see `rows.NamedPlace`).
    """

    index: int
    name: str
    is_hidden: bool = False
    is_register: bool = False
    refusal: str = ""
    is_taken: bool = True
    """The user may leave a sheet out. Hidden sheets are left out until the user takes them."""
    lines: int = 0
    hidden_lines: int = 0
    header_from: int = 0
    header_to: int = 0
    data_from: int = 0
    title: str = ""
    shape: str = ""
    shape_corrected: bool = False
    markers: list[int] = dataclasses.field(default_factory=list)
    """Columns whose filled (or merged) cell begins a household, for FIRST_LINE and MERGED; left-out ones (序号) too."""
    heads_first: bool = False
    """The relations say that each household begins with its head."""
    place: dict[str, str] = dataclasses.field(default_factory=dict)
    columns: list[ColumnPlan] = dataclasses.field(default_factory=list)
    layout: str = ""
    """The layout's fingerprint: equal for two sheets with the same headers. Templates are found by it."""

    def column(self, wanted: Field, member: int = 0) -> ColumnPlan | None:
        for column in self.columns:
            if column.field == wanted and column.member == member:
                return column
        return None


@dataclass(slots=True)
class BookPlan:
    """All sheets of a workbook, in order."""

    sheets: list[SheetPlan] = dataclasses.field(default_factory=list)

    @property
    def registers(self) -> list[SheetPlan]:
        """The sheets that will be read."""
        return [sheet for sheet in self.sheets if sheet.is_register and sheet.is_taken]

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        sheets = []
        for raw in data.get("sheets", []):
            columns = [ColumnPlan(**column) for column in raw["columns"]]
            sheets.append(SheetPlan(**{**raw, "columns": columns}))
        return cls(sheets)
