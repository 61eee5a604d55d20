"""Doors and what stands about them: add, correct, close."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from grids import tree
from grids.models import Kind, Unit
from households.facts import HOUSEHOLD_FACTS, household_facts
from households.models import Household
from households.services.acting import (
    What,
    change,
    check_may_edit,
    check_seen,
    clean_reason,
    differing,
    held_household,
    hold,
    record,
)

# What the tree's history says when the act itself was given no reason; copied as the record of the day.
ADDED_REASON = "台账新增住户"
CORRECTED_REASON = "台账更正地址"
CLOSED_REASON = "台账注销住户"


@transaction.atomic
def add_household(
    micro_grid: Unit, *, actor: User | None, reason: str = "", at: datetime | None = None, **typed: Any
) -> Household:
    """A new household with a door of its own in the micro-grid. `typed`: facts as `facts.household_facts` takes them.

    A door that stands there without a household is used. The same household sent again is given back as it is.
    """
    at, reason = at or clock.now(), clean_reason(reason)
    facts = household_facts(typed)
    hold(micro_grid, at=at, with_tree=True)
    micro_grid = Unit.objects.get(pk=micro_grid.pk)
    check_may_edit(actor, micro_grid)
    if micro_grid.kind != Kind.MICRO_GRID:
        raise Refused(_("A household stands in a micro-grid. Choose one."), code="kind", field="micro_grid")
    door = _door_at(micro_grid, facts)
    if door is None:
        said = {"name": facts["address"], "reason": reason or ADDED_REASON}
        door = tree.add_unit(micro_grid, kind=Kind.HOUSEHOLD, actor=actor, at=at, **said)
    elif there := getattr(door, "household", None):
        return _the_same(there, facts)
    household = Household(unit=door, made_at=at, changed_at=at, **facts)
    household.save(force_insert=True)
    record(household, What.ADDED, actor=actor, at=at, reason=reason, after={"address": household.address})
    return household


@transaction.atomic
def correct_household(
    household: Household,
    *,
    actor: User | None,
    reason: str = "",
    seen: datetime | None = None,
    at: datetime | None = None,
    **typed: Any,
) -> Household:
    """Other facts for the household; what isn't named stays. `seen` is its `changed_at` when the form was opened."""
    at, reason = at or clock.now(), clean_reason(reason)
    hold(household.unit, at=at, with_tree="address" in typed)
    household = held_household(household, actor=actor)
    present = {name: getattr(household, name) for name in HOUSEHOLD_FACTS}
    values = differing(household, household_facts(present | typed))
    if not values:
        return household
    check_seen(household, seen)
    if "address_key" in values and (there := household_at(household.unit.parent, values["address_key"])):
        raise taken_address(there)
    change(household, What.CORRECTED, values, actor=actor, at=at, reason=reason)
    if "address" in values:
        said = {"name": values["address"], "reason": reason or CORRECTED_REASON}
        tree.edit_unit(household.unit, actor=actor, at=at, **said)
    return household


@transaction.atomic
def close_household(
    household: Household, *, actor: User | None, reason: str = "", at: datetime | None = None
) -> Household:
    """Take a door that nobody lives behind out of use. Refused while people live there (`receivers.follow`)."""
    at, reason = at or clock.now(), clean_reason(reason)
    hold(household.unit, at=at, with_tree=True)
    household = Household.objects.select_related("unit").get(pk=household.pk)
    check_may_edit(actor, household.unit)
    tree.retire_unit(household.unit, actor=actor, reason=reason or CLOSED_REASON, at=at)
    household.refresh_from_db()
    return household


def household_at(micro_grid: Unit | None, address_key: str) -> Household | None:
    """The household in use with that address in the micro-grid."""
    doors = Household.objects.filter(unit__parent=micro_grid, unit__retired_at=None, address_key=address_key)
    return doors.select_related("unit").first()


def taken_address(there: Household) -> Refused:
    message = _("This address is in the register already: %(address)s.") % {"address": there.address}
    return Refused(message, code="address_taken", field="address")


def _the_same(there: Household, facts: dict[str, Any]) -> Household:
    """The household sent once more, its address perhaps written in another way."""
    if differing(there, facts).keys() - {"address"}:
        raise taken_address(there)
    return there


def _door_at(micro_grid: Unit, facts: dict[str, Any]) -> Unit | None:
    """The door in use with that address, with its household; else one of that name that stands there without."""
    is_it = Q(household__address_key=facts["address_key"]) | Q(household=None, name=facts["address"])
    doors = Unit.objects.filter(is_it, parent=micro_grid, retired_at=None).select_related("household")
    return doors.order_by(F("household").asc(nulls_last=True)).first()
