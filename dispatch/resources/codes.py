"""Cells that name rows of another table by their codes."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from import_export.widgets import ManyToManyWidget, Widget


def find(rows: QuerySet[Any], code: str) -> Model:
    """The row with this code; raises `ValueError` in words."""
    found: Model | None = rows.all().filter(code=code).first()
    if found is None:
        raise ValueError(_("There is no entry in use with the code “%(code)s”.") % {"code": code})
    return found


class CodeWidget(Widget):
    """One row of `rows` by its code; nothing for an empty cell."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__()
        self.rows = rows

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Model | None:
        code = str(value or "").strip()
        return find(self.rows, code) if code else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value.code) if value else ""


class CodesWidget(ManyToManyWidget):
    """Any number of rows by their codes, divided by semicolons."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.model, separator=";", field="code")
        self.rows = rows

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Model]:
        codes = [code.strip() for code in str(value or "").replace("；", ";").split(";") if code.strip()]
        return [find(self.rows, code) for code in dict.fromkeys(codes)]
