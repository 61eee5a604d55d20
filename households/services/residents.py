"""People: add and correct."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.masking import mask_name
from accounts.models import User
from grids.models import Ability
from grids.posts import has_ability
from households.facts import RESIDENT_FACTS, resident_facts
from households.models import Household, Resident
from households.services.acting import (
    What,
    change,
    check_seen,
    clean_reason,
    differing,
    held_household,
    held_resident,
    hold,
    record,
)


@transaction.atomic
def add_resident(
    household: Household,
    *,
    actor: User | None,
    number_is_checked: bool = False,
    reason: str = "",
    at: datetime | None = None,
    **typed: Any,
) -> Resident:
    """Somebody new in the household. `typed` are facts as `facts.resident_facts` takes them.

    `number_is_checked`: the card was looked at and really says so, though its check digit doesn't fit. The same person
    sent again is given back as they are. Refused when the number belongs to somebody whom the actor could move here.
    """
    at, reason = at or clock.now(), clean_reason(reason)
    facts = resident_facts(typed, on=timezone.localdate(at), number_is_checked=number_is_checked)
    hold(household.unit, at=at)
    household = held_household(household, actor=actor)
    if there := _same_person(household, facts):
        return there
    _refuse_known_number(facts["document_fingerprint"], actor=actor)
    resident = Resident(household=household, made_at=at, changed_at=at, **facts)
    resident.save(force_insert=True)
    record(resident, What.ADDED, actor=actor, at=at, reason=reason, after={"name": resident.name})
    return resident


@transaction.atomic
def correct_resident(
    resident: Resident,
    *,
    actor: User | None,
    number_is_checked: bool = False,
    reason: str = "",
    seen: datetime | None = None,
    at: datetime | None = None,
    **typed: Any,
) -> Resident:
    """Other facts for the person; what isn't named stays. `seen` is their `changed_at` when the form was opened."""
    at, reason = at or clock.now(), clean_reason(reason)
    hold(resident.household.unit, at=at)
    resident = held_resident(resident, actor=actor)
    present = {name: getattr(resident, name) for name in RESIDENT_FACTS}
    # A number that was accepted once stays accepted while it stays the same.
    is_accepted = number_is_checked or (
        resident.number_check == Resident.NumberCheck.INVALID
        and (typed.get("document_number", resident.document_number) == resident.document_number)
    )
    facts = resident_facts(present | typed, on=timezone.localdate(at), number_is_checked=is_accepted)
    values = differing(resident, facts)
    if not values:
        return resident
    check_seen(resident, seen)
    if "document_fingerprint" in values:
        _refuse_known_number(values["document_fingerprint"], actor=actor)
    change(resident, What.CORRECTED, values, actor=actor, at=at, reason=reason)
    return resident


def _same_person(household: Household, facts: dict[str, Any]) -> Resident | None:
    """Who lives in the household already with the same name, number and birth date."""
    who = {name: facts[name] for name in ("name", "document_fingerprint", "born_on")}
    return Resident.objects.filter(household=household, moved_out_on=None, **who).first()


def _refuse_known_number(fingerprint: str, *, actor: User | None) -> None:
    """One person lives in one place. Of places that aren't the actor's nothing is said: data quality finds those."""
    if not fingerprint:
        return
    living = Resident.objects.filter(document_fingerprint=fingerprint, moved_out_on=None)
    for other in living.select_related("household__unit"):
        if actor is None or has_ability(actor, Ability.EDIT_REGISTER, other.household.unit):
            raise Refused(
                _("This number belongs to %(name)s at %(address)s. Move that person here instead of adding them again.")
                % {"name": mask_name(other.name), "address": other.household.address},
                code="known_number",
                field="document_number",
            )
