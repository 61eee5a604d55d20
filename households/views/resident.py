"""The page of a person, their history, and the acts on them."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

import clock
from accounts.kept_forms import keeps_form
from accounts.requests import UserRequest
from grids.models import Ability
from grids.views.access import for_holders_of
from grids.views.changes import bound
from households import selectors, services
from households.forms.residents import EndTagForm, FactsForm, MoveBackForm, MoveForm, MoveOutForm, TagForm
from households.models import Resident, ResidentTag
from households.views.acting import done, household_for, page, resident_for, trail_to
from households.views.history import Telling, first_event
from households.views.shown import person

MOST_CHANGES: Final = 20
MOST_ON_HISTORY: Final = 300


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_GET
def resident(request: UserRequest, pk: int) -> HttpResponse:
    """What is known of the person, masked; tags, history, and what the user may do."""
    row = selectors.resident_or_404(request.user, pk)
    on, rights, unit = clock.today(), selectors.Rights(request.user), row.household.unit
    row.current_tags = list(  # type: ignore[attr-defined]
        selectors.living_tags(on).queryset.filter(resident=row)  # type: ignore[union-attr]
    )
    history = Telling(row, selectors.changes_of_resident(row)[: MOST_CHANGES + 1], rights).events()
    shown = person(row, unit, rights, on)
    context = {
        "person": shown,
        "resident": row,
        "household": row.household,
        "unit": unit,
        "trail": _trail(request, row, shown.name),
        "history": history[:MOST_CHANGES],
        "has_more": len(history) > MOST_CHANGES,
        "first": first_event(row),
        "may_edit": unit.is_live and rights.edits(unit),
    }
    return render(request, "households/resident.html", context)


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_GET
def history(request: UserRequest, pk: int) -> HttpResponse:
    """Everything that happened to the person."""
    row = selectors.resident_or_404(request.user, pk)
    rights = selectors.Rights(request.user)
    events = Telling(row, selectors.changes_of_resident(row)[:MOST_ON_HISTORY], rights).events()
    name = rights.name(row.name, row.household.unit)
    context = {
        "heading": name,
        "trail": _trail(request, row, name, _("History")),
        "events": [*events, *filter(None, [first_event(row)])],
    }
    return render(request, "households/history.html", context)


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def add(request: UserRequest, code: str) -> HttpResponse:
    """Somebody new in the household."""
    household = household_for(request.user, code)
    form = bound(request, FactsForm)
    made = done(
        request,
        form,
        None,
        lambda form: services.add_resident(household, actor=request.user, **_extras(form), **form.facts()),
    )
    back = reverse("households:household", args=[code])
    if made:
        messages.success(request, _("Added: %(name)s.") % {"name": made.name})
        return redirect(back)
    trail = trail_to(household.unit, request.user, (household.address, back), (_("Add a person"), ""))
    return page(request, form, heading=_("Add a person"), act=_("Add"), back=back, trail=trail, about=household.address)


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """Other facts for this person."""
    row = resident_for(request.user, pk)
    form = bound(request, FactsForm, row=row)
    corrected = done(
        request,
        form,
        row,
        lambda form: services.correct_resident(
            row, actor=request.user, seen=form.seen_at(), **_extras(form), **form.facts()
        ),
    )
    if corrected:
        messages.success(request, _("Saved."))
        return redirect("households:resident", pk=pk)
    return _page(request, form, row, _("Correct a person"), _("Save"))


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def move(request: UserRequest, pk: int) -> HttpResponse:
    """Into another household."""
    row = resident_for(request.user, pk)
    form = bound(request, MoveForm, household=row.household, user=request.user)
    moved = done(
        request,
        form,
        row,
        lambda form: services.move_resident(
            row,
            to=form.cleaned_data["to"],
            relation=form.cleaned_data["relation"].strip() or None,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
    )
    if moved:
        messages.success(request, _("Moved to %(place)s.") % {"place": moved.household.address})
        return redirect("households:household", code=moved.household.unit.code)
    return _page(request, form, row, _("Move to another household"), pgettext("a person", "Move"))


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def move_out(request: UserRequest, pk: int) -> HttpResponse:
    """The person lives here no longer."""
    row = resident_for(request.user, pk)
    form = bound(request, MoveOutForm)
    form.fields["on"].initial = clock.today()
    gone = done(request, form, row, lambda form: services.move_out(row, actor=request.user, **form.cleaned_data))
    if gone:
        messages.success(request, _("Moved out: %(name)s.") % {"name": row.name})
        return redirect("households:household", code=row.household.unit.code)
    return _page(request, form, row, _("Move out"), _("Record the move"))


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def move_back(request: UserRequest, pk: int) -> HttpResponse:
    """The person lives here again."""
    row = resident_for(request.user, pk)
    form = bound(request, MoveBackForm, household=row.household, user=request.user)
    form.fields["on"].initial = clock.today()
    back = done(request, form, row, lambda form: services.move_back(row, actor=request.user, **form.cleaned_data))
    if back:
        messages.success(request, _("Back: %(name)s.") % {"name": back.name})
        return redirect("households:household", code=back.household.unit.code)
    return _page(request, form, row, _("Move back in"), _("Record the return"))


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def tag(request: UserRequest, pk: int) -> HttpResponse:
    """A tag of one of the kinds that the user may know of."""
    row = resident_for(request.user, pk)
    kinds = selectors.Rights(request.user).kinds(selectors.tag_kinds(), row.household.unit)
    form = bound(request, TagForm, kinds=kinds)
    form.fields["since"].initial = clock.today()
    given = done(request, form, row, lambda form: services.tag_resident(row, actor=request.user, **form.cleaned_data))
    if given:
        messages.success(request, _("Tagged: %(kind)s.") % {"kind": given.kind})
        return redirect("households:resident", pk=pk)
    return _page(request, form, row, _("Add a tag"), _("Add a tag"))


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def end_tag(request: UserRequest, pk: int, tag_pk: int) -> HttpResponse:
    """The last day of a tag."""
    row = resident_for(request.user, pk)
    carried = ResidentTag.objects.filter(pk=tag_pk, resident=row).select_related("kind", "resident__household__unit")
    found = carried.first()
    if found is None or not selectors.Rights(request.user).tags([found], row.household.unit):
        raise Http404
    form = bound(request, EndTagForm)
    form.fields["on"].initial = clock.today()
    ended = done(request, form, row, lambda form: services.end_tag(found, actor=request.user, **form.cleaned_data))
    if ended:
        messages.success(request, _("Tag ended: %(kind)s.") % {"kind": found.kind})
        return redirect("households:resident", pk=pk)
    return _page(request, form, row, _("End the tag: %(kind)s") % {"kind": found.kind}, _("End the tag"))


def _extras(form: Any) -> dict[str, Any]:
    """What goes beside the facts."""
    return {name: form.cleaned_data[name] for name in ("reason", "number_is_checked")}


def _trail(request: UserRequest, row: Resident, name: str, *last: str) -> list[tuple[str, str]]:
    home = (row.household.address, reverse("households:household", args=[row.household.unit.code]))
    own = reverse("households:resident", args=[row.pk]) if last else ""
    return trail_to(row.household.unit, request.user, home, (name, own), *[(step, "") for step in last])


def _page(request: UserRequest, form: Any, row: Resident, heading: str, act: str, **more: Any) -> HttpResponse:
    name = selectors.Rights(request.user).name(row.name, row.household.unit)
    trail = _trail(request, row, name, heading)
    back = reverse("households:resident", args=[row.pk])
    about = f"{name} · {row.household.address}"
    return page(request, form, heading=heading, act=act, back=back, trail=trail, about=about, **more)
