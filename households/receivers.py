"""The register follows the tree: doors that are renamed, moved or retired, on the tree's pages or by an act here."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from grids.errors import TreeRefused
from grids.models import Kind, Unit, UnitChange
from grids.rules import NAME_LENGTH
from grids.signals import unit_changed
from households.loading.cleaning import addresses
from households.models import Household, RegisterChange
from households.services.acting import change as change_row
from households.services.acting import record
from households.versions import hold_register

Tree = UnitChange.What
What = RegisterChange.What


def connect() -> None:
    unit_changed.connect(follow, dispatch_uid="households.receivers.follow")


def follow(sender: Any, change: UnitChange, unit: Unit, **kwargs: Any) -> None:
    """Keep the household of a door true to it, and previews of loads honest when larger units move.

    Runs under the street's tree lock, in the transaction of the change: refusing here undoes it.
    """
    if unit.street_id is None or change.what == Tree.MADE:
        return
    if unit.kind != Kind.HOUSEHOLD:
        if change.what == Tree.MOVED:
            hold_register(unit.street_id, at=change.at)
        return
    household = Household.objects.select_related("unit").filter(unit=unit).first()
    if household is None:
        return
    hold_register(unit.street_id, at=change.at)
    if change.what == Tree.MOVED:
        _moved(household, change)
    elif change.what == Tree.RETIRED:
        _retired(household, change)
    elif "name" in change.after:
        _renamed(household, change)


def _moved(household: Household, change: UnitChange) -> None:
    facts: dict[str, Any] = {"actor": change.actor, "at": change.at, "reason": change.reason[:200]}
    before, after = {"micro_grid": change.before["parent"]}, {"micro_grid": change.after["parent"]}
    record(household, What.HOUSEHOLD_MOVED, before=before, after=after, **facts)
    Household.objects.filter(pk=household.pk).update(changed_at=change.at)


def _retired(household: Household, change: UnitChange) -> None:
    """Nobody may hang on a door that is gone; those who left stay in its history."""
    living = household.residents.filter(moved_out_on=None) | household.residents.filter(
        moved_out_on__gt=timezone.localdate(change.at)
    )
    count = living.count()
    if count:
        raise TreeRefused(
            _("%(count)d people live behind this door. Move them first.") % {"count": count}, code="has_residents"
        )
    record(household, What.CLOSED, actor=change.actor, at=change.at, reason=change.reason[:200])
    Household.objects.filter(pk=household.pk).update(changed_at=change.at)


def _renamed(household: Household, change: UnitChange) -> None:
    name = str(change.after["name"])
    if household.address[:NAME_LENGTH] == name:
        return  # the household's own act: it has written its address first
    values = {"address": name, "address_key": addresses.key_of(name)}
    change_row(household, What.CORRECTED, values, actor=change.actor, at=change.at, reason=change.reason[:200])
