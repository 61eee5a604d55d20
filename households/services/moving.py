"""Who moves where: a person to another household, away, or back; a household to another micro-grid."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from grids import tree
from grids.models import Kind, Unit
from households.models import Household, Resident
from households.services.acting import (
    What,
    change,
    check_may_edit,
    clean_reason,
    held_household,
    held_resident,
    hold,
    record,
    write,
)
from households.services.households import household_at, taken_address

MOVED_REASON = "台账调整所属微网格"


@transaction.atomic
def move_household(
    household: Household, *, micro_grid: Unit, actor: User | None, reason: str = "", at: datetime | None = None
) -> Household:
    """The household with its door into another micro-grid of the street: the map was drawn anew, nobody moved house.

    The history is written by `receivers.follow`, as for doors that are moved on the pages of the tree.
    """
    at, reason = at or clock.now(), clean_reason(reason)
    hold(household.unit, at=at, with_tree=True)
    household = held_household(household, actor=actor)
    check_may_edit(actor, Unit.objects.get(pk=micro_grid.pk))
    if micro_grid.kind != Kind.MICRO_GRID:
        raise Refused(_("A household stands in a micro-grid. Choose one."), code="kind", field="micro_grid")
    if household.unit.parent_id != micro_grid.pk and (there := household_at(micro_grid, household.address_key)):
        raise taken_address(there)
    household.unit = tree.move_unit(
        household.unit, parent=micro_grid, actor=actor, reason=reason or MOVED_REASON, at=at
    )
    return household


@transaction.atomic
def move_resident(
    resident: Resident,
    *,
    to: Household,
    relation: str | None = None,
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> Resident:
    """The person into another household, with their tags and history. `relation`: to the head there; None keeps it."""
    at, reason = at or clock.now(), clean_reason(reason)
    hold(resident.household.unit, to.unit, at=at)
    resident, to = held_resident(resident, actor=actor), held_household(to, actor=actor)
    if resident.household_id == to.pk:
        return resident
    if resident.moved_out_on is not None:
        raise Refused(
            _("This person has moved out. Move them back in first, into that household."), code="moved_out", field="to"
        )
    rehouse(resident, to=to, relation=relation, actor=actor, at=at, reason=reason)
    return resident


@transaction.atomic
def move_out(
    resident: Resident, *, on: date, actor: User | None, reason: str = "", at: datetime | None = None
) -> Resident:
    """The person lives here no longer; `on` is the first day away. They stay in the history of the household."""
    at, reason = at or clock.now(), clean_reason(reason)
    if on > timezone.localdate(at):
        raise Refused(_("This day lies ahead. Enter it when the person has left."), code="date_ahead", field="on")
    hold(resident.household.unit, at=at)
    resident = held_resident(resident, actor=actor)
    if resident.moved_out_on is not None:
        return resident
    if resident.moved_in_on and on < resident.moved_in_on:
        raise Refused(
            _("The person moved in on %(day)s. They can't have left before.") % {"day": resident.moved_in_on},
            code="before_moving_in",
            field="on",
        )
    change(resident, What.MOVED_OUT, {"moved_out_on": on}, actor=actor, at=at, reason=reason)
    return resident


@transaction.atomic
def move_back(
    resident: Resident,
    *,
    on: date,
    to: Household | None = None,
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> Resident:
    """The person lives here again from `on`, in the household that they left or in another one."""
    at, reason = at or clock.now(), clean_reason(reason)
    if on > timezone.localdate(at):
        raise Refused(_("This day lies ahead. Enter it when the person is here."), code="date_ahead", field="on")
    hold(resident.household.unit, *([to.unit] if to else []), at=at)
    resident = held_resident(resident, actor=actor)
    home = held_household(to or resident.household, actor=actor)
    if resident.moved_out_on is None:
        return resident
    values = {"moved_out_on": None, "moved_in_on": on}
    change(resident, What.MOVED_BACK, values, actor=actor, at=at, reason=reason)
    if home.pk != resident.household_id:
        rehouse(resident, to=home, relation=None, actor=actor, at=at, reason=reason)
    return resident


def rehouse(
    resident: Resident, *, to: Household, relation: str | None, actor: User | None, at: datetime, reason: str
) -> None:
    """Write the move to another household, on the histories of both."""
    values = {"household": to} | ({"relation": relation} if relation is not None else {})
    before = {"household": resident.household.unit.code, "relation": resident.relation}
    after = {"household": to.unit.code, "relation": resident.relation if relation is None else relation}
    if before["relation"] == after["relation"]:
        del before["relation"], after["relation"]
    facts: dict[str, Any] = {"actor": actor, "at": at, "reason": reason, "before": before, "after": after}
    record(resident, What.MOVED, **facts)  # stands in the household that is left
    write(resident, values, at=at)
    record(resident, What.MOVED, **facts)  # and in the new one
