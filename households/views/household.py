"""The page of a household, its history, and the acts on it."""

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
from accounts.models import User
from accounts.requests import UserRequest
from grids.models import Ability, Kind, Unit
from grids.selectors import with_line
from grids.views.access import for_holders_of, unit_for
from grids.views.changes import bound
from households import selectors, services
from households.forms.households import CloseForm, FactsForm, MergeForm, MoveForm, SplitForm
from households.models import Household, Resident
from households.views.acting import done, household_for, list_url, page, trail_to
from households.views.history import Telling, first_event
from households.views.shown import number_of, person

MOST_CHANGES: Final = 20
MOST_ON_HISTORY: Final = 300


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_GET
def household(request: UserRequest, code: str) -> HttpResponse:
    """Who lives behind the door, what is known of it, what happened, and what the user may do."""
    if bare := _bare_door(request.user, code):
        return redirect("households:add", code=bare.code)
    shown = selectors.household_or_404(request.user, code)
    unit, on, rights = shown.unit, clock.today(), selectors.Rights(request.user)
    residents = selectors.heads_first(shown.residents.prefetch_related(selectors.living_tags(on)))
    here = [resident for resident in residents if lives_here(resident)]
    changes = selectors.changes_of_household(shown)[: MOST_CHANGES + 1]
    history = Telling(shown, changes, rights).events()
    context = {
        "household": shown,
        "unit": unit,
        "trail": trail_to(unit, request.user, (shown.address, "")),
        "people": [person(resident, unit, rights, on) for resident in here],
        "gone": [person(resident, unit, rights, on) for resident in residents if not lives_here(resident)],
        "landlord_phone": number_of(shown, "landlord_phone", is_own=rights.reveals(unit)),
        "landlord_name": rights.name(shown.landlord_name, unit),
        "history": history[:MOST_CHANGES],
        "has_more": len(history) > MOST_CHANGES,
        "first": first_event(shown),
        "may_edit": unit.is_live and rights.edits(unit),
    }
    return render(request, "households/household.html", context)


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_GET
def history(request: UserRequest, code: str) -> HttpResponse:
    """Everything that happened behind the door."""
    shown = selectors.household_or_404(request.user, code)
    rights = selectors.Rights(request.user)
    events = Telling(shown, selectors.changes_of_household(shown)[:MOST_ON_HISTORY], rights).events()
    back = reverse("households:household", args=[code])
    context = {
        "heading": shown.address,
        "trail": trail_to(shown.unit, request.user, (shown.address, back), (_("History"), "")),
        "events": [*events, *filter(None, [first_event(shown)])],
    }
    return render(request, "households/history.html", context)


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def add(request: UserRequest, code: str) -> HttpResponse:
    """A new household in a micro-grid, or behind a door that stands there without one."""
    unit = unit_for(request.user, code, Ability.EDIT_REGISTER)
    micro_grid = with_line(Unit.objects.all()).get(pk=unit.micro_grid_id) if unit.micro_grid_id else None
    if micro_grid is None or not unit.is_live or Household.objects.filter(pk=unit.pk).exists():
        raise Http404
    form = bound(request, FactsForm)
    if unit.kind == Kind.HOUSEHOLD:
        form.initial = {"address": unit.name, **form.initial}
    made = done(
        request,
        form,
        None,
        lambda form: services.add_household(
            micro_grid, actor=request.user, reason=form.cleaned_data["reason"], **form.facts()
        ),
    )
    if made:
        messages.success(request, _("Added: %(name)s. Now add the people.") % {"name": made.address})
        return redirect("households:household", code=made.unit.code)
    trail = trail_to(micro_grid, request.user, (micro_grid.name, list_url(micro_grid)), (_("Add a household"), ""))
    return page(request, form, heading=_("Add a household"), act=_("Add"), back=list_url(micro_grid), trail=trail)


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def correct(request: UserRequest, code: str) -> HttpResponse:
    """Other facts for this household."""
    row = household_for(request.user, code)
    form = bound(request, FactsForm, row=row)
    corrected = done(
        request,
        form,
        row,
        lambda form: services.correct_household(
            row, actor=request.user, reason=form.cleaned_data["reason"], seen=form.seen_at(), **form.facts()
        ),
    )
    if corrected:
        messages.success(request, _("Saved."))
        return redirect("households:household", code=code)
    return _page(request, form, row, _("Correct a household"), _("Save"))


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def move(request: UserRequest, code: str) -> HttpResponse:
    """Into another micro-grid of the street."""
    row = household_for(request.user, code)
    form = bound(request, MoveForm, among=_micro_grids(request, row))
    moved = done(request, form, row, lambda form: services.move_household(row, actor=request.user, **form.cleaned_data))
    if moved:
        messages.success(request, _("Moved to %(place)s.") % {"place": moved.unit.parent})
        return redirect("households:household", code=code)
    note = _("For micro-grids that are redrawn: the home now belongs to another one. Its code stays.")
    return _page(request, form, row, _("Move a household"), pgettext("a household", "Move"), note=note)


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def split(request: UserRequest, code: str) -> HttpResponse:
    """Some of the people into a new household."""
    row = household_for(request.user, code)
    people = [resident for resident in row.residents.all() if resident.moved_out_on is None]
    form = bound(request, SplitForm, people=people)
    made = done(
        request,
        form,
        row,
        lambda form: services.split_household(
            row, actor=request.user, reason=form.cleaned_data["reason"], **form.facts()
        ),
    )
    if made:
        messages.success(request, _("Split off: %(name)s.") % {"name": made.address})
        return redirect("households:household", code=made.unit.code)
    return _page(request, form, row, _("Split a household"), _("Split off"))


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def merge(request: UserRequest, code: str) -> HttpResponse:
    """Everybody into another household; this door retires."""
    row = household_for(request.user, code)
    form = bound(request, MergeForm, household=row, user=request.user)
    remains = done(
        request, form, row, lambda form: services.merge_households(row, actor=request.user, **form.cleaned_data)
    )
    if remains:
        messages.success(request, _("Merged into %(name)s.") % {"name": remains.address})
        return redirect("households:household", code=remains.unit.code)
    note = _("Everybody here moves into the other household, and this one is closed. That can't be undone.")
    return _page(request, form, row, _("Merge households"), _("Merge households"), note=note, tone="warning")


