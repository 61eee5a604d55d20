"""Giving places their codes: made when a sheet is printed, renewed, withdrawn."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.models import Ability, Kind, Unit
from grids.posts import has_ability
from public.codes import new_code
from public.models import PlaceCode

CODED: Final = (Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID)
"""The tiers that have codes of their own: never a household, for a sheet at a door would name who lives there."""


def place_of(code: str) -> PlaceCode | None:
    """The valid code with its place; None for a wrong, ended or never given one alike."""
    if not code:
        return None
    valid = PlaceCode.objects.filter(code=code, ended_at=None)
    return valid.select_related("unit__street", "unit__community", "unit__grid", "unit__micro_grid").first()


def live_place(unit: Unit) -> Unit:
    """Where a report goes whose sheet still hangs at a retired place: the nearest place above that is in use."""
    return next((place for place in reversed(unit.path) if place.is_live), unit)


@transaction.atomic
def give_codes(units: Collection[Unit], *, actor: User, at: datetime | None = None) -> int:
    """Give each of these that has no valid code one; returns how many are new. Repeated, it changes nothing."""
    for unit in units:
        _check(unit, actor)
    # The units are locked in the order of their keys: two people who print the same sheets wait for each other.
    locked = Unit.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    lacking = locked.filter(pk__in=[unit.pk for unit in units]).exclude(place_codes__in=_valid())
    rows = [_new(unit, actor, at or clock.now()) for unit in lacking]
    PlaceCode.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def renew_code(unit: Unit, *, actor: User, replaces: str = "", at: datetime | None = None) -> PlaceCode:
    """End the place's code and give it a new one: the old sheets lead nowhere from now on.

    `replaces` is the code that the reader saw: the same form sent twice renews once.
    """
    _check(unit, actor)
    present = _present(unit)
    if present is not None and replaces and present.code != replaces:
        return present
    at = at or clock.now()
    if present is not None:
        _end(present, actor, at)
    row = _new(unit, actor, at)
    row.save()
    return row


@transaction.atomic
def withdraw_code(unit: Unit, *, actor: User, at: datetime | None = None) -> None:
    """End the place's code without a new one. Without a valid code nothing changes."""
    _check_right(unit, actor)
    present = _present(unit)
    if present is not None:
        _end(present, actor, at or clock.now())


def units_of_sheet(community: Unit) -> QuerySet[Unit]:
    """The places of a community's sheets, the community first, in the order of their codes; with `valid_codes`."""
    below = Unit.objects.filter(community=community, kind__in=CODED, retired_at=None)
    codes = Prefetch("place_codes", queryset=_valid(), to_attr="valid_codes")
    return below.select_related("street", "community", "grid", "micro_grid").prefetch_related(codes).order_by("code")


def _valid() -> QuerySet[PlaceCode]:
    return PlaceCode.objects.filter(ended_at=None)


def _present(unit: Unit) -> PlaceCode | None:
    """The place's valid code; the place is locked, since it may have none to lock."""
    Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    return _valid().filter(unit=unit).first()


def _new(unit: Unit, actor: User, at: datetime) -> PlaceCode:
    return PlaceCode(unit=unit, code=new_code(), made_at=at, made_by=actor)


def _end(code: PlaceCode, actor: User, at: datetime) -> None:
    code.ended_at, code.ended_by = at, actor
    code.save(update_fields=["ended_at", "ended_by"])


def _check(unit: Unit, actor: User) -> None:
    _check_right(unit, actor)
    if unit.kind not in CODED or not unit.is_live:
        raise Refused(_("Only communities, grids and micro-grids in use have a code."), code="unit")


def _check_right(unit: Unit, actor: User) -> None:
    if not has_ability(actor, Ability.MANAGE_TREE, unit):
        raise Forbidden(_("Codes are given by whoever manages the tree of this place."), code="no_right")


def with_code(units: Iterable[Unit]) -> list[tuple[Unit, PlaceCode | None]]:
    """Each unit of `units_of_sheet` with its valid code."""
    return [(unit, next(iter(unit.valid_codes), None)) for unit in units]
