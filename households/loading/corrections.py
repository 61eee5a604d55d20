"""What the user changes in a plan: by drop-down, without the file at hand."""

import copy
from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.errors import Refused
from households.loading.fields import HOUSEHOLD_FIELDS, REPEATABLE_FIELDS, Field
from households.loading.guesses import REASON_CORRECTED
from households.loading.plan import BookPlan, ColumnPlan, Shape, SheetPlan
from households.loading.shapes import settle_shape
from households.loading.verdicts import judge, why_not

MOST_MEMBERS = 99

type Choice = str | tuple[str, int]
"""What a column is to mean: a field and in a WIDE sheet the member, as ("name", 2) or "name:2"; "" leaves it out."""


def choice_of(column: ColumnPlan) -> str:
    """What the column means now, as a choice in one text."""
    return f"{column.field}:{column.member}" if column.member else column.field


def correct(
    plan: BookPlan,
    *,
    sheet: int,
    columns: Mapping[int, Choice] | None = None,
    is_taken: bool | None = None,
    shape: str | None = None,
) -> BookPlan:
    """A new plan in which the sheet of this index is as the user wants it. The old one stays as it was.

    Only what differs counts: a shape that is the present one may still follow the columns. Raises `Refused` for unknown
    sheets, columns and fields, for two columns of one meaning, and when a sheet that is to be read has no name or
    nothing that makes households.
    """
    new = copy.deepcopy(plan)
    changed = next((candidate for candidate in new.sheets if candidate.index == sheet), None)
    if changed is None:
        raise Refused(_("There is no such sheet in this file."), code="no_such_sheet")
    for index, choice in (columns or {}).items():
        _assign(_column(changed, index), choice)
    _check_duplicates(changed, columns or {})
    if columns and not changed.shape_corrected:
        had_shape = changed.shape
        is_wide = any(column.member for column in changed.columns) or changed.shape == Shape.WIDE
        settle_shape(changed, is_wide=is_wide)
        if shape == had_shape or (not had_shape and changed.shape):
            shape = None  # the form sends its first or present shape along, which nobody has chosen
    if shape is not None and shape != changed.shape:
        _choose_shape(changed, shape)
    if is_taken is not None:
        changed.is_taken = is_taken
    if columns or shape is not None:
        judge(changed)
    if changed.is_taken and not changed.is_register and (columns or shape is not None or is_taken):
        raise Refused(why_not(changed), code=changed.refusal, field="columns")
    return new


def _column(sheet: SheetPlan, index: int) -> ColumnPlan:
    for column in sheet.columns:
        if column.index == index:
            return column
    raise Refused(_("There is no such column in this sheet."), code="no_such_column", field=f"column-{index}")


def _assign(column: ColumnPlan, choice: Choice) -> None:
    field, member = _parsed(choice)
    if (field and field not in Field.values) or not 0 <= member <= MOST_MEMBERS:
        raise Refused(_("A column can't mean that."), code="unknown_field", field=f"column-{column.index}")
    is_of_person = bool(field) and field not in HOUSEHOLD_FIELDS
    column.field, column.member = field, member if is_of_person else 0
    column.confidence, column.reason, column.corrected = (1.0 if field else 0.0), REASON_CORRECTED, True


def _parsed(choice: Choice) -> tuple[str, int]:
    if not isinstance(choice, str):
        return choice
    field, _colon, member = choice.partition(":")
    return field, int(member) if member.isdecimal() else -1 if member else 0


def _check_duplicates(sheet: SheetPlan, changed: Mapping[int, str]) -> None:
    seen: dict[tuple[str, int], ColumnPlan] = {}
    for column in sheet.columns:
        if not column.field or column.field in REPEATABLE_FIELDS:
            continue
        other = seen.setdefault((column.field, column.member), column)
        if other is not column:
            at_fault = column if column.index in changed else other
            raise Refused(
                _("Two columns can't both be “%(field)s”: “%(one)s” and “%(two)s”. Leave one of them out.")
                % {"field": Field(column.field).label, "one": other.header, "two": column.header},
                code="two_columns",
                field=f"column-{at_fault.index}",
            )


def _choose_shape(sheet: SheetPlan, shape: str) -> None:
    if shape not in Shape.values:
        raise Refused(_("There is no such way to make households."), code="unknown_shape", field="shape")
    needed = {
        Shape.NUMBERED: (Field.HOUSEHOLD_NUMBER,),
        Shape.HEAD: (Field.HEAD_NAME, Field.HEAD_NUMBER),
        Shape.HEAD_FIRST: (Field.RELATION,),
        Shape.ADDRESS: (Field.ADDRESS, Field.ROOM),
    }.get(Shape(shape), ())
    if needed and not any(sheet.column(field) for field in needed):
        names = _(" or ").join(f"“{field.label}”" for field in needed)
        raise Refused(
            _("For this a column must be %(fields)s. Choose it first.") % {"fields": names},
            code="shape_without_column",
            field="shape",
        )
    sheet.shape, sheet.shape_corrected = shape, True
    if shape in (Shape.MERGED, Shape.FIRST_LINE) and not sheet.markers:
        sheet.markers = [column.index for column in sheet.columns if column.field in HOUSEHOLD_FIELDS]
