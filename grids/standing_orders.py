"""Which emergency and zone orders concern a place now, in one query: pages that show them have none to spare."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import DateTimeField, Q, QuerySet, TextField, Value

from grids.models import OperationMode, Unit, ZoneOrder
from grids.modes import orders_in_force
from grids.rules import ANCESTOR_COLUMNS, touches
from grids.zones import Standing, strictest_first

_READ: Final = {"id", "name", "kind", "tree_id", "lft", "rght", *ANCESTOR_COLUMNS}
_UNIT: Final = tuple(column.attname for column in Unit._meta.concrete_fields if column.attname in _READ)
"""What is read of each unit, in the order in which a row is made of it."""


@dataclass(slots=True)
class Around:
    """What holds over or within some places: emergencies, and zones, the strictest first. Rows to read, not to save."""

    emergencies: list[OperationMode] = field(default_factory=list)
    zones: list[Standing] = field(default_factory=list)


def around(places: Collection[Unit] | None, at: datetime) -> Around:
    """The orders in force over any of the places or within them; None: anywhere in the district."""
    emergencies: list[OperationMode] = []
    zones: dict[int, Standing] = {}
    for is_zone, pk, what, by, since, until, rules, rules_en, *columns in _emergencies(at).union(_zones(at), all=True):
        unit = Unit.from_db(None, _UNIT, columns)
        if not touches(unit, places):
            continue
        facts: dict[str, Any] = {"pk": pk, "authorised_by": by, "starts_at": since}
        if is_zone:
            order = ZoneOrder(zone=what, rules=rules, rules_en=rules_en, **facts)
            zones.setdefault(pk, Standing(order, [])).units.append(unit)
        else:
            emergencies.append(OperationMode(unit=unit, scenario=what, ends_at=until, **facts))
    emergencies.sort(key=lambda order: order.ends_at)
    return Around(emergencies, strictest_first(zones.values()))


def _emergencies(at: datetime) -> QuerySet[Any, Any]:
    columns = ("pk", "scenario", "authorised_by", "starts_at", "ends_at", _NO_TEXT, _NO_TEXT)
    return orders_in_force(at).order_by().values_list(Value(False), *columns, *(f"unit__{name}" for name in _UNIT))


def _zones(at: datetime) -> QuerySet[Any, Any]:
    holds = Q(zoneorder__ended_at=None) | Q(zoneorder__ended_at__gt=at)
    rows = ZoneOrder.units.through.objects.filter(holds, zoneorder__starts_at__lte=at)
    before, after = ("id", "zone", "authorised_by", "starts_at"), ("rules", "rules_en")
    order = [*(f"zoneorder__{name}" for name in before), _NO_MOMENT, *(f"zoneorder__{name}" for name in after)]
    return rows.values_list(Value(True), *order, *(f"unit__{name}" for name in _UNIT))


_NO_TEXT: Final = Value("", output_field=TextField())
_NO_MOMENT: Final = Value(None, output_field=DateTimeField())
