"""Many incidents of the queue at once: dispatched to the same parties, or laid side by side to be merged."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

import clock
from accounts.kept_forms import keeps_form
from accounts.requests import UserRequest
from dispatch.bulk import MOST, Outcome, departments_for_all, dispatch_each, proposed_lead
from dispatch.forms.queue import TogetherForm
from dispatch.selectors import by_minutes_left
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from grids.views.changes import bound, carried_out
from incidents.forms.merging import MOST_BESIDE, WITH
from incidents.models import Incident
from incidents.selectors import numbered, visible_to, with_place


@keeps_form
@require_http_methods(["GET", "POST"])
def together(request: UserRequest) -> HttpResponse:
    """The selected incidents (`number`, repeated) with one form for all of them; then one line on each.

    The answer to the form is the result itself: it is nowhere to be looked up, and sending it again changes nothing.
    """
    if Ability.DISPATCH not in abilities_of(request.user):
        raise PermissionDenied
    back, chosen = _back(request), _chosen(request)
    if not chosen:
        notices.info(request, _("Select at least one incident."))
        return HttpResponseRedirect(back)
    form = bound(request, TogetherForm, departments=departments_for_all(chosen), lead=proposed_lead(chosen))

    def act(form: TogetherForm) -> list[Outcome]:
        return dispatch_each(chosen, actor=request.user, **form.cleaned_data)

    context: dict[str, Any] = {"at": clock.now(), "back": back, "form": form, "incidents": chosen}
    context["ticked"] = _ticked(form, chosen)
    if outcomes := carried_out(form, act):
        went = [outcome for outcome in outcomes if outcome.went]
        refused = [outcome for outcome in outcomes if not outcome.went]
        return render(request, "dispatch/together_done.html", context | {"went": went, "refused": refused})
    return render(request, "dispatch/together.html", context, status=422 if form.is_bound else 200)


@for_holders_of(Ability.DISPATCH)
def merge_selected(request: UserRequest) -> HttpResponse:
    """The selected incidents (`number`, repeated) side by side, on the page that merges the most pressing of them."""
    back, chosen = _back(request), _chosen(request)
    if not chosen:
        notices.info(request, _("Select at least one incident."))
        return HttpResponseRedirect(back)
    first, *others = chosen
    if left_out := others[MOST_BESIDE:]:
        said = _("At most %(most)d can be compared at once. Not among these: %(numbers)s.")
        left_out_numbers = pgettext("between names", ", ").join(each.number for each in left_out)
        notices.warning(request, said % {"most": MOST_BESIDE + 1, "numbers": left_out_numbers})
    asked = [*((WITH, other.number) for other in others[:MOST_BESIDE]), ("next", back)]
    return redirect(f"{reverse('incidents:act', args=[first.number, 'merge'])}?{urlencode(asked)}")


def _ticked(form: forms.Form, chosen: Sequence[Incident]) -> set[str]:
    """The numbers that are ticked: all, unless the form comes back after a log-in without some of them."""
    kept = form.initial.get("number") or [row.number for row in chosen]
    return {kept} if isinstance(kept, str) else set(kept)


def _chosen(request: UserRequest) -> list[Incident]:
    """What was selected and the user sees, the most pressing first. A foreign number and a missing one count alike."""
    numbers = (request.POST if request.method == "POST" else request.GET).getlist("number")
    rows = numbered(visible_to(request.user), numbers[: MOST + 1])
    return list(by_minutes_left(with_place(rows)).select_related("category__lead", "street"))


def _back(request: UserRequest) -> str:
    """The queue as it was left; never another site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_own = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if is_own else reverse("dispatch:queue")
