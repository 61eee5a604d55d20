"""Whistles: the list with how departments responded, calling, and the page of one with what its reader may do."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

import clock
from accounts.kept_forms import keeps_form, take_kept_form
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch import whistle_acts, whistling
from dispatch.forms.places import street_chosen, streets_with
from dispatch.forms.supervision import NoteForm
from dispatch.forms.whistles import WhistleForm, form_of
from dispatch.models import Whistle, WhistleParty, WhistleStep
from dispatch.overview import whistles as overview
from dispatch.overview.call_filters import WhistleFilter
from dispatch.overview.call_timelines import whistle_events
from dispatch.overview.whistles import PartyRow
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from grids.views.changes import bound, carried_out
from incidents.forms.fields import typed
from incidents.models import Incident
from incidents.selectors import get_visible_or_404 as get_incident_or_404
from incidents.selectors import visible_to as incidents_visible_to

Act = WhistleStep.Act
_DONE: dict[str, Promise] = {
    Act.SIGN: gettext_lazy("Signed."),
    Act.CONTACT: gettext_lazy("Recorded: in contact."),
    Act.ARRIVE: gettext_lazy("Recorded: arrived."),
    Act.FINISH: gettext_lazy("Recorded as done. The caller rates it now."),
    Act.RELEASE: gettext_lazy("Released."),
    Act.RATE: gettext_lazy("Your rating is recorded."),
    Act.CLOSE: gettext_lazy("Closed."),
    Act.WITHDRAW: gettext_lazy("Withdrawn."),
}


@for_holders_of(Ability.WHISTLE, Ability.SUPERVISE, Ability.DISPATCH, Ability.HANDLE)
@require_GET
def whistles(request: UserRequest) -> HttpResponse:
    """The whistles that the user may see, narrowed by the filter, and how departments responded to them."""
    at, narrowed = clock.now(), WhistleFilter(request.GET, user=request.user)
    covered = narrowed.narrow(overview.visible_to(request.user))
    listed = narrowed.in_state(covered)
    page = page_of(request, overview.with_parties(listed), listed.count())
    context: dict[str, Any] = {
        "at": at,
        "filter": narrowed,
        "page": page,
        "rows": [(row, overview.standing(row)) for row in page.object_list],
        "responses": overview.responses(covered, at=at),
        "may_whistle": Ability.WHISTLE in abilities_of(request.user),
    }
    return render(request, "dispatch/whistles/list.html", context)


@keeps_form
@require_http_methods(["GET", "POST"])
def whistle_new(request: UserRequest) -> HttpResponse:
    """Whistle in one street (`?street=CODE`, asked for first where there are several), about an incident or not."""
    streets = streets_with(request.user, Ability.WHISTLE)
    if not streets:
        raise PermissionDenied
    incident = _incident(request)
    street = street_chosen(streets, incident.street.code if incident else request.GET.get("street"))
    unit = request.GET.get("unit", "")
    if street is None:
        return render(request, "dispatch/calls/street.html", {"streets": streets, "unit": unit})
    form = bound(request, WhistleForm, user=request.user, street=street, incident=incident, also=unit)

    def act(form: WhistleForm) -> Whistle:
        return whistling.call_whistle(actor=request.user, incident=incident, **form.cleaned_data)

    if called := carried_out(form, act):
        messages.success(request, _("Whistled: %(number)s.") % {"number": called.number}, extra_tags="draft:whistle")
        return redirect("dispatch:whistle", called.number)
    context = {"form": form, "street": street, "incident": incident}
    return render(request, "dispatch/whistles/new.html", context, status=422 if form.is_bound else 200)


@login_required
@require_GET
def whistle(request: UserRequest, number: str) -> HttpResponse:
    """One whistle: the departments with their steps, what happened, and what the user may do now."""
    return _page(request, overview.get_visible_or_404(request.user, number))


@keeps_form
@require_http_methods(["GET", "POST"])
def whistle_act(request: UserRequest, number: str, act: str) -> HttpResponse:
    """Do one act; on one department it names the row (`party`). What is refused comes back with what was typed."""
    if act not in _DONE:
        raise Http404(_("There is no such act."))
    found = overview.get_visible_or_404(request.user, number)
    if request.method == "GET":
        kept = take_kept_form(request)
        party = kept.get("party", "") if kept else ""
        return _page(request, found, (act, party, form_of(act, party=party, initial=typed(kept) if kept else None)))
    party = request.POST.get("party", "") if act in whistle_acts.OF_PARTY else ""
    form = form_of(act, request.POST, party=party)

    def do(form: NoteForm) -> Any:
        if act in whistle_acts.OF_WHISTLE:
            return whistle_acts.OF_WHISTLE[act](found, actor=request.user, **form.cleaned_data)
        return whistle_acts.OF_PARTY[act](_party_or_404(found, party), actor=request.user, **form.cleaned_data)

    if carried_out(form, do):
        messages.success(request, str(_DONE[act]))
        return redirect("dispatch:whistle", number)
    return _page(request, overview.get_visible_or_404(request.user, number), (act, party, form), status=422)


def _page(
    request: UserRequest, found: Whistle, sent: tuple[str, str, NoteForm] | None = None, status: int = 200
) -> HttpResponse:
    """`sent`: the act, the department's row and the form that came back, to be shown where it was sent from."""
    at, user = clock.now(), request.user
    rows = [(row, _forms(row, sent)) for row in overview.rows_of(user, found, at=at)]
    whole = overview.acts_on_whole(user, found, at=at)
    context = {
        "whistle": found,
        "at": at,
        "rows": rows,
        "forms": {act: _form(act, "", sent) for act in whole},
        "refused": sent[2] if sent and sent[2].errors else None,
        "shown": sent[0] if sent else "",
        "events": whistle_events(found),
        "may_see_incident": found.incident is not None and _sees(user, found.incident),
    }
    return render(request, "dispatch/whistles/whistle.html", context, status=status)


def _forms(row: PartyRow, sent: tuple[str, str, NoteForm] | None) -> dict[str, NoteForm]:
    return {act: _form(act, str(row.party.pk), sent) for act in row.acts}


def _form(act: str, party: str, sent: tuple[str, str, NoteForm] | None) -> NoteForm:
    if sent and sent[:2] == (act, party):
        return sent[2]
    return form_of(act, party=party)


def _party_or_404(found: Whistle, key: str) -> WhistleParty:
    party = next((row for row in found.parties.all() if str(row.pk) == key), None)
    if party is None:
        raise Http404(_("This department was not whistled for."))
    return party


def _incident(request: UserRequest) -> Incident | None:
    """The incident that the address names, if the user may see it."""
    number = request.GET.get("incident")
    return get_incident_or_404(request.user, number) if number else None


def _sees(user: User, incident: Incident) -> bool:
    return incidents_visible_to(user).filter(pk=incident.pk).exists()
