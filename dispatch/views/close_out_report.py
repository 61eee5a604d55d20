"""The frozen close-out of a street or of a district: on the page, on paper, as Word and Excel."""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import IO, Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.day_report.content import MADE_UP_FOR, MOST_ON_PAPER, Report, of_district, of_street, signatures
from dispatch.day_report.excel import write_xlsx
from dispatch.day_report.word import write_docx
from dispatch.models import DayClose
from dispatch.overview import close_out as overview
from dispatch.overview.close_out_report import compared, day_before, lines_on, totals
from dispatch.selectors import streets_closed_by
from grids.models import Ability, Unit
from grids.views.access import for_holders_of

MOST_IN_WORKBOOK: Final = 50_000
_WRITERS: Final[dict[str, Callable[[IO[bytes], Report], None]]] = {"docx": write_docx, "xlsx": write_xlsx}
_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@for_holders_of(Ability.CLOSE_OUT)
def close_out_day(request: UserRequest, day: date) -> HttpResponse:
    """The frozen close-outs of one day: straight to the report when there is one street only."""
    closings = _closings_or_404(request.user, day)
    if len(closings) == 1:
        return redirect("dispatch:close_out_report", closings[0].street.code, day)
    before = day_before([closing.street for closing in closings], day)
    figures = compared(totals(closings), totals(before) if before else None)
    return render(request, "dispatch/close_out_day.html", {"day": day, "closings": closings, "figures": figures})


@for_holders_of(Ability.CLOSE_OUT)
def close_out_report(request: UserRequest, code: str, day: date) -> HttpResponse:
    """One street's frozen report, by community (`?community=`). What moved since is shown beside it, never in it."""
    closing = _closing_or_404(request.user, code, day)
    lines = overview.lines_of(closing)
    moved, unexplained = Q(incident__status=F("status")), Q(is_late=True, reasons=None)
    counts = lines.order_by().aggregate(
        all=Count("pk", distinct=True),
        unmoved=Count("pk", filter=moved, distinct=True),
        unexplained=Count("pk", filter=unexplained, distinct=True),
    )
    communities = dict(lines.order_by().values_list("community_name").annotate(Count("pk")))
    chosen, count = request.GET.get("community"), counts["all"]
    if chosen in communities:
        lines, count = lines.filter(community_name=chosen), communities[chosen]
    before = day_before([closing.street], day)
    context: dict[str, Any] = {
        "closing": closing,
        "figures": compared(totals([closing]), totals(before) if before else None),
        "page": page_of(request, lines, count),
        "counts": counts,
        "moved": counts["all"] - counts["unmoved"],
        "communities": sorted(communities.items(), key=lambda row: (-row[1], row[0])),
        "chosen": chosen if chosen in communities else None,
        "at": clock.now(),
        "is_late": closing.frozen_at - closing.due_at >= MADE_UP_FOR,
    }
    return render(request, "dispatch/close_out_report.html", context)


@for_holders_of(Ability.CLOSE_OUT)
def close_out_sheet(request: UserRequest, day: date, code: str = "", kind: str = "") -> HttpResponse | FileResponse:
    """The sheet for the files, of a street or (without `code`) of all the user's streets: to print, as docx or xlsx."""
    most = MOST_IN_WORKBOOK if kind == "xlsx" else MOST_ON_PAPER
    report = _report_of_street(request.user, code, day, most) if code else _report_of_all(request.user, day, most)
    if kind:
        out = BytesIO()
        _WRITERS[kind](out, report)
        out.seek(0)
        return FileResponse(out, as_attachment=True, filename=f"{report.title}.{kind}", content_type=_TYPES[kind])
    context = {"report": report, "code": code, "day": day, "signatures": signatures()}
    return render(request, "dispatch/close_out_sheet.html", context)


def _report_of_street(user: User, code: str, day: date, most: int) -> Report:
    closing = _closing_or_404(user, code, day)
    before = day_before([closing.street], day)
    return of_street(closing, list(lines_on([closing])), before[0] if before else None, most=most)


def _report_of_all(user: User, day: date, most: int) -> Report:
    closings = sorted(_closings_or_404(user, day), key=lambda closing: closing.street.code)
    streets = [closing.street for closing in closings]
    place = streets[0].name if len(streets) == 1 else str(streets[0].district)
    return of_district(place, closings, list(lines_on(closings)), day_before(streets, day), most=most)


def _closings_or_404(user: User, day: date) -> Sequence[DayClose]:
    closings = list(overview.closings_of(list(streets_closed_by(user))).filter(day=day))
    if not closings:
        raise Http404(_("No close-out was frozen on this day."))
    return closings


def _closing_or_404(user: User, code: str, day: date) -> DayClose:
    """The closing; `is_latest` says that no later one has asked anew."""
    street: Unit = get_object_or_404(streets_closed_by(user), code=code)
    later = DayClose.objects.filter(street=OuterRef("street"), day__gt=OuterRef("day"))
    return get_object_or_404(overview.closings_of([street]).annotate(is_latest=~Exists(later)), day=day)
