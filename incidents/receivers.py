"""Open incidents follow their place when the tree is re-drawn; ended ones keep the place that they had."""

from typing import Any

from grids.models import Unit, UnitChange
from grids.signals import unit_changed
from incidents.models import Incident
from incidents.workflow import OPEN

_COLUMNS = ("street_id", "community_id", "grid_id", "micro_grid_id")


def connect() -> None:
    unit_changed.connect(follow, dispatch_uid="incidents.receivers.follow")


def follow(sender: Any, change: UnitChange, unit: Unit, **kwargs: Any) -> None:
    """After a move, copy the new ancestor columns onto the open incidents of the whole subtree."""
    if change.what != UnitChange.What.MOVED:
        return
    subtree = Unit.objects.filter(tree_id=unit.tree_id, lft__gte=unit.lft, rght__lte=unit.rght)
    incidents = list(Incident.objects.filter(status__in=OPEN, unit__in=subtree).select_related("unit"))
    for incident in incidents:
        for column in _COLUMNS:
            setattr(incident, column, getattr(incident.unit, column))
    Incident.objects.bulk_update(incidents, [column.removesuffix("_id") for column in _COLUMNS], batch_size=500)
