"""Emergency orders: which hold, and ordering, renewing and ending one. Each act first says what it changes."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

import clock
from accounts.kept_forms import keeps_form
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.forms.modes import EmergencyForm, RenewForm
from dispatch.mode_orders import open_in
from dispatch.overview.mode_change import differences
from grids import modes
from grids.models import Ability, Kind, OperationMode, Unit
from grids.posts import has_ability, places_of
from grids.selectors import visible_to, with_line
from grids.views.changes import bound, carried_out

USUAL_LENGTH = timedelta(hours=24)
"""What the forms propose; a day is long enough to meet and decide again."""


@login_required
@require_GET
def mode_list(request: UserRequest) -> HttpResponse:
    """The orders that concern where the user works: those that hold or are to come, then those that are over."""
    at = clock.now()
    known = modes.visible_to(request.user).select_related("unit", "made_by", "ended_by", "renewed_by")
    is_over = Q(ended_at__lte=at) | Q(ends_at__lte=at) | Q(ended_at__isnull=False, starts_at__gte=at)
    over = known.filter(is_over)
    context = {
        "at": at,
        "orders": [_row(order, request.user, at) for order in known.exclude(is_over).order_by("starts_at", "pk")],
        "page": page_of(request, over, over.count()),
        "may_order": has_ability(request.user, Ability.ORDER_MODE),
    }
    return render(request, "dispatch/modes/list.html", context)


@keeps_form
@require_http_methods(["GET", "POST"])
def order(request: UserRequest) -> HttpResponse:
    """An emergency order: the form, then a page that says what it changes, then the order itself."""
    if not has_ability(request.user, Ability.ORDER_MODE):
        raise PermissionDenied(_("No post of yours lets you order emergencies and zones here."))
    code = request.GET.get("unit", "")
    units = _units(request.user, code)
    form = bound(request, EmergencyForm, units=units)
    if not form.is_bound:
        chosen = next((unit.pk for unit in units if unit.code == code), None)
        form.initial = {"unit": chosen, "ends_at": clock.now() + USUAL_LENGTH, **form.initial}
    if form.is_bound and form.is_valid() and "confirmed" not in request.POST:
        return render(request, "dispatch/modes/confirm.html", _changes(form, form.cleaned_data))

    def act(form: EmergencyForm) -> OperationMode:
        return modes.order_emergency(actor=request.user, **form.cleaned_data)

    if made := carried_out(form, act):
        messages.success(request, _("Emergency mode ordered: %(unit)s.") % {"unit": made.unit.name})
        return redirect("modes:list")
    context = {"form": form, "heading": _("Order an emergency"), "act": _("See what changes")}
    return render(request, "dispatch/modes/form.html", context, status=422 if form.is_bound else 200)


@keeps_form
@require_http_methods(["GET", "POST"])
def renew(request: UserRequest, pk: int) -> HttpResponse:
    """Another stretch of time for an order, behind the present one."""
    order = _own_or_404(request.user, pk)
    form = bound(request, RenewForm)
    if not form.is_bound:
        usual = {"until": order.ends_at + USUAL_LENGTH, "authorised_by": order.authorised_by}
        form.initial = {**usual, **form.initial}

    def act(form: RenewForm) -> OperationMode:
        return modes.renew_mode(order, actor=request.user, **form.cleaned_data)

    if carried_out(form, act):
        messages.success(request, _("Renewed: %(unit)s.") % {"unit": order.unit.name})
        return redirect("modes:list")
    context = {"form": form, "order": order, "heading": _("Renew the emergency"), "act": _("Renew")}
    return render(request, "dispatch/modes/form.html", context, status=422 if form.is_bound else 200)


@keeps_form
@require_http_methods(["GET", "POST"])
def end(request: UserRequest, pk: int) -> HttpResponse:
    """Back to normal days before the time; the page first says what that means."""
    order = _own_or_404(request.user, pk)
    if request.method == "POST":
        modes.end_mode(order, actor=request.user)
        messages.success(request, _("Ended: %(unit)s is back to normal.") % {"unit": order.unit.name})
        return redirect("modes:list")
    context = {"order": order, "open": open_in(order.unit).count(), "differences": differences(), "at": clock.now()}
    return render(request, "dispatch/modes/end.html", context)


def _changes(form: Form, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the order would change, for the page that asks whether it is meant."""
    unit, at = wanted["unit"], clock.now()
    return {
        "form": form,
        "wanted": wanted,
        "open": open_in(unit).count(),
        "differences": differences(),
        "others": [other for other in modes.orders_around([unit], at) if other.unit_id != unit.pk],
    }


def _row(order: OperationMode, user: User, at: datetime) -> dict[str, Any]:
    may = has_ability(user, Ability.ORDER_MODE, order.unit)
    return {
        "order": order,
        "holds": order.holds_at(at),
        "may_end": may,
        "may_renew": may and not hasattr(order, "renewed_by"),
    }


def _units(user: User, code: str) -> QuerySet[Unit]:
    """What can be chosen: the user's streets, areas and communities, and the unit that the address names."""
    wanted = Q(kind__in=[Kind.STREET, Kind.AREA, Kind.COMMUNITY])
    if code.isdigit():
        wanted |= Q(code=code) & ~Q(kind=Kind.HOUSEHOLD)
    units = visible_to(user).filter(wanted, retired_at=None)
    own = places_of(user, Ability.ORDER_MODE)
    if own is not None:
        units = units.filter(street__in={place.street_id for place in own})
    return with_line(units).order_by("tree_id", "lft")


def _own_or_404(user: User, pk: int) -> OperationMode:
    """An order over which the user has the right; 404 for one that doesn't concern them, 403 for one they only see."""
    order = modes.visible_to(user).filter(pk=pk).select_related("unit").first()
    if order is None:
        raise Http404
    if not has_ability(user, Ability.ORDER_MODE, order.unit):
        raise PermissionDenied(_("No post of yours lets you order emergencies and zones here."))
    return order
