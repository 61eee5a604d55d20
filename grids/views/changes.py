"""Changing the tree: add, edit, move, retire. One form a page; the rules answer beside its fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form, take_kept_form
from accounts.requests import UserRequest
from grids import selectors, tree
from grids.forms import AddForm, AddStreetForm, EditForm, MoveForm, RetireForm
from grids.models import Ability, District, Unit
from grids.rules import CHILD_KINDS
from grids.views.access import manages_district, unit_for
from grids.views.pages import trail_to

MakeForm = Callable[..., forms.Form]


@keeps_form
@require_http_methods(["GET", "POST"])
def add(request: UserRequest, code: str) -> HttpResponse:
    """A new unit below this one."""
    parent = unit_for(request.user, code, Ability.MANAGE_TREE)
    form = bound(request, AddForm, parent=parent)

    def act(form: AddForm) -> Unit:
        return tree.add_unit(parent, actor=request.user, reason=form.cleaned_data["reason"], **form.facts())

    if made := carried_out(form, act):
        messages.success(request, _("Added: %(name)s, %(code)s.") % {"name": made.name, "code": made.code})
        return redirect("grids:unit", code=parent.code)
    context = {"heading": _("Add a unit"), "act": _("Add"), "takes_none": not CHILD_KINDS[parent.kind]}
    return page(request, "grids/change.html", form, parent, context)


@keeps_form
@require_http_methods(["GET", "POST"])
def add_street(request: UserRequest) -> HttpResponse:
    """A new street, with a tree of its own."""
    if not manages_district(request.user):
        raise PermissionDenied(_("No post of yours lets you do this here."))
    district = District.objects.get()  # a deployment serves one
    form = bound(request, AddStreetForm)

    def act(form: AddStreetForm) -> Unit:
        return tree.add_street(district, actor=request.user, **form.cleaned_data)

    if made := carried_out(form, act):
        messages.success(request, _("Added: %(name)s, %(code)s.") % {"name": made.name, "code": made.code})
        return redirect("grids:unit", code=made.code)
    context = {"form": form, "heading": _("Add a sub-district"), "act": _("Add"), "district": district}
    return render(request, "grids/change.html", context, status=422 if form.is_bound else 200)


@keeps_form
@require_http_methods(["GET", "POST"])
def edit(request: UserRequest, code: str) -> HttpResponse:
    """Other facts for this unit."""
    unit = unit_for(request.user, code, Ability.MANAGE_TREE)
    form = bound(request, EditForm, unit=unit)

    def act(form: EditForm) -> Unit:
        return tree.edit_unit(unit, actor=request.user, reason=form.cleaned_data["reason"], **form.facts())

    if carried_out(form, act):
        messages.success(request, _("Saved."))
        return redirect("grids:unit", code=unit.code)
    return page(request, "grids/change.html", form, unit, {"heading": _("Change a unit"), "act": _("Save")})


@keeps_form
@require_http_methods(["GET", "POST"])
def move(request: UserRequest, code: str) -> HttpResponse:
    """Another place for this unit, with everything below it."""
    unit = unit_for(request.user, code, Ability.MANAGE_TREE)
    form = bound(request, MoveForm, unit=unit, user=request.user)

    def act(form: MoveForm) -> Unit:
        typed = form.cleaned_data
        return tree.move_unit(unit, parent=typed["parent"], actor=request.user, reason=typed["reason"])

    if moved := carried_out(form, act):
        messages.success(request, _("Moved to %(place)s.") % {"place": moved.parent})
        return redirect("grids:unit", code=unit.code)
    context = {"heading": _("Move a unit"), "act": _("Move")}
    return page(request, "grids/move.html", form, unit, context)


@keeps_form
@require_http_methods(["GET", "POST"])
def retire(request: UserRequest, code: str) -> HttpResponse:
    """Take this unit out of use: the page first says what that means, and what stands in the way."""
    unit = unit_for(request.user, code, Ability.MANAGE_TREE)
    form = bound(request, RetireForm, unit=unit)

    def act(form: RetireForm) -> Unit:
        typed = form.cleaned_data
        return tree.retire_unit(unit, actor=request.user, reason=typed["reason"], successors=typed["successors"])

    if carried_out(form, act):
        messages.success(request, _("Retired: %(name)s.") % {"name": unit.name})
        return redirect("grids:unit", code=unit.code)
    context = {
        "heading": _("Retire a unit"),
        "act": _("Retire"),
        "branch": selectors.branches([unit])[0],
        "kinds": selectors.kinds_below([unit]),
    }
    return page(request, "grids/retire.html", form, unit, context)


def bound(request: UserRequest, make: MakeForm, **options: Any) -> forms.Form:
    """The form with what was sent; else with what was typed before the login expired; else as it begins."""
    if request.method == "POST":
        return make(request.POST, **options)
    kept = take_kept_form(request)
    if kept is None:
        return make(**options)
    return make(initial={name: values if len(values) > 1 else values[0] for name, values in kept.lists()}, **options)


def carried_out(form: forms.Form, act: Callable[[Any], Any]) -> Any:
    """What `act` returns for a form that was sent and is valid; None when it isn't, or when the rules refuse.

    A refusal stands beside the field that it names; what isn't this user's to do is answered with 403.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(form)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None


def page(
    request: UserRequest, template: str, form: forms.Form, unit: Unit, context: dict[str, Any] | None = None
) -> HttpResponse:
    everything = {"form": form, "unit": unit, "trail": trail_to(unit, request.user)} | (context or {})
    return render(request, template, everything, status=422 if form.is_bound else 200)
