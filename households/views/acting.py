"""What the pages of all acts have in common: who may open them, the form, the answer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import User
from accounts.requests import UserRequest
from grids.models import Unit
from grids.views.changes import carried_out
from households import selectors
from households.forms.fields import RowForm
from households.models import Household, Resident
from households.views.history import Telling

Trail = list[tuple[str, str]]


def household_for(user: User, code: str) -> Household:
    """A household that the user may change; 403 when they may see it only, 404 when not even that."""
    household = selectors.household_or_404(user, code)
    _check_may_edit(user, household.unit)
    return household


def resident_for(user: User, pk: int) -> Resident:
    resident = selectors.resident_or_404(user, pk)
    _check_may_edit(user, resident.household.unit)
    return resident


def trail_to(unit: Unit, user: User, *last: tuple[str, str]) -> Trail:
    """From the street down to the micro-grid, leading to the lists of households; then what the page is about."""
    rights = selectors.Rights(user)
    line = [step for step in unit.path if step.pk != unit.pk]
    return [(step.name, list_url(step) if rights.sees(step) else "") for step in line] + list(last)


def list_url(unit: Unit) -> str:
    return f"{reverse('households:list')}?unit={unit.code}"


def done(request: UserRequest, form: forms.Form, row: Household | Resident | None, act: Callable[[Any], Any]) -> Any:
    """What `act` returns for a form that was sent; None when it is to be shown again.

    An old form is told what changed since it was opened, and may then be sent as it is.
    """

    def watched(form: Any) -> Any:
        try:
            return act(form)
        except Refused as refusal:
            if refusal.code == "stale" and row is not None and isinstance(form, RowForm):
                _tell_changes(request.user, form, row)
            raise

    return carried_out(form, watched)


def page(
    request: UserRequest, form: forms.Form, *, heading: str, act: str, back: str, trail: Trail, **more: Any
) -> HttpResponse:
    """One form about one household or person. `act` is the word on the button, `back` where the other way leads."""
    context = {"form": form, "heading": heading, "act": act, "back": back, "trail": trail, **more}
    return render(request, "households/form.html", context, status=422 if form.is_bound else 200)


def _tell_changes(user: User, form: RowForm, row: Household | Resident) -> None:
    row.refresh_from_db(fields=["changed_at"])
    changes = selectors.changes_of_household(row) if isinstance(row, Household) else selectors.changes_of_resident(row)
    seen = form.seen_at()
    if seen is not None:
        form.changed_since = Telling(row, changes[:20], selectors.Rights(user)).since(seen)
    form.look_again(row.changed_at)


def _check_may_edit(user: User, unit: Unit) -> None:
    if not selectors.Rights(user).edits(unit):
        raise PermissionDenied(_("No post of yours lets you change the register here."))
