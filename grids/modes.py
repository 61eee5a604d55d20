"""Emergency orders: under which mode a place stands, and the acts that order, renew and end an emergency.

An order is history from the moment it is written. It is never edited; ending one earlier writes who and when beside it,
renewing one writes a new order that begins where the old one ends (practice 57 of the handbook).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.absences import holders_at
from grids.models import Ability, Kind, Mode, OperationMode, Post, Unit
from grids.posts import current, has_ability, post_for
from grids.rules import lies_in, touches
from grids.selectors import concerning
from grids.signals import OrderAct, mode_changed

LONGEST: Final = timedelta(days=30)
"""An order runs out by itself; whoever needs it longer says so again. The length is the product's own proposal."""
_JUST_NOW: Final = timedelta(minutes=15)
"""A beginning that went by while somebody read the confirmation counts as now; an older one would rewrite the past."""
_LENGTHS: Final = {"scenario": 60, "authorised_by": 100, "reason": 500}


def mode_at(unit: Unit, at: datetime) -> Mode:
    """Emergency when an order for the unit, or for anything above it, is in force at that moment; one query."""
    return modes_of([unit], at)[unit.pk]


def modes_of(units: Iterable[Unit], at: datetime) -> dict[int, Mode]:
    """The mode of each unit, by its key; one query for all of them."""
    units = list(units)
    places = [order.unit for order in orders_in_force(at)]
    return {unit.pk: Mode.EMERGENCY if any(lies_in(unit, place) for place in places) else Mode.NORMAL for unit in units}


def orders_in_force(at: datetime) -> QuerySet[OperationMode]:
    """The emergency orders that hold at that moment, each with its unit."""
    return OperationMode.objects.filter(_ends_after(at), starts_at__lte=at).select_related("unit").order_by("pk")


def orders_over(unit: Unit, at: datetime) -> list[OperationMode]:
    """The orders in force that put this unit into emergency mode: its own and those from above."""
    return [order for order in orders_in_force(at) if lies_in(unit, order.unit)]


def orders_around(places: Iterable[Unit] | None, at: datetime) -> list[OperationMode]:
    """The orders in force over any of the places or within them (None: anywhere); one query."""
    places = None if places is None else list(places)
    return [order for order in orders_in_force(at) if touches(order.unit, places)]


def visible_to(user: User) -> QuerySet[OperationMode]:
    """The orders that concern where the user works: those within, and those from above."""
    return OperationMode.objects.filter(unit__in=concerning(user))


def expired_unrenewed(since: datetime, until: datetime) -> QuerySet[OperationMode]:
    """Orders that run out, or ran out, by themselves in (since, until] with no renewal behind them."""
    renewed = Exists(OperationMode.objects.filter(renews=OuterRef("pk")).exclude(ended_at=F("starts_at")))
    due = OperationMode.objects.filter(~renewed, ended_at=None, ends_at__gt=since, ends_at__lte=until)
    return due.select_related("unit__street", "made_by").order_by("ends_at", "pk")


def room_of(order: OperationMode, at: datetime) -> set[int]:
    """The keys of the users of the room that gave the order: those who may give orders where its maker's post is.

    The street's own, when the maker holds no such post any more.
    """
    day = timezone.localdate(at)
    post = post_for(order.made_by, Ability.ORDER_MODE, order.unit, on=day)
    place = Q(unit=order.unit.street_id)
    if post is not None:
        place = Q(unit=post.unit_id, district=post.district_id)
    posts = current(Post.objects.filter(place, role__abilities__contains=[Ability.ORDER_MODE]), day)
    return {holder.user.pk for holder in holders_at(posts.select_related("user"), day).values() if holder.user}


@transaction.atomic
def order_emergency(
    unit: Unit,
    *,
    actor: User,
    scenario: str,
    authorised_by: str,
    ends_at: datetime,
    starts_at: datetime | None = None,
    reason: str = "",
    applies_to_open: bool = False,
    at: datetime | None = None,
) -> OperationMode:
    """Put the unit, with all that lies below it, into emergency mode from `starts_at` (at once unless told).

    The same order sent twice is one order. Raises `Forbidden` without the right over the unit, `Refused` when the facts
    make no sense or another order for this unit holds in that time.
    """
    at = at or clock.now()
    starts_at = starts_at or at
    _check_right(actor, unit)
    _check_place(unit)
    if starts_at < at - _JUST_NOW:
        raise Refused(_("An order can't begin in the past. Leave it empty: at once."), code="past", field="starts_at")
    order = OperationMode(
        unit=unit,
        starts_at=max(starts_at, at),
        ends_at=ends_at,
        applies_to_open=applies_to_open,
        made_by=actor,
        made_at=at,
        **_words(scenario, authorised_by, reason),
    )
    return _write(order, OrderAct.ORDERED, at)


