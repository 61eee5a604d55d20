"""What the user changes in a plan: by drop-down, without the file at hand."""

import copy
from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.errors import Refused
from households.loading.fields import HOUSEHOLD_FIELDS, REPEATABLE_FIELDS, Field
from households.loading.plan import BookPlan, ColumnPlan, Shape, SheetPlan
from households.loading.recognition.guesses import REASON_CORRECTED
from households.loading.recognition.shapes import settle_shape
from households.loading.recognition.verdicts import judge, why_not

MOST_MEMBERS = 99


def choice_of(column: ColumnPlan) -> str:
    """The value of the drop-down: the field, with the member in a WIDE sheet (name:2); "" when left out."""
    return f"{column.field}:{column.member}" if column.member else column.field


def correct(
    plan: BookPlan,
    *,
    sheet: int,
    columns: Mapping[int, str] | None = None,
    is_taken: bool | None = None,
    shape: str | None = None,
) -> BookPlan:
    """A new plan in which the sheet of this index is as the user wants it. The old one stays as it was.

    `columns` maps indexes to `choice_of` values. A shape that nobody has chosen follows the columns. Raises `Refused`
    for unknown sheets, columns and fields, for two columns of one meaning, and when a sheet that is to be read has no
    name or nothing that makes households.
    """
    new = copy.deepcopy(plan)
    changed = next((candidate for candidate in new.sheets if candidate.index == sheet), None)
    if changed is None:
        raise Refused(_("There is no such sheet in this file."), code="no_such_sheet")
    for index, choice in (columns or {}).items():
        _assign(_column(changed, index), choice)
    _check_duplicates(changed, columns or {})
    if columns and not changed.shape_corrected and _follow(changed):
        shape = None  # a drop-down without a choice sends its first one along
    if shape is not None and shape != changed.shape:
        _choose_shape(changed, shape)
    if is_taken is not None:
        changed.is_taken = is_taken
    if columns or shape is not None:
        judge(changed)
    if changed.is_taken and not changed.is_register and (columns or shape is not None or is_taken):
        raise Refused(why_not(changed), code=changed.refusal, field="columns")
    return new


def _follow(sheet: SheetPlan) -> bool:
    """Let the shape follow the columns; returns whether a sheet without a shape has got one by that."""
    had_shape = sheet.shape
    has_head = sheet.column(Field.HEAD_NAME) or sheet.column(Field.HEAD_NUMBER)
    is_wide = any(column.member for column in sheet.columns) or (had_shape == Shape.WIDE and not has_head)
    settle_shape(sheet, is_wide=is_wide)
    return bool(sheet.shape and not had_shape)


def _column(sheet: SheetPlan, index: int) -> ColumnPlan:
    for column in sheet.columns:
        if column.index == index:
            return column
    raise Refused(_("There is no such column in this sheet."), code="no_such_column", field=f"column-{index}")


def _assign(column: ColumnPlan, choice: str) -> None:
    field, _colon, member = choice.partition(":")
    is_number = not member or (member.isdecimal() and int(member) <= MOST_MEMBERS)
    if (field and field not in Field.values) or not is_number:
        raise Refused(_("A column can't mean that."), code="unknown_field", field=f"column-{column.index}")
    is_of_person = bool(field) and field not in HOUSEHOLD_FIELDS
    column.field, column.member = field, int(member or 0) if is_of_person else 0
    column.confidence, column.reason, column.corrected = (1.0 if field else 0.0), REASON_CORRECTED, True


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
