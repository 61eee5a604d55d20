"""Saying why something was open at the close-out: the list of what one is asked about, and the page of one line."""

from collections.abc import Iterable

from django.contrib import messages as notices
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

import clock
from accounts.kept_forms import keeps_form
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch import close_out_reasons as reasons
from dispatch.forms.reasons import ReasonForm, ReasonsForm
from dispatch.models import DayCloseLine, DayCloseReason
from dispatch.overview.close_out import with_answers
from dispatch.selectors import streets_closed_by
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.changes import bound, carried_out


@keeps_form
@require_http_methods(["GET", "POST"])
def to_explain(request: UserRequest) -> HttpResponse:
    """What the user's parties are asked about; `?whose=all`: all that the streets they close haven't explained yet."""
    closes_days = Ability.CLOSE_OUT in abilities_of(request.user)
    shows_all = closes_days and request.GET.get("whose") == "all"
    own, everything = reasons.to_explain(request.user), _of_streets(request.user)
    form = bound(request, ReasonsForm, lines=reasons.explainable(request.user))

    def act(form: ReasonsForm) -> int:
        return _explain(form.cleaned_data["lines"], actor=request.user, text=form.cleaned_data["text"])

    if done := carried_out(form, act):
        said = ngettext("Noted for %(count)d incident.", "Noted for %(count)d incidents.", done)
        notices.success(request, said % {"count": done})
        return redirect(request.get_full_path())
    counts = {"own": own.count(), "all": everything.count() if closes_days else 0}
    shown = everything if shows_all else own
    context = {
        "at": clock.now(),
        "form": form,
        "ticked": set(map(str, form["lines"].value() or ())),
        "tabs": _tabs(counts, shows_all) if closes_days else [],
        "page": page_of(request, with_answers(shown).select_related("day_close__street"), counts[_name(shows_all)]),
    }
    return render(request, "dispatch/to_explain.html", context, status=422 if form.is_bound else 200)


@keeps_form
@require_http_methods(["GET", "POST"])
def close_out_line(request: UserRequest, pk: int) -> HttpResponse:
    """One line of a close-out with the reasons given so far, and room for another."""
    line = with_answers(reasons.explainable(request.user)).filter(pk=pk).first()
    if line is None:
        raise Http404(_("No line of a close-out with this number is known here."))
    form = bound(request, ReasonForm)

    def act(form: ReasonForm) -> DayCloseReason:
        return reasons.give_reason(line, actor=request.user, text=form.cleaned_data["text"])

    if carried_out(form, act):
        notices.success(request, _("Noted."))
        return redirect(_back(request.user, line))
    context = {"form": form, "line": line, "closing": line.day_close, "back": _back(request.user, line)}
    return render(request, "dispatch/close_out_line.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _explain(lines: Iterable[DayCloseLine], *, actor: User, text: str) -> int:
    """The same reason for each of the lines: all of them or none."""
    return len([reasons.give_reason(line, actor=actor, text=text) for line in sorted(lines, key=lambda line: line.pk)])


def _of_streets(user: User) -> QuerySet[DayCloseLine]:
    return reasons.unexplained().filter(day_close__street__in=streets_closed_by(user))


def _name(shows_all: bool) -> str:
    return "all" if shows_all else "own"


def _tabs(counts: dict[str, int], shows_all: bool) -> list[dict[str, object]]:
    return [
        {"url": "?", "label": _("Held by us"), "count": counts["own"], "active": not shows_all},
        {"url": "?whose=all", "label": _("All not yet explained"), "count": counts["all"], "active": shows_all},
    ]


def _back(user: User, line: DayCloseLine) -> str:
    """The report, for who may see it; else the list of what is asked."""
    closing = line.day_close
    if streets_closed_by(user).filter(pk=closing.street_id).exists():
        return reverse("dispatch:close_out_report", args=[closing.street.code, closing.day])
    return reverse("dispatch:to_explain")
