"""Zone orders: which hold, choosing units for a new one in the tree, and lifting one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

import clock
from accounts.kept_forms import keeps_form
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from grids import zones
from grids.models import Ability, Kind, Unit, ZoneOrder
from grids.posts import has_ability
from grids.selectors import children, home_units, visible_to, with_line
from grids.views.access import for_holders_of, unit_for
from grids.views.changes import bound, carried_out
from grids.zone_forms import ChooseForm, ZoneForm
from grids.zones import Zone

MOST_UNITS = 200
"""So many codes fit into an address; whoever means more chooses the grid or the community above them."""


@login_required
@require_GET
def zone_list(request: UserRequest) -> HttpResponse:
    """The orders that concern where the user works: those that hold or are to come, then those that are over."""
    visible = zones.visible_to(request.user).select_related("made_by").prefetch_related("units")
    over = visible.exclude(ended_at=None).order_by("-ended_at", "-pk")
    context = {
        "at": clock.now(),
        "standing": visible.filter(ended_at=None).order_by("zone", "-starts_at"),
        "page": page_of(request, over, over.count()),
        "may_order": has_ability(request.user, Ability.ORDER_MODE),
    }
    return render(request, "grids/zones/list.html", context)


@login_required
@require_GET
def zone(request: UserRequest, pk: int) -> HttpResponse:
    """One order: the rules, the units, who gave it and who ended it."""
    order = _order_or_404(request.user, pk)
    units = list(with_line(order.units.all()).order_by("tree_id", "lft"))
    may_end = order.ended_at is None and all(_may(request.user, unit) for unit in units)
    context = {"order": order, "units": units, "may_end": may_end, "at": clock.now()}
    return render(request, "grids/zones/zone.html", context)


@for_holders_of(Ability.ORDER_MODE)
@require_GET
def choose(request: UserRequest) -> HttpResponse:
    """The tree, to tick units in: what was ticked elsewhere (`?unit=CODE`) is carried along in the form."""
    code = request.GET.get("at", "")
    shown = unit_for(request.user, code, Ability.ORDER_MODE) if code.isdigit() else None
    rows = _rows(request.user, shown)
    here = {unit.pk for unit, _below in rows} | {unit.pk for _unit, below in rows for unit in below}
    chosen = list(_chosen(request))
    context = {
        "form": ChooseForm(initial={"zone": request.GET.get("zone", Zone.LOCKDOWN)}),
        "shown": shown,
        "above": shown.parent if shown and shown.parent and _may(request.user, shown.parent) else None,
        "rows": rows,
        "chosen": {unit.pk for unit in chosen},
        "elsewhere": [unit for unit in chosen if unit.pk not in here],
    }
    return render(request, "grids/zones/choose.html", context)


@keeps_form
@require_http_methods(["GET", "POST"])
def order(request: UserRequest) -> HttpResponse:
    """The rules for the units chosen; sending them gives the order."""
    units, wanted = list(_chosen(request)), request.GET.get("zone", "")
    if not units or wanted not in Zone.values or len(units) > MOST_UNITS:
        messages.error(request, _("Choose a zone and between 1 and %(most)d units.") % {"most": MOST_UNITS})
        return redirect("zones:choose")
    form = bound(request, ZoneForm, zone=Zone(wanted))

    def act(form: ZoneForm) -> ZoneOrder:
        return zones.order_zone(units, actor=request.user, zone=wanted, **form.cleaned_data)

    if made := carried_out(form, act):
        said = ngettext("%(zone)s ordered for %(count)d unit.", "%(zone)s ordered for %(count)d units.", len(units))
        messages.success(request, said % {"zone": Zone(wanted).label, "count": len(units)})
        return redirect("zones:zone", made.pk)
    context = {"form": form, "units": units, "zone": Zone(wanted), "told": len(zones.team_of(units, clock.now()))}
    return render(request, "grids/zones/order.html", context, status=422 if form.is_bound else 200)


@keeps_form
@require_http_methods(["GET", "POST"])
def end(request: UserRequest, pk: int) -> HttpResponse:
    """Lift a zone; the page first says for which units."""
    order = _order_or_404(request.user, pk)
    units = list(with_line(order.units.all()).order_by("tree_id", "lft"))
    if not all(_may(request.user, unit) for unit in units):
        raise PermissionDenied(_("No post of yours lets you order emergencies and zones here."))
    if request.method == "POST":
        zones.end_zone(order, actor=request.user)
        messages.success(request, _("Lifted: %(zone)s.") % {"zone": order.get_zone_display()})
        return redirect("zones:zone", order.pk)
    context = {"order": order, "units": units, "told": len(zones.team_of(units, clock.now()))}
    return render(request, "grids/zones/end.html", context)


def _may(user: User, unit: Unit) -> bool:
    return has_ability(user, Ability.ORDER_MODE, unit)


def _order_or_404(user: User, pk: int) -> ZoneOrder:
    order = zones.visible_to(user).filter(pk=pk).select_related("made_by", "ended_by").first()
    if order is None:
        raise Http404
    return order


def _chosen(request: UserRequest) -> QuerySet[Unit]:
    """The units that the address names and the user may see."""
    codes = [code for code in request.GET.getlist("unit") if code.isdigit()][: MOST_UNITS + 1]
    found = visible_to(request.user).filter(code__in=codes, retired_at=None).exclude(kind=Kind.HOUSEHOLD)
    return with_line(found).order_by("tree_id", "lft")


def _rows(user: User, shown: Unit | None) -> list[tuple[Unit, list[Unit]]]:
    """What can be ticked on this step: the units below the one shown, those of a community with their micro-grids."""
    if shown is None:
        return [(unit, []) for unit in home_units(user) if _may(user, unit)]
    if shown.kind != Kind.COMMUNITY:
        return [(unit, []) for unit in children(shown) if unit.kind != Kind.HOUSEHOLD]
    below = Unit.objects.filter(community=shown, kind=Kind.MICRO_GRID, retired_at=None).order_by("lft")
    by_grid: dict[int | None, list[Unit]] = {}
    for unit in below:
        by_grid.setdefault(unit.grid_id, []).append(unit)
    return [(grid, by_grid.get(grid.pk, [])) for grid in children(shown)]
