"""Zone orders: lockdown, control and precaution (practices 54-56 of the handbook), with rules in plain words.

One order for any number of units. Several may hold over one place, from above or one after the other: the strictest
counts, and all of them are shown. Easing a zone therefore means ending its order and making a lighter one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

import clock
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell_many
from accounts.models import User
from grids.absences import holders_at
from grids.models import Ability, District, Kind, Post, Unit, ZoneOrder
from grids.posts import current, has_ability
from grids.rules import ANCESTOR_COLUMNS, lies_in, touches
from grids.selectors import concerning
from grids.signals import OrderAct, zone_changed

Zone = ZoneOrder.Zone

STRICTEST_FIRST: Final = (Zone.LOCKDOWN, Zone.CONTROL, Zone.PRECAUTION)
_LENGTHS: Final = {"rules": 2000, "rules_en": 4000, "authorised_by": 100}
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """An order that concerns somebody's places, and which of its units those are."""

    order: ZoneOrder
    units: list[Unit]


def zones_at(unit: Unit, at: datetime) -> list[ZoneOrder]:
    """The orders in force over the unit, its own and those from above, the strictest first; that one counts."""
    return [
        standing.order for standing in zones_around([unit], at) if any(lies_in(unit, place) for place in standing.units)
    ]


def zones_around(places: Collection[Unit] | None, at: datetime) -> list[Standing]:
    """The orders in force over any of the places or within them (None: anywhere), the strictest first; two queries."""
    found = []
    for order in in_force(at):
        units = [unit for unit in order.units.all() if touches(unit, places)]
        if units:
            found.append(Standing(order, units))
    return strictest_first(found)


def strictest_first(standing: Iterable[Standing]) -> list[Standing]:
    """The strictest zone first; of two of a kind the newer order."""
    newest_first = sorted(standing, key=lambda each: each.order.starts_at, reverse=True)
    return sorted(newest_first, key=lambda each: STRICTEST_FIRST.index(Zone(each.order.zone)))


def visible_to(user: User) -> QuerySet[ZoneOrder]:
    """The orders that concern where the user works: those within, and those from above."""
    return ZoneOrder.objects.filter(Exists(concerning(user).filter(zone_orders=OuterRef("pk"))))


def in_force(at: datetime) -> QuerySet[ZoneOrder]:
    """The zone orders that hold at that moment, with their units, the newest first."""
    holds = Q(ended_at=None) | Q(ended_at__gt=at)
    return ZoneOrder.objects.filter(holds, starts_at__lte=at).prefetch_related("units")


@transaction.atomic
def order_zone(
    units: Iterable[Unit],
    *,
    actor: User,
    zone: str,
    rules: str,
    authorised_by: str,
    rules_en: str = "",
    starts_at: datetime | None = None,
    at: datetime | None = None,
) -> ZoneOrder:
    """Put units under a zone with one order, at once or from `starts_at`, and tell everybody who works there.

    The same order sent twice is one. Raises `Forbidden` without the right over each unit, `Refused` when words are
    missing or some of the units stand under this very zone already.
    """
    at = at or clock.now()
    units = list({unit.pk: unit for unit in units}.values())
    _check_units(units, actor)
    words = _words(rules, rules_en, authorised_by)
    # One at a time in a district: two people who choose the same forty units make one order, not two.
    District.objects.select_for_update(no_key=True).get(pk=units[0].district_id)
    if others := _standing_under(units, zone):
        return _same_or_refused(others, units, words)
    order = ZoneOrder.objects.create(zone=zone, starts_at=max(starts_at or at, at), made_by=actor, made_at=at, **words)
    order.units.set(units)
    _tell_teams(order, units, OrderAct.ORDERED, at)
    zone_changed.send(sender=ZoneOrder, order=order, act=OrderAct.ORDERED, at=at)
    return order


@transaction.atomic
def end_zone(order: ZoneOrder, *, actor: User, at: datetime | None = None) -> ZoneOrder:
    """Lift the zone now, for all its units; an order that hasn't begun is withdrawn. Ending it twice is once.

    Raises `Forbidden` without the right over each of its units.
    """
    at = at or clock.now()
    order = ZoneOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    units = list(order.units.all())
    _check_right(units, actor)
    if order.ended_at is not None:
        return order
    order.ended_at, order.ended_by = max(at, order.starts_at), actor
    order.save(update_fields=["ended_at", "ended_by"])
    _tell_teams(order, units, OrderAct.ENDED, at)
    zone_changed.send(sender=ZoneOrder, order=order, act=OrderAct.ENDED, at=at)
    return order


