"""The report page: on the phone, in half a minute."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form, take_kept_form
from accounts.requests import UserRequest
from incidents.attachments import attach_drafts, drafts_of
from incidents.forms.alike import SupplementForm
from incidents.forms.fields import typed
from incidents.forms.report import ReportForm
from incidents.likeness import Likeness
from incidents.models import Incident, Note
from incidents.places import reporting_posts
from incidents.selectors import category_reported
from incidents.services import Draft, report_incident, report_settled
from incidents.texts import clean_text
from incidents.views import answers
from incidents.views.report_alike import ADD_TO, add_typed, added_before, not_shown_yet
from incidents.views.uploads import REMOVE, remove_one, take_files

_ONLY_SHOW = (REMOVE, "show_places")
"""Buttons that change the page without sending the report; with JavaScript nobody sees them."""
_FIELDS = {"level_1": "on_the_spot", "result": "measures"}


@keeps_form
@require_http_methods(["GET", "POST"])
def report(request: UserRequest) -> HttpResponse:
    """Show the form; take the report and go on to the incident's page. The same form twice is the same incident.

    What may be the same as something open already is asked about once, unless its reporter was shown that while typing;
    what is added to it (`ADD_TO`) becomes no incident of its own.
    """
    if not reporting_posts(request.user):
        raise PermissionDenied(_("No post of yours lets you report."))
    if request.method == "GET":
        kept = take_kept_form(request)
        initial = typed(kept) if kept else {"client_uuid": uuid.uuid4()}
        return _page(request, ReportForm(user=request.user, initial=initial))
    if any(name in request.POST for name in _ONLY_SHOW):
        return _only_show(request)
    is_from_queue = answers.is_from_queue(request)
    if is_from_queue and (refusal := answers.of_somebody_else(request)):
        return refusal
    form = (SupplementForm if request.POST.get(ADD_TO) else ReportForm)(request.POST, request.FILES, user=request.user)
    form.is_valid()
    if request.FILES and (other := _sent_with_other_words(request, form)):
        return _sent_before(request, other)
    for wrong_file in take_files(request, form.draft_key):
        form.add_error("photos", wrong_file)
    if form.is_valid() and (answer := _send(request, form)):
        return answer
    return answers.to_mend(form) if is_from_queue else _page(request, form, status=422)


@keeps_form
@require_GET
def places(request: UserRequest) -> HttpResponse:
    """The grids of the community that was just chosen, as the field of the report form."""
    form = ReportForm(user=request.user, initial={"area": request.GET.get("area"), "client_uuid": uuid.uuid4()})
    return render(request, "incidents/report.html#unit", {"form": form})


def _send(request: UserRequest, form: ReportForm) -> HttpResponse | None:
    """The way to the incident's page; None when the rules refuse, with the reason beside the field."""
    if isinstance(form, SupplementForm):
        return add_typed(request, form)
    draft, is_from_queue = form.draft(), answers.is_from_queue(request)
    known = _known(request, draft)
    try:
        if other := _sent_otherwise(request, draft, known):
            return _differs(other) if is_from_queue else _sent_before(request, other)
        if known is None and not is_from_queue and (alike := not_shown_yet(request, draft)):
            return _page(request, form, alike=alike)
        incident = _file(request, form, draft)
    except Forbidden as error:
        raise PermissionDenied(error.message) from error
    except Refused as error:
        field = error.field or _FIELDS.get(error.code)
        form.add_error(field if field in form.fields else None, error.message)
        return None
    attach_drafts(draft.client_uuid, incident=incident, actor=request.user)
    page = f"{reverse('incidents:incident', args=[incident.number])}?sent=1"
    return answers.done(incident, is_new=known is None, url=page) if is_from_queue else redirect(page)


def _file(request: UserRequest, form: ReportForm, draft: Draft) -> Incident:
    if form.cleaned_data["on_the_spot"]:
        return report_settled(draft, actor=request.user, measures=form.cleaned_data["measures"])
    return report_incident(draft, actor=request.user)


def _known(request: UserRequest, draft: Draft) -> Incident | None:
    return Incident.objects.filter(client_uuid=draft.client_uuid, reporter=request.user).first()


def _sent_with_other_words(request: UserRequest, form: ReportForm) -> Incident | None:
    """What a form with files was sent as before, if something else stands in it now: its files are no part of that."""
    key, user = form.draft_key, request.user
    if key is None:
        return None
    known = Incident.objects.filter(client_uuid=key, reporter=user).select_related("category").first()
    note = None if known else Note.objects.filter(client_uuid=key, by=user).select_related("incident").first()
    if isinstance(form, SupplementForm):
        is_same = note is not None and form.is_valid() and _cleaned(form.words) == note.text
    else:
        is_same = known is not None and form.is_valid() and _is_same(known, form.draft())
    sent_as = known or (note.incident if note else None)
    return None if is_same else sent_as


def _sent_otherwise(request: UserRequest, draft: Draft, known: Incident | None) -> Incident | None:
    """What this form was sent as before, where that isn't what stands in it now: another report, or an addition."""
    if known is None:
        return added_before(request, draft)
    return None if _is_same(known, draft) else known


def _is_same(known: Incident, draft: Draft) -> bool:
    text = _cleaned(draft.description)
    first = (known.description, known.unit_id, category_reported(known))
    return first == (text, draft.unit.pk, draft.category.code)


def _cleaned(text: str) -> str:
    """Words to be compared, not kept: any length will do."""
    return clean_text(text, limit=10**6, field="description")


def _differs(known: Incident) -> HttpResponse:
    return answers.differs(known, _("This form was sent already, and what was sent then differs."))


def _sent_before(request: UserRequest, known: Incident) -> HttpResponse:
    """Somebody went back in the browser and wrote something else into a form that was sent already."""
    text = _(
        "This form was sent already, as %(number)s. What is in it now differs: if it is another matter, press “Report” "
        "again; if not, simply leave this page."
    )
    messages.warning(request, text % {"number": known.number})
    key = uuid.uuid4()
    for refusal in take_files(request, key):
        messages.error(request, refusal)
    return _page(request, ReportForm(user=request.user, initial=typed(request.POST) | {"client_uuid": key}))


def _only_show(request: UserRequest) -> HttpResponse:
    """Without JavaScript: take a photo away, or show the grids of another community. Nothing is sent or judged."""
    form = ReportForm(user=request.user, initial=typed(request.POST))
    for refusal in take_files(request, form.draft_key):
        messages.error(request, refusal)
    if form.draft_key and (pk := request.POST.get(REMOVE)):
        remove_one(request.user, form.draft_key, pk)
    return _page(request, form)


def _page(request: UserRequest, form: ReportForm, status: int = 200, alike: Sequence[Likeness] = ()) -> HttpResponse:
    """The form with the files that wait for it; `alike`: what it asks about before it is sent."""
    drafts = drafts_of(request.user, form.draft_key) if form.draft_key else []
    return render(request, "incidents/report.html", {"form": form, "drafts": drafts, "alike": alike}, status=status)