@transaction.atomic
def renew_mode(
    order: OperationMode,
    *,
    actor: User,
    until: datetime,
    authorised_by: str,
    reason: str = "",
    at: datetime | None = None,
) -> OperationMode:
    """Let the emergency go on `until` then: a new order, which begins where this one ends.

    Renewing until the same moment again returns the renewal that is there. Raises as `order_emergency`, and `Refused`
    when the order is over: what has run out is ordered anew.
    """
    at = at or clock.now()
    order = _locked(order)
    _check_right(actor, order.unit)
    if order.ended_at is not None or order.ends_at <= at:
        raise Refused(_("This order is over. Make a new one."), code="over")
    if renewal := OperationMode.objects.filter(renews=order).first():
        if renewal.ends_at == until and renewal.ended_at is None:
            return renewal
        raise Refused(_("This order has been renewed already: %(order)s.") % {"order": _said(renewal)}, code="renewed")
    renewal = OperationMode(
        unit=order.unit,
        starts_at=order.ends_at,
        ends_at=until,
        renews=order,
        made_by=actor,
        made_at=at,
        **_words(order.scenario, authorised_by, reason),
    )
    return _write(renewal, OrderAct.RENEWED, at)


@transaction.atomic
def end_mode(order: OperationMode, *, actor: User, at: datetime | None = None) -> OperationMode:
    """End the emergency now, with the renewals that were to follow; an order that hasn't begun is withdrawn.

    A withdrawn order ends where it was to begin: it never holds. Ending what somebody has ended changes nothing.
    Raises `Forbidden` without the right over the unit, `Refused` when the order has run out by itself.
    """
    at = at or clock.now()
    order = _locked(order)
    _check_right(actor, order.unit)
    if order.ended_at is not None:
        return order
    if order.ends_at <= at:
        raise Refused(_("This order has run out already."), code="over")
    link: OperationMode | None = order
    while link is not None:
        link.ended_at, link.ended_by = max(at, link.starts_at), actor
        link.save(update_fields=["ended_at", "ended_by"])
        link = OperationMode.objects.select_for_update(no_key=True).filter(renews=link, ended_at=None).first()
    mode_changed.send(sender=OperationMode, order=order, act=OrderAct.ENDED, at=at)
    return order


def _write(order: OperationMode, act: OrderAct, at: datetime) -> OperationMode:
    """Save a new order unless it, or another one for this unit, is there; the constraint has the last word."""
    if not order.starts_at < order.ends_at:
        raise Refused(_("The order must end after it begins."), code="order", field="ends_at")
    if order.ends_at - order.starts_at > LONGEST:
        raise Refused(
            _("At most %(days)d days at a time. Renew the order when it is needed longer.") % {"days": LONGEST.days},
            code="too_long",
            field="ends_at",
        )
    if other := _overlapping(order):
        return _same_or_refused(order, other)
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError:
        other = _overlapping(order)  # somebody was quicker, and is through now
        if other is None:
            raise
        return _same_or_refused(order, other)
    mode_changed.send(sender=OperationMode, order=order, act=act, at=at)
    return order


def _overlapping(order: OperationMode) -> OperationMode | None:
    orders = OperationMode.objects.filter(_ends_after(order.starts_at), unit=order.unit_id, starts_at__lt=order.ends_at)
    return orders.exclude(ended_at=F("starts_at")).select_related("unit").order_by("starts_at").first()


def _ends_after(moment: datetime) -> Q:
    return Q(ended_at__gt=moment) | Q(ended_at=None, ends_at__gt=moment)


def _same_or_refused(order: OperationMode, other: OperationMode) -> OperationMode:
    """The order that is there when it says the same; else a refusal that names it."""
    same = ("scenario", "authorised_by", "reason", "ends_at", "applies_to_open", "made_by_id", "renews_id")
    if all(getattr(order, fact) == getattr(other, fact) for fact in same):
        return other
    raise Refused(
        _("Another order for %(unit)s holds in that time: %(order)s. End or renew that one.")
        % {"unit": other.unit.name, "order": _said(other)},
        code="overlap",
    )


def _said(order: OperationMode) -> str:
    """An order in a few words: what for, from when until when."""
    first, last = (f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" for moment in (order.starts_at, order.until))
    return f"{order.scenario} {first} – {last}"


def _locked(order: OperationMode) -> OperationMode:
    return OperationMode.objects.select_related("unit").select_for_update(of=("self",), no_key=True).get(pk=order.pk)


def _check_right(actor: User, unit: Unit) -> None:
    if not has_ability(actor, Ability.ORDER_MODE, unit):
        raise Forbidden(_("No post of yours lets you order emergencies and zones here."), code="forbidden")


def _check_place(unit: Unit) -> None:
    if unit.kind == Kind.HOUSEHOLD:
        raise Refused(_("An order is for a micro-grid or more, not for one door."), code="kind", field="unit")
    if not unit.is_live:
        raise Refused(_("%(name)s is retired.") % {"name": unit.name}, code="retired", field="unit")


def _words(scenario: str, authorised_by: str, reason: str) -> dict[str, str]:
    """The words of an order as they are kept; refuses what is missing or too long."""
    words = {"scenario": scenario, "authorised_by": authorised_by, "reason": reason}
    words = {field: " ".join(text.split()) for field, text in words.items()}
    for field, most in _LENGTHS.items():
        if len(words[field]) > most:
            raise Refused(_("Too long: at most %(limit)d characters.") % {"limit": most}, code="long", field=field)
    if not words["scenario"]:
        raise Refused(_("Say what the emergency is about."), code="scenario_missing", field="scenario")
    if not words["authorised_by"]:
        raise Refused(_("Say who authorised the order."), code="authorised_missing", field="authorised_by")
    return words
