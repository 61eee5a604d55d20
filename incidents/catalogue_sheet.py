"""The catalogue as a sheet: its columns, and what their cells mean."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import Refused
from grids.models import Department
from incidents.terms import Terms

HEADERS: Final[Mapping[str, tuple[str, str]]] = {
    "code": ("编码", "Code"),
    "parent": ("上级编码", "Parent code"),
    "name": ("名称", "Name"),
    "name_en": ("英文名称", "English name"),
    "description": ("说明", "Description"),
    "description_en": ("英文说明", "English description"),
    "level": ("级别", "Level"),
    "lead": ("主办部门", "Lead department"),
    "assist": ("协办部门", "Assisting departments"),
    "limit_minutes": ("时限（分钟）", "Limit in minutes"),
    "closing_conditions": ("结案条件", "Closing conditions"),
    "closing_conditions_en": ("英文结案条件", "English closing conditions"),
    "keywords": ("关键词", "Keywords"),
    "common": ("常用", "Common"),
}
"""Each column of the files in `incidents/catalogue/`, with the headers that people read, in Chinese and in English."""
_COLUMN_OF: Final = {"assisting": "assist", "is_common": "common"}
_TEXTS: Final = (
    "name",
    "name_en",
    "description",
    "description_en",
    "closing_conditions",
    "closing_conditions_en",
)
_DIVIDERS: Final = re.compile(r"[;；,，、\n]")
_YES: Final = frozenset({"1", "是", "✓", "√", "yes", "y", "true"})
_NO: Final = frozenset({"", "0", "否", "×", "no", "n", "false"})
_LEVELS: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}


class Departments:
    """The departments in use, found by code or by name; read once for a whole sheet."""

    def __init__(self) -> None:
        self._known: dict[str, Department] = {}
        for department in Department.objects.filter(is_active=True):
            for name in (department.name_en, department.name, department.code):
                if name:
                    self._known[name] = department

    def find(self, name: str, *, field: str) -> Department:
        """Raises `Refused` beside `field` when there is none."""
        try:
            return self._known[name]
        except KeyError:
            message = _("There is no department “%(name)s” in use. Add it first, or write another code.")
            raise Refused(message % {"name": name}, code="department", field=field) from None


def column_of(field: str) -> str:
    """The column that says a field of the terms; most are called alike."""
    return _COLUMN_OF.get(field, field)


def header(field: str | None) -> str:
    """The header over a column or field, in the reader's language."""
    chinese, english = HEADERS[column_of(field or "code")]
    return english if (get_language() or "").startswith("en") else chinese


def terms_from(cells: Mapping[str, str], *, departments: Departments, base: Terms | None = None) -> Terms:
    """What a row says, from the text of its cells by column; a column that the sheet lacks stays as in `base`.

    Raises `Refused` beside the column for a cell that means nothing.
    """
    said: dict[str, Any] = {name: cells[name] for name in _TEXTS if name in cells}
    if "level" in cells:
        said["level"] = _level(cells["level"])
    if "lead" in cells:
        said["lead"] = departments.find(cells["lead"], field="lead") if cells["lead"] else None
    if "assist" in cells:
        said["assisting"] = tuple(departments.find(name, field="assist") for name in _listed(cells["assist"]))
    if "limit_minutes" in cells:
        said["limit_minutes"] = _minutes(cells["limit_minutes"])
    if "keywords" in cells:
        said["keywords"] = ";".join(dict.fromkeys(_listed(cells["keywords"])))
    if "common" in cells:
        said["is_common"] = _is_yes(cells["common"])
    _check_parent(cells)
    return replace(base or Terms(), **said)


def cells_of(code: str, terms: Terms) -> dict[str, str]:
    """A row as the sheet shows it, in the order of its columns; `terms_from` reads it back."""
    cells = {
        "code": code,
        "parent": code[:-2],
        **{name: getattr(terms, name) for name in _TEXTS},
        "level": "" if terms.level is None else str(terms.level),
        "lead": terms.lead.code if terms.lead else "",
        "assist": ";".join(department.code for department in terms.assisting),
        "limit_minutes": "" if terms.limit_minutes is None else str(terms.limit_minutes),
        "keywords": terms.keywords,
        "common": _("yes") if terms.is_common else "",
    }
    return {column: cells[column] for column in HEADERS}


def code_from(cell: str) -> str:
    """A code as it was meant: a spreadsheet that takes it for a number drops the first zero."""
    return f"0{cell}" if cell.isascii() and cell.isdigit() and len(cell) % 2 else cell


def _check_parent(cells: Mapping[str, str]) -> None:
    code, parent = code_from(cells.get("code", "")), code_from(cells.get("parent", ""))
    if parent and parent != code[:-2]:
        message = _("The code %(code)s stands under %(above)s: its first digits are those of its parent.")
        raise Refused(message % {"code": code, "above": code[:-2] or "—"}, code="parent", field="parent")


def _level(cell: str) -> int | None:
    digit = cell.removesuffix("级")
    digit = _LEVELS.get(digit, digit)
    if digit and digit not in {"1", "2", "3", "4"}:
        raise Refused(_("A level is 1, 2, 3 or 4, or empty for a group."), code="level", field="level")
    return int(digit) if digit else None


def _minutes(cell: str) -> int | None:
    if cell and not (cell.isascii() and cell.isdigit()):
        raise Refused(
            _("Write the limit as a whole number of minutes, such as 360."), code="limit", field="limit_minutes"
        )
    return int(cell) if cell else None


def _is_yes(cell: str) -> bool:
    if cell.lower() not in _YES | _NO:
        raise Refused(_("Write yes or no."), code="common", field="common")
    return cell.lower() in _YES


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in _DIVIDERS.split(cell) if part.strip()]
