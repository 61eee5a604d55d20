"""Open incidents follow their place when the tree is re-drawn; ended ones keep the place that they had."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from grids.models import Unit, UnitChange
from grids.signals import doors_moved, unit_changed
from incidents.models import Incident
from incidents.workflow import OPEN

_COLUMNS = ("street_id", "community_id", "grid_id", "micro_grid_id")


def connect() -> None:
    unit_changed.connect(follow, dispatch_uid="incidents.receivers.follow")
    doors_moved.connect(follow_doors, dispatch_uid="incidents.receivers.follow_doors")


def follow(sender: Any, change: UnitChange, unit: Unit, **kwargs: Any) -> None:
    """After a move, copy the new ancestor columns onto the open incidents of the whole subtree."""
    if change.what != UnitChange.What.MOVED:
        return
    subtree = Unit.objects.filter(tree_id=unit.tree_id, lft__gte=unit.lft, rght__lte=unit.rght)
    _copy_columns(subtree)


def follow_doors(sender: Any, unit_ids: Sequence[int], **kwargs: Any) -> None:
    """After a load has moved doors, the same for all of them."""
    _copy_columns(Unit.objects.filter(pk__in=unit_ids))


def _copy_columns(units: QuerySet[Unit]) -> None:
    incidents = list(Incident.objects.filter(status__in=OPEN, unit__in=units).select_related("unit"))
    for incident in incidents:
        for column in _COLUMNS:
            setattr(incident, column, getattr(incident.unit, column))
    Incident.objects.bulk_update(incidents, [column.removesuffix("_id") for column in _COLUMNS], batch_size=500)
