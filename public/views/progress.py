"""What became of a report: by its secret link, or by number and query code."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused
from public import qr, reporting, throttle
from public.forms import AddForm, RateForm, ReopenForm, TrackForm
from public.models import ResidentReport
from public.progress import done_of, events_of, progress_of
from public.views.guard import for_everybody, refuse, show


@for_everybody()
def track(request: HttpRequest) -> HttpResponse:
    """`/r/`: number and query code. A wrong code and an unknown number get the same answer, at the same cost."""
    form = TrackForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "public/track.html", {"form": form}, status=422 if form.errors else 200)
    sender, number = throttle.address_of(request), reporting.read_number(form.cleaned_data["number"])
    if throttle.TRACK_MISSED.is_over(sender) or throttle.NUMBER_MISSED.is_over(number):
        return refuse(request, "too_often", status=429)
    found = reporting.report_by_number(number, form.cleaned_data["secret"])
    if found:
        return redirect("public:progress", found.link)
    throttle.TRACK_MISSED.count(sender)
    throttle.NUMBER_MISSED.count(number)
    form.add_error(None, _("Number and query code don't go together. Both stand on the page you saw after reporting."))
    return show(request, "public/track.html", {"form": form}, status=422)


def _by_link(view: Callable[[HttpRequest, ResidentReport], HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the report of the address; a wrong link is answered as a wrong code is, and counted."""

    @wraps(view)
    def found(request: HttpRequest, link: str) -> HttpResponse:
        sender = throttle.address_of(request)
        if throttle.CODE_MISSED.is_over(sender):
            return refuse(request, "too_often", status=429)
        report = reporting.report_by_link(link)
        if report is None:
            throttle.CODE_MISSED.count(sender)
            return show(request, "public/track.html", {"form": TrackForm(), "is_wrong": True}, status=404)
        return view(request, report)

    return for_everybody()(found)


@_by_link
@require_safe
def progress(request: HttpRequest, report: ResidentReport) -> HttpResponse:
    return _page(request, report)


@_by_link
@require_POST
def add(request: HttpRequest, report: ResidentReport) -> HttpResponse:
    """Add something."""
    form = AddForm(request.POST)
    return _act(request, report, "add_form", form, _add, _("Added. Those who have it see it now."))


@_by_link
@require_POST
def rate(request: HttpRequest, report: ResidentReport) -> HttpResponse:
    """One press on one of three."""
    return _act(request, report, "rate_form", RateForm(request.POST), _rate, _("Thank you. We have noted it."))


@_by_link
@require_POST
def open_again(request: HttpRequest, report: ResidentReport) -> HttpResponse:
    """It isn't right yet: back to those who handled it."""
    said = _("Opened again. Those responsible see why.")
    return _act(request, report, "reopen_form", ReopenForm(request.POST), _open_again, said)


def _add(report: ResidentReport, data: dict[str, Any]) -> None:
    reporting.add_to(report, data["text"])


def _rate(report: ResidentReport, data: dict[str, Any]) -> None:
    reporting.evaluate(report, score=data["score"], text=data["text"])


def _open_again(report: ResidentReport, data: dict[str, Any]) -> None:
    reporting.open_again(report, reason=data["reason"])


def _act(
    request: HttpRequest,
    report: ResidentReport,
    name: str,
    form: Any,
    perform: Callable[[ResidentReport, dict[str, Any]], None],
    done: str,
) -> HttpResponse:
    """Do it and come back to the page, or show the page with what is wrong beside the field."""
    if throttle.ADDED.is_over(report.pk):
        return refuse(request, "too_often", status=429)
    if form.is_valid():
        try:
            perform(report, form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            throttle.ADDED.count(report.pk)
            messages.success(request, done)
            return redirect("public:progress", report.link)
    return _page(request, report, status=422, **{name: form})


def _page(request: HttpRequest, report: ResidentReport, *, status: int = 200, **forms: Any) -> HttpResponse:
    now = progress_of(report)
    link = qr.address("public:progress", report.link)
    context = {
        "now": now,
        "report": report,
        "incident": report.incident,
        "events": events_of(now),
        "done": done_of(now),
        "link": link,
        "qr": qr.svg(link, label=_("QR code of this page")),
        "rate_form": RateForm(auto_id="rate_%s"),
        "reopen_form": ReopenForm(auto_id="reopen_%s"),
        "add_form": AddForm(auto_id="add_%s"),
    }
    return show(request, "public/progress.html", context | forms, status=status)
