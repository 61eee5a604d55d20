"""What supervision items are about, as every deployment begins (practice 75 of the handbook)."""

from typing import Final

from django.db import transaction

from dispatch.models import SupervisionType

OTHER: Final = "other"
_TYPES: Final = (
    ("stay-in", "足不出户", "Leaving home against an order"),
    ("gathering", "人员聚集", "People gathering"),
    ("side-gate", "小门管控", "Control of side gates"),
    ("stalls", "流动摊贩", "Mobile stalls"),
    ("crowded-place", "密集场所", "Crowded premises"),
    (OTHER, "其他", "Other"),
)


@transaction.atomic
def load_supervision_types() -> int:
    """Add the types that are missing; returns how many. One that was renamed or put out of use stays as it is."""
    known = set(SupervisionType.objects.values_list("code", flat=True))
    rows = [SupervisionType(code=code, name=name, name_en=name_en) for code, name, name_en in _TYPES]
    return len(SupervisionType.objects.bulk_create(row for row in rows if row.code not in known))
