"""Correcting how one sheet is read: whether, in which shape, and what each column means.

A sheet may have hundreds of columns, and each has the same two dozen meanings to choose from. So the drop-downs are not
form fields of their own (hundreds of widgets, thousands of templates) but one list of options, written once a meaning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refused
from households.loading.fields import HOUSEHOLD_FIELDS, Field
from households.loading.plan import ColumnPlan, Shape, SheetPlan
from households.loading.recognition import verdicts
from households.loading.runs.deciding import SheetCorrection

MOST_MEMBERS: Final = 40


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column as the page shows it: what we took it for, and what was just chosen."""

    column: ColumnPlan
    chosen: str
    member: int
    is_in_doubt: bool
    is_at_fault: bool = False

    @property
    def field_name(self) -> str:
        return f"column-{self.column.index}"

    @property
    def member_name(self) -> str:
        return f"member-{self.column.index}"

    @property
    def is_of_member(self) -> bool:
        """True unless the column is the household's: then no member is asked for."""
        return self.chosen not in HOUSEHOLD_FIELDS

    @property
    def choice(self) -> str:
        """Field and member in one, as `corrections.choice_of` has them."""
        return f"{self.chosen}:{self.member}" if self.chosen and self.member else self.chosen

    @property
    def options(self) -> SafeString:
        return _options(self.chosen, get_language())

    @property
    def why(self) -> str:
        return verdicts.why(self.column)


class SheetForm(forms.Form):
    """What the user says about one sheet of the plan; `correction` is that as the service takes it."""

    is_taken = forms.BooleanField(
        label=_("Read this sheet"), required=False, widget=forms.CheckboxInput(attrs={"class": "switch"})
    )
    shape = forms.ChoiceField(label=_("How lines make households"), choices=Shape)

    def __init__(self, data: Any = None, *, sheet: SheetPlan, is_alone: bool) -> None:
        super().__init__(data, initial={"is_taken": sheet.is_taken, "shape": sheet.shape})
        self.sheet = sheet
        self.is_wide = sheet.shape == Shape.WIDE
        self._at_fault = ""
        if is_alone and not sheet.is_hidden:
            del self.fields["is_taken"]

    def refuse(self, refused: Refused) -> None:
        """Show a refusal of the service beside the control that it names."""
        self.add_error("shape" if refused.field == "shape" else None, refused.message)
        self._at_fault = refused.field or ""

    @property
    def rows(self) -> Iterator[ColumnRow]:
        in_doubt = {column.index for column in verdicts.columns_in_doubt(self.sheet)}
        for column in self.sheet.columns:
            yield ColumnRow(
                column,
                self._chosen(column),
                self._member(column),
                is_in_doubt=column.index in in_doubt,
                is_at_fault=self._at_fault == f"column-{column.index}",
            )

    @property
    def correction(self) -> SheetCorrection:
        """What the user has said otherwise than the plan; empty when that is nothing."""
        said: SheetCorrection = {}
        rows = [row for row in self.rows if (row.chosen, row.member) != (row.column.field, row.column.member)]
        if rows:
            said["columns"] = {row.column.index: row.choice for row in rows}
        if "shape" in self.changed_data:
            said["shape"] = self.cleaned_data["shape"]
        if "is_taken" in self.changed_data:
            said["is_taken"] = self.cleaned_data["is_taken"]
        return said

    def _chosen(self, column: ColumnPlan) -> str:
        said = self.data.get(f"column-{column.index}") if self.is_bound else None
        return said if said is not None and (said == "" or said in Field) else column.field

    def _member(self, column: ColumnPlan) -> int:
        said = self.data.get(f"member-{column.index}", "") if self.is_bound else ""
        return int(said) if said.isdecimal() and int(said) <= MOST_MEMBERS else column.member


@cache
def _options(chosen: str, language: str) -> SafeString:
    """The options of a drop-down with one of them chosen: those of the household, then those of the person."""
    groups = (
        (gettext("Of the household"), [field for field in Field if field in HOUSEHOLD_FIELDS]),
        (gettext("Of the person"), [field for field in Field if field not in HOUSEHOLD_FIELDS]),
    )
    options = [_option("", gettext("leave out"), chosen)]
    for label, fields in groups:
        inner = format_html_join("", "{}", ((_option(field.value, field.label, chosen),) for field in fields))
        options.append(format_html('<optgroup label="{}">{}</optgroup>', label, inner))
    return format_html_join("", "{}", ((option,) for option in options))


def _option(value: str, label: Any, chosen: str) -> SafeString:
    mark = SafeString(" selected") if value == chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, mark, label)
