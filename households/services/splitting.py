"""One household becomes two, or two become one."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from grids import tree
from households.facts import household_facts
from households.models import Household, Resident
from households.services.acting import What, check_may_edit, clean_reason, held_household, hold, record
from households.services.households import add_household, household_at, taken_address
from households.services.moving import rehouse

SPLIT_REASON = "台账分户"
MERGED_REASON = "台账并户"


@transaction.atomic
def split_household(
    household: Household,
    *,
    residents: Collection[Resident],
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
    **typed: Any,
) -> Household:
    """Some of its people into a new household of the same micro-grid. `typed` are the facts of the new one.

    Returns the new household. Somebody has to stay: where everybody leaves, the household moves or its address changes.
    """
    at, reason = at or clock.now(), clean_reason(reason)
    hold(household.unit, at=at, with_tree=True)
    household = held_household(household, actor=actor)
    living = list(household.residents.filter(moved_out_on=None))
    leaving = [resident for resident in living if resident.pk in {chosen.pk for chosen in residents}]
    if not leaving or len(leaving) != len(residents):
        raise Refused(_("Choose who leaves, among those who live here."), code="nobody", field="residents")
    if len(leaving) == len(living):
        raise Refused(
            _("Somebody has to stay. If all of them live elsewhere now, correct the address instead."),
            code="everybody",
            field="residents",
        )
    if there := household_at(household.unit.parent, household_facts(typed)["address_key"]):
        raise taken_address(there)
    new = add_household(household.unit.parent, actor=actor, reason=reason or SPLIT_REASON, at=at, **typed)
    for resident in leaving:
        rehouse(resident, to=new, relation=None, actor=actor, at=at, reason=reason)
    facts: dict[str, Any] = {"actor": actor, "at": at, "reason": reason}
    record(household, What.SPLIT, after={"household": new.unit.code}, **facts)
    record(new, What.SPLIT, before={"household": household.unit.code}, **facts)
    return new


@transaction.atomic
def merge_households(
    household: Household, *, into: Household, actor: User | None, reason: str = "", at: datetime | None = None
) -> Household:
    """Everybody who lives in `household` into another one of the street; its door retires, followed by the other's.

    Returns the household that remains. Those who had moved out before stay in the history of the door they left.
    """
    at, reason = at or clock.now(), clean_reason(reason)
    if household.pk == into.pk:
        raise Refused(_("Choose another household than this one."), code="itself", field="into")
    hold(household.unit, into.unit, at=at, with_tree=True)
    into = held_household(into, actor=actor)
    household = Household.objects.select_related("unit").get(pk=household.pk)
    check_may_edit(actor, household.unit)
    if household.unit.tree_id != into.unit.tree_id:
        raise Refused(
            _("A household of another sub-district. Move its people one by one."), code="other_street", field="into"
        )
    if not household.unit.is_live:
        return into
    for resident in household.residents.filter(moved_out_on=None).select_related("household__unit"):
        rehouse(resident, to=into, relation=None, actor=actor, at=at, reason=reason)
    facts: dict[str, Any] = {"actor": actor, "at": at, "reason": reason}
    record(household, What.MERGED, after={"household": into.unit.code}, **facts)
    record(into, What.MERGED, before={"household": household.unit.code}, **facts)
    tree.retire_unit(household.unit, actor=actor, reason=reason or MERGED_REASON, successors=[into.unit], at=at)
    return into
