"""Organisations and resources: adding, correcting, closing. One set of views serves both registers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access_log import Act, record_access
from accounts.errors import Refused
from accounts.models import User
from accounts.requests import UserRequest, network_address
from grids.models import Ability, Unit
from grids.views.access import for_holders_of
from households.forms.assets import EndForm, OrganisationForm, ResourceForm
from households.models import ExportRequest, Organisation, Resource
from households.registers.areas import Area, may, within
from households.selectors import LINE
from households.services import assets
from households.services.assets import HOLDERS, Asset
from households.uscc import doubts_about
from households.views.areas import area_asked


@dataclass(frozen=True, slots=True)
class Desk:
    """What the two registers differ in."""

    model: type[Asset]
    form: Callable[..., Any]
    add: Callable[..., Asset]
    correct: Callable[..., Asset]
    end: Callable[..., Asset]
    adding: Promise
    ending: Promise
    end_said: Promise
    end_view: str


DESKS: Final = {
    ExportRequest.Register.ORGANISATIONS: Desk(
        Organisation,
        OrganisationForm,
        assets.add_organisation,
        assets.correct_organisation,
        assets.close_organisation,
        adding=gettext_lazy("Add an organisation"),
        ending=pgettext_lazy("an organisation", "Close"),
        end_said=gettext_lazy("Closed: %(name)s."),
        end_view="households:close_organisation",
    ),
    ExportRequest.Register.RESOURCES: Desk(
        Resource,
        ResourceForm,
        assets.add_resource,
        assets.correct_resource,
        assets.withdraw_resource,
        adding=gettext_lazy("Add a resource"),
        ending=gettext_lazy("Withdraw"),
        end_said=gettext_lazy("Withdrawn: %(name)s."),
        end_view="households:withdraw_resource",
    ),
}


@never_cache
@for_holders_of(Ability.EDIT_REGISTER)
@require_http_methods(["GET", "POST"])
def add(request: UserRequest, register: str) -> HttpResponse:
    """A new row in the unit of the register that one came from (`?unit=`), or below it."""
    desk, area = DESKS[ExportRequest.Register(register)], area_asked(request, Ability.EDIT_REGISTER)
    form = desk.form(request.POST or None, units=_units(area))

    def act() -> Asset:
        facts = form.facts()
        return desk.add(facts.pop("unit"), facts=facts, actor=request.user)

    if (made := _carried_out(form, act)) is not None:
        return _done(request, register, made, _("Added: %(name)s."))
    return _page(request, form, register, area, {"heading": desk.adding, "act": _("Add")})


@never_cache
@for_holders_of(Ability.EDIT_REGISTER)
@require_http_methods(["GET", "POST"])
def edit(request: UserRequest, register: str, pk: int) -> HttpResponse:
    """Other facts. The page shows the contact's phone in full, so opening it is logged."""
    desk = DESKS[ExportRequest.Register(register)]
    row = _row_or_404(desk.model, pk, request.user)
    form = desk.form(request.POST or None, instance=row, units=_units(_top(row, request.user)))
    changed = _carried_out(form, lambda: desk.correct(row, facts=form.facts(), actor=request.user))
    if changed is not None:
        return _done(request, register, changed, _("Saved: %(name)s."))
    _log_look(request, row)
    context = {
        "heading": row.name,
        "act": _("Save"),
        "end_view": desk.end_view,
        "ending": desk.ending,
        "row": row,
        "doubt": doubts_about(row.uscc) if isinstance(row, Organisation) else "",
    }
    return _page(request, form, register, row.unit, context)


@never_cache
@for_holders_of(Ability.EDIT_REGISTER)
@require_http_methods(["GET", "POST"])
def end(request: UserRequest, register: str, pk: int) -> HttpResponse:
    """The first day without it: it closed, or nobody can count on it any more."""
    desk = DESKS[ExportRequest.Register(register)]
    row = _row_or_404(desk.model, pk, request.user)
    form = EndForm(request.POST or None)
    ended = _carried_out(form, lambda: desk.end(row, on=form.cleaned_data["on"], actor=request.user))
    if ended is not None:
        return _done(request, register, ended, str(desk.end_said))
    heading = _("%(act)s: %(name)s") % {"act": desk.ending, "name": row.name}
    context = {"heading": heading, "act": desk.ending, "is_ending": True}
    return _page(request, form, register, row.unit, context)


def _row_or_404[A: Asset](model: type[A], pk: int, user: User) -> A:
    """A row of a unit whose register the user keeps. A foreign one and a missing one answer alike."""
    rows = model._default_manager.select_related(*(f"unit__{step}" for step in LINE))
    row: Any = rows.filter(pk=pk).first()
    if row is None or not may(user, Ability.EDIT_REGISTER, row.unit):
        raise Http404
    return cast(A, row)


def _units(area: Area) -> QuerySet[Unit]:
    """Where a row of the area may belong: the area and the tiers below it, doors left out."""
    units = Unit.objects.filter(within(area, ""), kind__in=HOLDERS, retired_at=None)
    return units.order_by("street__code", "lft")


def _top(row: Asset, user: User) -> Area:
    """The widest area of the user's own that the row lies in: it can be moved within that."""
    return next(step for step in row.unit.path if may(user, Ability.EDIT_REGISTER, step))


def _carried_out[A: Asset](form: forms.BaseForm, act: Callable[[], A]) -> A | None:
    """What `act` returns for a form that was sent and is valid; None when it isn't, or when the rules refuse."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None


def _done(request: UserRequest, register: str, row: Asset, said: str) -> HttpResponse:
    """Say so, with what is odd about its code, and lead back to the register of its unit."""
    messages.success(request, said % {"name": row.name})
    if isinstance(row, Organisation) and row.closed_on is None and (doubt := doubts_about(row.uscc)):
        messages.warning(request, doubt)
    return redirect(f"{reverse('households:register', args=[register])}?unit={row.unit.code}")


@transaction.atomic
def _log_look(request: UserRequest, row: Asset) -> None:
    if row.contact_phone:
        record_access(
            request.user,
            act=Act.REVEAL,
            subject=row._meta.model_name or "",
            subject_id=row.pk,
            what="contact_phone",
            unit_code=row.unit.code[:22],
            is_own_area=True,
            address=network_address(request),
        )


def _page(
    request: UserRequest, form: forms.BaseForm, register: str, area: Area, context: dict[str, Any]
) -> HttpResponse:
    everything = {"form": form, "register": register, "area": area, **context}
    return render(request, "households/registers/asset.html", everything, status=422 if form.is_bound else 200)