@never_cache
@keeps_form
@require_http_methods(["GET", "POST"])
def close(request: UserRequest, code: str) -> HttpResponse:
    """Take a door that nobody lives behind out of use."""
    row = household_for(request.user, code)
    form = bound(request, CloseForm)
    closed = done(
        request, form, row, lambda form: services.close_household(row, actor=request.user, **form.cleaned_data)
    )
    if closed:
        messages.success(request, _("Closed: %(name)s.") % {"name": row.address})
        return redirect(list_url(row.unit.micro_grid or row.unit))
    note = _("For a home that is gone: demolished, or joined with another. It stays readable with its history.")
    return _page(request, form, row, _("Close a household"), _("Close the household"), note=note, tone="warning")


def lives_here(resident: Resident) -> bool:
    return resident.moved_out_on is None or resident.moved_out_on > clock.today()


def _bare_door(user: User, code: str) -> Unit | None:
    """A door of the tree that has no household yet, for who may register one."""
    doors = Unit.objects.filter(selectors.units_open_to(user, Ability.EDIT_REGISTER), kind=Kind.HOUSEHOLD)
    return doors.filter(code=code, retired_at=None, household=None).first()


def _micro_grids(request: UserRequest, row: Household) -> Any:
    """Where the user may move the door to."""
    among = Unit.objects.filter(tree_id=row.unit.tree_id, kind=Kind.MICRO_GRID, retired_at=None)
    editable = selectors.units_open_to(request.user, Ability.EDIT_REGISTER)
    return with_line(among.filter(editable).exclude(pk=row.unit.parent_id)).order_by("lft")


def _page(request: UserRequest, form: Any, row: Household, heading: str, act: str, **more: Any) -> HttpResponse:
    back = reverse("households:household", args=[row.unit.code])
    trail = trail_to(row.unit, request.user, (row.address, back), (heading, ""))
    return page(request, form, heading=heading, act=act, back=back, trail=trail, about=row.address, **more)
