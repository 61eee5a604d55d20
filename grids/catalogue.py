"""Loading the starting content of `grids/catalogue/`: roles and departments.

Rows that exist stay as they are: once loaded they belong to the administrator, who may have changed them.
"""

import csv
from pathlib import Path

from django.db import transaction

from grids.models import Department, Role, Unit

FOLDER = Path(__file__).parent / "catalogue"


@transaction.atomic
def load_roles() -> int:
    """Add the roles that are missing; returns how many."""
    added = 0
    for row in _rows("roles.csv"):
        facts = {"name": row["name"], "name_en": row["name_en"], "abilities": row["abilities"].split(";")}
        added += Role.objects.get_or_create(code=row["code"], defaults=facts)[1]
    return added


@transaction.atomic
def load_departments(street: Unit | None = None) -> int:
    """Add the departments that are missing; returns how many.

    With `street`, those of the street's tier belong to it and see its incidents only; without one they serve the whole
    district, as bodies with several streets do.
    """
    added = 0
    for row in _rows("departments.csv"):
        facts = {"name": row["name"], "name_en": row["name_en"], "street": street if row["tier"] == "street" else None}
        added += Department.objects.get_or_create(code=row["code"], defaults=facts)[1]
    return added


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
