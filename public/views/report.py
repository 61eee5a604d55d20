"""From the sheet on the wall to a report, in a minute and without an account."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.errors import Refused
from incidents.actors import RESIDENT
from incidents.attachments import accept_file, drafts_of
from incidents.forms.fields import typed
from incidents.selectors import category_reported
from incidents.texts import clean_text
from public import throttle
from public.codes import read_code
from public.consent import consent_seen, current_consent
from public.forms import MOST_PHOTOS, CodeForm, ReportForm
from public.kept_photos import kept_photos, remove_photo
from public.kinds import offered_kinds
from public.models import PlaceCode, ResidentReport
from public.place_codes import live_place, place_of
from public.reporting import LONGEST, Said, send_report
from public.views.guard import MOST_BYTES, for_everybody, is_attacked, note_sent, refuse, show

REMOVE: Final = "remove_photo"
"""The button on a photo that the form has kept."""
_ANY: Final = 10**6
"""Longer than any request: for words that are compared, not kept."""


@for_everybody()
def door(request: HttpRequest) -> HttpResponse:
    """`/q/`: the code typed by hand, for those who can't scan. Every wrong code gets the same answer."""
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return show(request, "public/door.html", {"form": CodeForm()})
    if throttle.CODE_MISSED.is_over(throttle.address_of(request)):
        return refuse(request, "too_often", status=429)
    if form.is_valid():
        code = read_code(form.cleaned_data["code"])
        if place_of(code):
            return redirect("public:report", code)
        throttle.CODE_MISSED.count(throttle.address_of(request))
        form.add_error("code", _("No place has this code. Compare it with the sheet; the newest sheet counts."))
    return show(request, "public/door.html", {"form": form}, status=422)


@for_everybody(MOST_BYTES)
def report(request: HttpRequest, code: str) -> HttpResponse:
    """`/q/<code>/`: the report page of one place. The same form twice is the same report."""
    if throttle.CODE_MISSED.is_over(throttle.address_of(request)):
        return refuse(request, "too_often", status=429)
    place_code = place_of(read_code(code))
    if place_code is None:
        throttle.CODE_MISSED.count(throttle.address_of(request))
        return show(request, "public/door.html", {"form": CodeForm(), "is_wrong": True}, status=404)
    if request.method != "POST":
        return _page(request, place_code, _form(request, place_code))
    if throttle.SENT_FAR_TOO_OFTEN.is_over(throttle.address_of(request)):
        return refuse(request, "too_often", status=429)
    form = _form(request, place_code, request.POST, request.FILES)
    form.is_valid()
    if request.FILES and (other := _sent_with_other_words(form)):
        return _sent_before(request, place_code, form, other)
    _take_photos(form, form.draft_key)
    if REMOVE in request.POST:
        remove_photo(form.draft_key, request.POST[REMOVE])
        return _page(request, place_code, _form(request, place_code, initial=typed(request.POST)))
    if form.is_caught:
        note_sent(request, place_code.pk)
    elif form.is_valid() and (answer := _send(request, place_code, form)):
        return answer
    return _page(request, place_code, form, status=422)


def _form(request: HttpRequest, place_code: PlaceCode, *data: Any, **more: Any) -> ReportForm:
    return ReportForm(*data, kinds=offered_kinds(), is_attacked=is_attacked(request, place_code.pk), **more)


def _take_photos(form: ReportForm, key: uuid.UUID | None) -> None:
    """Keep the photos under the form's id, so that a form that comes back keeps them; say what is wrong with others."""
    if key is None or form.is_caught or "sum_answer" in form.errors:
        return
    for file in form.cleaned_data.get("photos") or []:
        try:
            if drafts_of(RESIDENT, key).count() < MOST_PHOTOS:
                accept_file(file, actor=RESIDENT, draft_key=key)
        except Refused as refusal:
            form.add_error("photos", refusal.message)


def _send(request: HttpRequest, place_code: PlaceCode, form: ReportForm) -> HttpResponse | None:
    """The way to the progress page; None when the rules refuse, with the reason beside its field."""
    data = form.cleaned_data
    category = form.kinds.category(data["kind"])
    try:
        text = clean_text(data["text"], limit=LONGEST, field="text", required=True)
        known = _known(data["client_uuid"])
        if known and not _is_same(known, text, category.code):
            return _sent_before(request, place_code, form, known)
        said = Said(place_code, category, text, consent_seen(data["consent"]), data["phone"], data["client_uuid"])
        sent = send_report(said)
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
    if not known:
        note_sent(request, place_code.pk)
    return redirect("public:progress", sent.link)


def _known(client_uuid: uuid.UUID) -> ResidentReport | None:
    """The report that the form of this id was sent as."""
    return ResidentReport.objects.filter(incident__client_uuid=client_uuid).select_related("incident__category").first()


def _is_same(known: ResidentReport, text: str, kind: str) -> bool:
    return (known.incident.description, category_reported(known.incident)) == (text, kind)


def _sent_with_other_words(form: ReportForm) -> ResidentReport | None:
    """What this form was sent as before, where something else stands in it now: its photos are no part of that."""
    known = _known(form.draft_key) if form.draft_key else None
    if known is None or set(form.errors) - {"sum_answer"}:
        return known
    text = clean_text(form.cleaned_data["text"], limit=_ANY, field="text")
    return None if _is_same(known, text, form.cleaned_data["kind"]) else known


def _sent_before(request: HttpRequest, place_code: PlaceCode, form: ReportForm, known: ResidentReport) -> HttpResponse:
    """Somebody went back in the browser and wrote something else into a form that was sent already."""
    text = _("This form was sent already, as %(number)s. If this is another matter, press the button again.")
    messages.warning(request, text % {"number": known.incident.number})
    key = uuid.uuid4()
    _take_photos(form, key)
    initial = {"kind": form.data.get("kind"), "text": form.data.get("text"), "phone": form.data.get("phone")}
    return _page(request, place_code, _form(request, place_code, initial=initial | {"client_uuid": key}))


def _page(request: HttpRequest, place_code: PlaceCode, form: ReportForm, status: int = 200) -> HttpResponse:
    consent = current_consent()
    form.initial["consent"] = consent.version
    if form.is_attacked:
        form.ask_sum()
    context = {
        "form": form,
        "code": place_code,
        "place": live_place(place_code.unit),
        "consent": consent,
        "photos": kept_photos(form.draft_key) if request.method == "POST" else [],
    }
    return show(request, "public/report.html", context, status=status)
