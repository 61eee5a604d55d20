"""Loading the starting content of `households/catalogue/`: the kinds of tags.

Rows that exist stay as they are: once loaded they belong to the administrator, who may have changed them.
"""

import csv
from pathlib import Path

from django.db import transaction

from households.models import TagKind

FOLDER = Path(__file__).parent / "catalogue"


@transaction.atomic
def load_tag_kinds() -> int:
    """Add the kinds of tags that are missing, in the order of the file; returns how many."""
    there = set(TagKind.objects.values_list("code", flat=True))
    with (FOLDER / "tag_kinds.csv").open(encoding="utf-8", newline="") as file:
        kinds = [_kind(row, order) for order, row in enumerate(csv.DictReader(file), start=1)]
    missing = [kind for kind in kinds if kind.code not in there]
    TagKind.objects.bulk_create(missing)
    return len(missing)


def _kind(row: dict[str, str], order: int) -> TagKind:
    return TagKind(
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        is_sensitive=row["is_sensitive"] == "yes",
        visit_every_days=int(row["visit_every_days"]) if row["visit_every_days"] else None,
        order=order * 10,
    )
