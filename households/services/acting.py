"""What all acts by hand have in common: the lock, the right, the check for an old form, the row of history."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.errors import Forbidden, Refused
from accounts.models import User
from accounts.sealing import SealedTextField, seal
from grids.models import Ability, Unit
from grids.posts import has_ability
from grids.tree import lock_street
from households.models import Household, RegisterChange, Resident
from households.versions import hold_register

What = RegisterChange.What
Row = Household | Resident
_LONGEST_REASON = 200


def hold(*units: Unit, at: datetime, with_tree: bool = False) -> None:
    """Take the registers of the streets of these units, and first their trees when doors come, go or move.

    Always in the order of the streets, so that no two acts wait for each other.
    """
    streets = {unit.street_id: unit for unit in units}
    for street_id in sorted(filter(None, streets)):
        if with_tree:
            lock_street(streets[street_id])
    for street_id in sorted(filter(None, streets)):
        hold_register(street_id, at=at)


def held_household(household: Household, *, actor: User | None) -> Household:
    """The household as it stands now that its register is held. Refuses one whose door is out of use."""
    household = Household.objects.select_related("unit__parent").get(pk=household.pk)
    check_may_edit(actor, household.unit)
    if not household.unit.is_live:
        raise Refused(_("This household is closed; it stays as it was."), code="closed")
    return household


def held_resident(resident: Resident, *, actor: User | None) -> Resident:
    """The resident as they stand now that the register is held."""
    resident = Resident.objects.select_related("household__unit").get(pk=resident.pk)
    check_may_edit(actor, resident.household.unit)
    return resident


def check_may_edit(actor: User | None, unit: Unit) -> None:
    """Raise `Forbidden` unless the actor keeps the register of that place. Nobody (None) is the system itself."""
    if actor is not None and not has_ability(actor, Ability.EDIT_REGISTER, unit):
        raise Forbidden(_("No post of yours lets you change the register here."), code="no_right")


def check_seen(row: Row, seen: datetime | None) -> None:
    """Refuse a form that was opened before somebody else changed the row."""
    if seen is not None and row.changed_at != seen:
        raise Refused(
            _("Somebody has changed this since you opened it. Look at what changed below, then send again."),
            code="stale",
        )


def clean_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > _LONGEST_REASON:
        raise Refused(
            _("Too long: at most %(limit)d characters.") % {"limit": _LONGEST_REASON}, code="too_long", field="reason"
        )
    return reason


def differing(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that the row doesn't have yet."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def write(row: Row, values: Mapping[str, Any], *, at: datetime) -> None:
    """Write the values and the moment of the change."""
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = at
    row.save(update_fields=[*values, "changed_at"])


def record(
    row: Row,
    what: RegisterChange.What,
    *,
    actor: User | None,
    at: datetime,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> RegisterChange:
    """Append what happened to the household or the person. Numbers are sealed on the way in."""
    resident = row if isinstance(row, Resident) else None
    return RegisterChange.objects.create(
        household_id=resident.household_id if resident else row.pk,
        resident=resident,
        what=what,
        actor=actor,
        at=at,
        reason=reason,
        before=_kept(row, before or {}),
        after=_kept(row, after or {}),
    )


def change(
    row: Row,
    what: RegisterChange.What,
    values: Mapping[str, Any],
    *,
    actor: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Write the values that differ, with the row of history. Columns that follow from others aren't told there."""
    told = [name for name in values if row._meta.get_field(name).editable]
    before = {name: getattr(row, name) for name in told}
    write(row, values, at=at)
    record(row, what, actor=actor, at=at, reason=reason, before=before, after={name: values[name] for name in told})


def _kept(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them: days as text, numbers sealed."""
    sealed = {field.name for field in row._meta.get_fields() if isinstance(field, SealedTextField)}
    return {name: seal(value) if name in sealed else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
