"""Organisations and resources by hand: adding, correcting, and the day on which they go."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from grids.models import Kind, Unit
from households.models import Organisation, Resource
from households.services.acting import check_may_edit
from households.uscc import clean_uscc

Asset = Organisation | Resource
HOLDERS: Final = (Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID)
"""Where an organisation or a resource can belong: anywhere but at a door or in an area that only groups communities."""


@transaction.atomic
def add_organisation(
    unit: Unit, *, facts: Mapping[str, Any], actor: User | None, at: datetime | None = None
) -> Organisation:
    """A shop, firm, school or clinic of this unit. An odd code is taken: `uscc.doubts_about` says what to ask."""
    return _add(Organisation(unit=unit), facts, actor, at)


@transaction.atomic
def correct_organisation(
    organisation: Organisation, *, facts: Mapping[str, Any], actor: User | None, at: datetime | None = None
) -> Organisation:
    """Other facts. What isn't named stays; saying the same again writes nothing."""
    return _correct(organisation, facts, actor, at)


@transaction.atomic
def close_organisation(
    organisation: Organisation, *, on: date, actor: User | None, at: datetime | None = None
) -> Organisation:
    """The first day without it. It leaves the register on that day and stays in the database."""
    return _end(organisation, "closed_on", on, actor, at)


@transaction.atomic
def add_resource(unit: Unit, *, facts: Mapping[str, Any], actor: User | None, at: datetime | None = None) -> Resource:
    """Something or somebody that this unit can count on."""
    return _add(Resource(unit=unit), facts, actor, at)


@transaction.atomic
def correct_resource(
    resource: Resource, *, facts: Mapping[str, Any], actor: User | None, at: datetime | None = None
) -> Resource:
    return _correct(resource, facts, actor, at)


@transaction.atomic
def withdraw_resource(resource: Resource, *, on: date, actor: User | None, at: datetime | None = None) -> Resource:
    """The first day on which nobody can count on it any more."""
    return _end(resource, "withdrawn_on", on, actor, at)


def _add[A: Asset](row: A, facts: Mapping[str, Any], actor: User | None, at: datetime | None) -> A:
    check_may_edit(actor, row.unit)
    _check_holder(row.unit)
    _lay_in(row, facts)
    row.changed_at = at or clock.now()
    row.save(force_insert=True)
    return row


def _correct[A: Asset](row: A, facts: Mapping[str, Any], actor: User | None, at: datetime | None) -> A:
    row = _held(row, actor)
    if (unit := facts.get("unit", row.unit)) != row.unit:
        check_may_edit(actor, unit)
        _check_holder(unit)
    if changed := _lay_in(row, facts):
        row.changed_at = at or clock.now()
        row.save(update_fields=[*changed, "changed_at"])
    return row


def _end[A: Asset](row: A, field: str, on: date, actor: User | None, at: datetime | None) -> A:
    at = at or clock.now()
    row = _held(row, actor)
    if getattr(row, field) == on:
        return row
    if getattr(row, field) is not None:
        raise Refused(_("It has gone already."), code="ended")
    if on > timezone.localdate(at):
        raise Refused(_("This day lies ahead. Come back when it is here."), code="ahead", field="on")
    setattr(row, field, on)
    row.changed_at = at
    row.save(update_fields=[field, "changed_at"])
    return row


def _held[A: Asset](row: A, actor: User | None) -> A:
    """The row as it stands now, ours until the transaction ends."""
    held = type(row)._default_manager.select_for_update(of=("self",)).select_related("unit").get(pk=row.pk)
    check_may_edit(actor, held.unit)
    return held  # type: ignore[return-value]


def _check_holder(unit: Unit) -> None:
    if not unit.is_live or unit.kind not in HOLDERS:
        raise Refused(_("Choose a micro-grid, grid, community or sub-district in use."), code="unit", field="unit")


def _lay_in(row: Asset, facts: Mapping[str, Any]) -> list[str]:
    """Set the facts that differ and check the whole row. Returns their names; raises `Refused` beside a field."""
    changed = []
    for name, value in facts.items():
        value = clean_uscc(value) if name == "uscc" else " ".join(value.split()) if isinstance(value, str) else value
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    try:
        row.clean_fields(exclude=["unit", "changed_at"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(" ".join(messages), code="invalid", field=field) from error
    return changed
