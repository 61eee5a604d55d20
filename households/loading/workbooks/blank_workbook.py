"""Empty workbooks to download and fill in: what they ask is what the loader understands without a correction.

Document numbers and telephones are text down to the last row, so that Excel can't damage them; what has few values has
a drop-down. The lists stand on a hidden sheet, for Excel takes no more than 255 characters of choices in a cell.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from households.loading.fields import Field
from households.loading.rows import NamedPlace
from households.models import Household, Resident

LINES = 5_000
"""Lines with drop-downs. More can be filled in; they are text all the same."""
USUAL_RELATIONS = (
    *("户主", "配偶", "子", "女", "儿媳", "女婿", "父亲", "母亲", "公公", "婆婆", "岳父", "岳母", "孙子", "孙女"),
    *("外孙", "外孙女", "祖父", "祖母", "兄弟姐妹", "其他亲属", "非亲属", "租客", "同住人", "保姆"),
)
"""The register keeps these Chinese words whatever the language of the screen (`relations`)."""


class Register(TextChoices):
    """The registers of people, each with its blank workbook."""

    RESIDENTS = "residents", gettext_lazy("Actual residents")
    KEY_PEOPLE = "key_people", gettext_lazy("Key people")


_PLACE = (Field.COMMUNITY, Field.GRID, Field.MICRO_GRID, Field.ADDRESS)
COLUMNS: Mapping[Register, Sequence[Field]] = {
    Register.RESIDENTS: (
        *(*_PLACE, Field.DWELLING, Field.NAME, Field.RELATION, Field.DOCUMENT, Field.NUMBER, Field.SEX),
        *(Field.BORN_ON, Field.PHONE, Field.RESIDENCE, Field.MOVED_IN_ON, Field.TAGS, Field.NOTE),
    ),
    Register.KEY_PEOPLE: (*_PLACE, Field.NAME, Field.NUMBER, Field.SEX, Field.PHONE, Field.TAGS, Field.NOTE),
}
_HINTS = {
    Field.COMMUNITY: gettext_lazy("Required; choose from the list"),
    Field.GRID: gettext_lazy("Optional; choose from the list"),
    Field.MICRO_GRID: gettext_lazy("Required; choose from the list"),
    Field.ADDRESS: gettext_lazy("Required; for example 3-2-501; the same for the whole household"),
    Field.DWELLING: gettext_lazy("Optional; choose from the list"),
    Field.NAME: gettext_lazy("Required; one person a line"),
    Field.RELATION: gettext_lazy("Optional; choose from the list or write your own"),
    Field.DOCUMENT: gettext_lazy("Optional; resident identity card when left empty"),
    Field.NUMBER: gettext_lazy("Required; 18 characters for an identity card"),
    Field.SEX: gettext_lazy("Optional; taken from the identity card"),
    Field.BORN_ON: gettext_lazy("Optional; for example 1990-01-31; taken from the identity card"),
    Field.PHONE: gettext_lazy("Optional; digits only"),
    Field.RESIDENCE: gettext_lazy("Optional; choose from the list"),
    Field.MOVED_IN_ON: gettext_lazy("Optional; for example 2024-09-01"),
    Field.TAGS: gettext_lazy("Optional; several with a comma between them"),
    Field.NOTE: gettext_lazy("Optional"),
}
_WIDTHS = {Field.ADDRESS: 28, Field.NUMBER: 22, Field.PHONE: 15, Field.TAGS: 24, Field.NOTE: 24, Field.MICRO_GRID: 18}
USUAL_WIDTH = 14


def write_blank(
    out: Path | IO[bytes],
    register: Register,
    *,
    language: str,
    places: Sequence[NamedPlace] = (),
    tags: Sequence[str] = (),
) -> None:
    """Write the blank workbook of a register in `language`.

    `places` are the micro-grids the reader may load into, with their communities and grids; `tags` the names of the
    kinds of tags to choose from.
    """
    with override(language), xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet(str(register.label))
        lists = _Lists(book)
        header, hint, text = _formats(book)
        sheet.set_row(1, 48)
        sheet.freeze_panes(2, 0)
        choices = _choices(places, tags)
        for at, field in enumerate(COLUMNS[register]):
            sheet.set_column(at, at, _WIDTHS.get(field, USUAL_WIDTH), text)
            sheet.write_string(0, at, str(field.label), header)
            sheet.write_string(1, at, str(_HINTS[field]), hint)
            if choices.get(field):
                _offer(sheet, at, lists.add(choices[field]), is_strict=field == Field.SEX)
        lists.hide()


def _formats(book: Workbook) -> tuple[Format, Format, Format]:
    """Those of the header, of the hints and of what is filled in."""
    header = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "align": "center", "num_format": "@"})
    hint = book.add_format({"font_color": "#595959", "text_wrap": True, "valign": "top", "num_format": "@"})
    return header, hint, book.add_format({"num_format": "@"})


def _choices(places: Sequence[NamedPlace], tags: Sequence[str]) -> dict[Field, list[str]]:
    return {
        Field.COMMUNITY: _each_once(place.community for place in places),
        Field.GRID: _each_once(place.grid for place in places),
        Field.MICRO_GRID: _each_once(place.micro_grid for place in places),
        Field.DWELLING: [str(label) for label in Household.Dwelling.labels],
        Field.RELATION: list(USUAL_RELATIONS),
        Field.DOCUMENT: [str(label) for label in Resident.Document.labels],
        Field.SEX: [str(label) for label in Resident.Sex.labels],
        Field.RESIDENCE: [str(label) for label in Resident.Residence.labels],
        Field.TAGS: list(tags),
    }


def _each_once(names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]


class _Lists:
    """The hidden sheet with a list in each column."""

    def __init__(self, book: Workbook) -> None:
        self._name = _("Choices")
        self._sheet = book.add_worksheet(self._name)
        self._columns = 0

    def add(self, choices: Sequence[str]) -> str:
        """Write a list down; returns the reference to it."""
        self._sheet.write_column(0, self._columns, choices)
        name = xl_col_to_name(self._columns)
        self._columns += 1
        return f"='{self._name}'!${name}$1:${name}${len(choices)}"

    def hide(self) -> None:
        self._sheet.hide()


def _offer(sheet: Worksheet, column: int, reference: str, *, is_strict: bool) -> None:
    """A drop-down below the hints. Mostly it advises only: a village knows more relations than any list."""
    rule = {"validate": "list", "source": reference, "show_error": is_strict}
    sheet.data_validation(2, column, 1 + LINES, column, rule)