def team_of(units: Collection[Unit], at: datetime) -> set[int]:
    """The keys of those who are told: who serves the units, what lies below, or the grids and communities above.

    Whoever stands in is told instead of a holder who is away.
    """
    above = {pk for unit in units for pk in (unit.grid_id, unit.community_id) if pk}
    wanted = Q(unit__in=units) | Q(unit__in=above)
    for column in ANCESTOR_COLUMNS:
        wanted |= Q(**{f"unit__{column}__in": [unit.pk for unit in units]})
    for area in (unit for unit in units if unit.kind == Kind.AREA):
        wanted |= Q(unit__tree_id=area.tree_id, unit__lft__gt=area.lft, unit__rght__lt=area.rght)
    day = timezone.localdate(at)
    posts = current(Post.objects.filter(wanted), day).select_related("user")
    return {holder.user.pk for holder in holders_at(posts, day).values() if holder.user}


def named(units: Sequence[Unit]) -> str:
    """The first few names, and how many there are in all."""
    names = pgettext("between the items of a list", ", ").join(unit.name for unit in units[:_MOST_NAMED])
    if len(units) <= _MOST_NAMED:
        return names
    return _("%(names)s and others, %(count)d in all") % {"names": names, "count": len(units)}


def _tell_teams(order: ZoneOrder, units: Sequence[Unit], act: OrderAct, at: datetime) -> None:
    said = {
        OrderAct.ORDERED: gettext_lazy("{zone} from {moment}: {units}. The rules stand on your page “Today”."),
        OrderAct.ENDED: gettext_lazy("{zone} lifted: {units}."),
    }[act]
    moment = f"{timezone.localtime(order.starts_at):%m-%d %H:%M}"
    text = format_lazy(said, zone=Zone(order.zone).label, moment=moment, units=lazy(named, str)(units))
    url = reverse("zones:zone", args=[order.pk])
    tell_many(team_of(units, at), text, url=url, tone="warning" if act == OrderAct.ORDERED else "info", at=at)


def _standing_under(units: Sequence[Unit], zone: str) -> list[ZoneOrder]:
    """Orders of this zone, in force or to come, that name some of the units."""
    orders = ZoneOrder.objects.filter(zone=zone, ended_at=None, units__in=units).distinct()
    return list(orders.prefetch_related("units"))


def _same_or_refused(others: Sequence[ZoneOrder], units: Sequence[Unit], words: dict[str, str]) -> ZoneOrder:
    """The order that is there when it says the same of the same units; else a refusal that names them."""
    wanted = {unit.pk for unit in units}
    for other in others:
        same = all(getattr(other, field) == text for field, text in words.items())
        if same and wanted == {unit.pk for unit in other.units.all()}:
            return other
    taken = {unit.pk for other in others for unit in other.units.all()}
    twice = [unit for unit in units if unit.pk in taken]
    raise Refused(
        _("Under this zone already: %(units)s. Leave them out, or end that order first.") % {"units": named(twice)},
        code="overlap",
        field="units",
    )


def _check_units(units: Sequence[Unit], actor: User) -> None:
    if not units:
        raise Refused(_("Choose at least one unit."), code="units_missing", field="units")
    _check_right(units, actor)
    wrong = [unit for unit in units if unit.kind == Kind.HOUSEHOLD or not unit.is_live]
    if wrong:
        raise Refused(
            _("Not possible for single doors and for retired units: %(units)s.") % {"units": named(wrong)},
            code="kind",
            field="units",
        )


def _check_right(units: Iterable[Unit], actor: User) -> None:
    if not all(has_ability(actor, Ability.ORDER_MODE, unit) for unit in units):
        raise Forbidden(_("No post of yours lets you order emergencies and zones here."), code="forbidden")


def _words(rules: str, rules_en: str, authorised_by: str) -> dict[str, str]:
    """The words of an order as they are kept; refuses what is missing or too long."""
    words = {"rules": rules, "rules_en": rules_en, "authorised_by": " ".join(authorised_by.split())}
    words = {field: text.replace("\r\n", "\n").strip() for field, text in words.items()}
    for field, most in _LENGTHS.items():
        if len(words[field]) > most:
            raise Refused(_("Too long: at most %(limit)d characters.") % {"limit": most}, code="long", field=field)
    if not words["rules"]:
        raise Refused(_("Say the rules in plain words: they are shown to everybody."), code="rules", field="rules")
    if not words["authorised_by"]:
        raise Refused(_("Say who authorised the order."), code="authorised_missing", field="authorised_by")
    return words
