"""One view for every act on an incident: show its form, do it, go back to the incident."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form, take_kept_form
from accounts.requests import UserRequest
from incidents.acts import ACTS, ActPage
from incidents.attachments import attach_drafts, drafts_of
from incidents.forms.acts import ActForm, PhotosForm
from incidents.forms.fields import typed
from incidents.selectors import files_of, get_visible_or_404
from incidents.sent_forms import digest_of, take, was_taken
from incidents.situation import Situation, situation_of
from incidents.views import answers
from incidents.views.uploads import REMOVE, remove_one, take_files

_FIELDS = {"result": "measures", "target": "into"}


@keeps_form
@require_http_methods(["GET", "POST"])
def act(request: UserRequest, number: str, slug: str) -> HttpResponse:
    """Show the form of an act, or do it. Done twice in the same words it is done once."""
    page = ACTS.get(slug)
    if page is None:
        raise Http404(_("There is no such act."))
    now = situation_of(request.user, get_visible_or_404(request.user, number))
    if request.method == "GET":
        return _show(request, page, now)
    if REMOVE in request.POST:
        return _without_photo(request, page, now)
    form = page.form(request.POST, request.FILES, situation=now)
    if was_taken(digest_of(request, request.user.pk)):
        return _done_before(request, page, now)
    _check_form(request, form)
    if answers.is_from_queue(request):
        return answers.of_somebody_else(request) or _answer(request, page, form)
    if form.is_valid():
        if _perform(request, page, form):
            messages.success(request, str(page.done))
            return HttpResponseRedirect(_back(request, now))
    elif not page.may(now):
        raise PermissionDenied
    return _page(request, page, form, status=422)


def _done_before(request: UserRequest, page: ActPage, now: Situation) -> HttpResponse:
    """This very form was taken already: whatever has become of the incident since, nothing is done a second time."""
    if answers.is_from_queue(request):
        return answers.done(now.incident, is_new=False, url=_back(request, now), said=str(page.done))
    messages.success(request, str(page.done))
    return HttpResponseRedirect(_back(request, now))


def _answer(request: UserRequest, page: ActPage, form: ActForm) -> HttpResponse:
    """The same for what waited on a phone. When the incident has moved on meanwhile, its state comes along."""
    now = form.situation
    fitted = page.fits(now)
    try:
        if form.is_valid() and _perform(request, page, form):
            return answers.done(now.incident, is_new=fitted, url=_back(request, now), said=str(page.done))
    except PermissionDenied as refusal:
        return answers.moved_on(now.incident, str(refusal))
    if fitted and page.may(now):
        return answers.to_mend(form)
    text = _("“%(act)s” is not possible now: the incident is %(status)s.")
    return answers.moved_on(now.incident, text % {"act": page.label, "status": now.incident.get_status_display()})


def _show(request: UserRequest, page: ActPage, now: Situation) -> HttpResponse:
    if not page.fits(now):
        return _not_now(request, page, now)
    if not page.may(now):
        raise PermissionDenied
    if not page.also(now):
        return _not_yet(request, page, now)
    kept = take_kept_form(request)
    asked = {name: request.GET.getlist(name) for name in page.form.from_address if name in request.GET}
    return _page(request, page, page.form(situation=now, initial=typed(kept) if kept else asked))


def _not_now(request: UserRequest, page: ActPage, now: Situation) -> HttpResponse:
    """Back to the incident, which has moved on."""
    text = _("“%(act)s” is not possible now: the incident is %(status)s.")
    messages.warning(request, text % {"act": page.label, "status": now.incident.get_status_display()})
    return redirect("incidents:incident", now.incident.number)


def _not_yet(request: UserRequest, page: ActPage, now: Situation) -> HttpResponse:
    """Back to the incident: something else comes first, which its page explains."""
    messages.warning(request, _("“%(act)s” is not possible at present.") % {"act": page.label})
    return redirect("incidents:incident", now.incident.number)


def _check_form(request: UserRequest, form: ActForm) -> None:
    """Judge the form, and keep its files whether it is right or not."""
    form.is_valid()
    if isinstance(form, PhotosForm):
        if request.FILES and form.key is None:
            form.add_error("photos", _("The files could not be kept. Choose them again."))
        for refusal in take_files(request, form.key):
            form.add_error("photos", refusal)


def _perform(request: UserRequest, page: ActPage, form: ActForm) -> bool:
    """Do it. False when the rules refuse, with the reason beside its field or on top of the form."""
    try:
        _take(request, page, form)
    except Forbidden as error:
        raise PermissionDenied(error.message) from error
    except Refused as error:
        field = error.field or _FIELDS.get(error.code)
        form.add_error(field if field in form.fields else None, error.message)
        return False
    return True


@transaction.atomic
def _take(request: UserRequest, page: ActPage, form: ActForm) -> None:
    """The act, its photos and the note that this form was taken: all of it or nothing."""
    incident = form.situation.incident
    if not take(digest_of(request, request.user.pk)):
        return
    page.perform(incident, actor=request.user, **form.arguments())
    if isinstance(form, PhotosForm) and form.key:
        attach_drafts(form.key, incident=incident, actor=request.user)


def _without_photo(request: UserRequest, page: ActPage, now: Situation) -> HttpResponse:
    """Without JavaScript: take a photo away; what was typed stays, and nothing is judged."""
    form = page.form(situation=now, initial=typed(request.POST))
    if isinstance(form, PhotosForm) and form.key:
        for refusal in take_files(request, form.key):
            messages.error(request, refusal)
        remove_one(request.user, form.key, request.POST[REMOVE])
    return _page(request, page, form)


def _page(request: UserRequest, page: ActPage, form: ActForm, status: int = 200) -> HttpResponse:
    now = form.situation
    context: dict[str, Any] = {
        "page": page,
        "form": form,
        "now": now,
        "incident": now.incident,
        "next": _wanted(request),
    }
    if isinstance(form, PhotosForm):
        context["drafts"] = drafts_of(request.user, form.key) if form.key else []
    if form.about.endswith("_results.html"):
        context["results"] = now.incident.results.select_related("by").order_by("-pk")[:1]
        context["files"] = files_of(now.incident)
    return render(request, "incidents/act.html", context, status=status)


def _back(request: UserRequest, now: Situation) -> str:
    return _wanted(request) or reverse("incidents:incident", args=[now.incident.number])


def _wanted(request: UserRequest) -> str:
    """Where the user came from and wants to go on, such as the queue; never another site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if here else ""
