"""What is done with a load as a whole: applied, undone, discarded. Each asks first, on a page that stands by itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Refused
from accounts.requests import UserRequest
from grids.models import Ability
from grids.views.access import for_holders_of
from households.loading import runs, telling
from households.models import RegisterLoad
from households.views.load.standing import State


@dataclass(frozen=True, slots=True)
class _Act:
    """One act: from which states, how it asks, and the service that does it."""

    fits: frozenset[str]
    perform: Callable[..., Any]
    question: Promise
    consequence: Promise
    label: Promise
    is_danger: bool = False
    tells: bool = False
    """The page says in sentences what the load would do."""


APPLY = _Act(
    frozenset({State.READY}),
    runs.confirm,
    _("Apply this file to the register?"),
    _("All or nothing for each sub-district. It can be undone afterwards, and reporting goes on meanwhile."),
    _("Apply"),
    tells=True,
)
UNDO = _Act(
    frozenset({State.APPLIED}),
    runs.undo,
    _("Undo this load?"),
    _(
        "The register becomes exactly what it was before. A sub-district in which one of the same rows has changed "
        "since stays as it is."
    ),
    _("Undo"),
    is_danger=True,
)
DISCARD = _Act(
    frozenset({State.RECEIVED, State.READING, State.REFUSED, State.READY, State.WAITING}),
    runs.discard,
    _("Discard this file?"),
    _("Nothing has been written to the register. The file and what was read from it are removed."),
    _("Discard"),
    is_danger=True,
)


def _view(act: _Act) -> Callable[..., HttpResponseBase]:
    @for_holders_of(Ability.LOAD_REGISTER)
    @require_http_methods(["GET", "POST"])
    def view(request: UserRequest, key: UUID) -> HttpResponse:
        load = runs.get_visible_or_404(request.user, key)
        if load.state not in act.fits:
            return redirect("households:load", key)
        if request.method == "POST":
            return _perform(request, load, act)
        context = {"load": load, "act": act, "sentences": telling.sentences_of(load) if act.tells else []}
        return render(request, "households/loads/ask.html", context)

    return view


def _perform(request: UserRequest, load: RegisterLoad, act: _Act) -> HttpResponse:
    try:
        act.perform(load, actor=request.user)
    except Refused as error:
        messages.error(request, error.message)
    return redirect("households:load", load.key)


@for_holders_of(Ability.LOAD_REGISTER)
@require_POST
def load_retry(request: UserRequest, key: UUID) -> HttpResponse:
    """Read a file again that wasn't taken: after a fault, or when the tree has the place now that was missing."""
    load = runs.get_visible_or_404(request.user, key)
    try:
        runs.retry(load, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("households:load", load.key)


load_apply, load_undo, load_discard = map(_view, (APPLY, UNDO, DISCARD))
