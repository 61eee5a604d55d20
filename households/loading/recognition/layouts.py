"""Layouts: the same headers in the same order. What somebody corrected in one is remembered for the next."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from households.loading.fields import Field
from households.loading.plan import ColumnPlan, Shape, SheetPlan
from households.loading.recognition.guesses import REASON_REMEMBERED

DIGITS = 32


def fingerprint(columns: Sequence[ColumnPlan]) -> str:
    """Equal for two sheets with the same headers in the same order; "" for a sheet without any."""
    words = ["/".join(column.words) for column in columns]
    while words and not words[-1]:
        words.pop()
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:DIGITS] if words else ""


def template_of(sheet: SheetPlan) -> dict[str, Any]:
    """What is remembered of a sheet: the meaning of its columns, and the shape if the user chose it. No samples."""
    return {
        "columns": [
            {"index": column.index, "field": column.field, "member": column.member, "corrected": column.corrected}
            for column in sheet.columns
        ],
        "shape": sheet.shape if sheet.shape_corrected else "",
    }


def apply_template(sheet: SheetPlan, template: Mapping[str, Any]) -> bool:
    """Take the columns as remembered. Returns whether the template fits; fields of other versions are left out."""
    remembered = {entry["index"]: entry for entry in template.get("columns", [])}
    if set(remembered) != {column.index for column in sheet.columns}:
        return False
    for column in sheet.columns:
        entry = remembered[column.index]
        field = entry["field"] if entry["field"] in Field.values else ""
        changes = (field, entry["member"]) != (column.field, column.member)
        column.field, column.member = field, entry["member"] if field else 0
        column.corrected = bool(entry.get("corrected"))
        if changes or column.corrected:
            column.confidence, column.reason = (1.0 if field else 0.0), REASON_REMEMBERED
    if template.get("shape") in Shape.values:
        sheet.shape, sheet.shape_corrected = template["shape"], True
    return True
