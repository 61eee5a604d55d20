"""Loading the starting content of `grids/catalogue/`: roles, departments and rules of size.

Rows that exist stay as they are: once loaded they belong to the administrator, who may have changed them.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from grids.models import Department, Role, SizingRule, Unit

FOLDER = Path(__file__).parent / "catalogue"


@transaction.atomic
def load_roles() -> int:
    """Add the roles that are missing; returns how many."""
    wanted = (
        Role(code=row["code"], name=row["name"], name_en=row["name_en"], abilities=row["abilities"].split(";"))
        for row in _rows("roles.csv")
    )
    return _add_missing(Role.objects.all(), wanted)


@transaction.atomic
def load_departments(street: Unit | None = None) -> int:
    """Add the departments that are missing; returns how many.

    With `street`, those of the street's tier belong to it and see its incidents only; without one they serve the whole
    district, as bodies with several streets do.
    """
    wanted = (
        Department(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            street=street if row["tier"] == "street" else None,
        )
        for row in _rows("departments.csv")
    )
    return _add_missing(Department.objects.all(), wanted)


@cache
def english_names() -> Mapping[str, str]:
    """What the roles and departments of the starting content are called in English, by their Chinese names."""
    return {row["name"]: row["name_en"] for file in ("roles.csv", "departments.csv") for row in _rows(file)}


@transaction.atomic
def load_sizing_rules() -> int:
    """Add the rules of size when there are none at all; returns how many. A rule that was deleted stays away."""
    if SizingRule.objects.exists():
        return 0
    rules = [
        SizingRule(
            **{name: row[name] for name in ("kind", "form", "use", "counts")},
            least=int(row["least"]),
            most=int(row["most"]),
            is_active=row["is_active"] == "yes",
        )
        for row in _rows("sizing_rules.csv")
    ]
    return len(SizingRule.objects.bulk_create(rules))


def _add_missing[M: (Role, Department)](known: QuerySet[M], wanted: Iterable[M]) -> int:
    there = set(known.values_list("code", flat=True))
    missing = [row for row in wanted if row.code not in there]
    known.bulk_create(missing)
    return len(missing)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
