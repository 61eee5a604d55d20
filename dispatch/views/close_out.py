"""The daily close-out: live until the line, frozen ever after."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.models import User
from accounts.paging import first_of
from accounts.requests import UserRequest
from dispatch.overview import close_out as overview
from dispatch.selectors import by_minutes_left
from grids.models import Ability, Unit
from grids.views.access import for_holders_of
from incidents.selectors import with_place

MOST_ROWS = 100
MADE_UP_FOR = timedelta(minutes=5)
"""A beat is at most a minute late; a close-out frozen later than this says so."""


@for_holders_of(Ability.CLOSE_OUT)
def close_out(request: UserRequest) -> HttpResponse:
    """How the next close-out would end: by community for one street (`?street=CODE`), by street for a district."""
    at, known = clock.now(), list(overview.streets_of(request.user))
    streets = _chosen(known, request.GET.get("street"))
    street = streets[0] if len(streets) == 1 else None
    window = overview.window_at(at)
    rows = overview.rows_of(request.user, streets, window=window, at=at)
    owed = by_minutes_left(with_place(overview.still_owed(request.user, street, window=window)))
    today = timezone.localdate(at)
    context: dict[str, Any] = {
        "at": at,
        "line": window.line,
        "is_today": timezone.localdate(window.line) == today,
        "street": street,
        "has_several": len(known) > 1,
        "rows": rows,
        "total": {name: sum(getattr(row, name) for row in rows) for name in ("due", "closed", "owed", "open", "late")},
        "owed": first_of(owed, MOST_ROWS),
        "most_rows": MOST_ROWS,
        "days": overview.days_of(streets),
        "today": today,
    }
    return render(request, "dispatch/close_out.html", context)


@for_holders_of(Ability.CLOSE_OUT)
def close_out_day(request: UserRequest, day: date) -> HttpResponse:
    """The frozen close-outs of one day: straight to the report when there is one street only."""
    closings = list(overview.closings_of(list(overview.streets_of(request.user))).filter(day=day))
    if not closings:
        raise Http404(_("No close-out was frozen on this day."))
    if len(closings) == 1:
        return redirect("dispatch:close_out_report", closings[0].street.code, day)
    return render(request, "dispatch/close_out_day.html", {"day": day, "closings": closings})


@for_holders_of(Ability.CLOSE_OUT)
def close_out_report(request: UserRequest, code: str, day: date) -> HttpResponse:
    """One street's frozen report. What moved since is shown beside it, never in it."""
    street = _street_or_404(request.user, code)
    closing = get_object_or_404(overview.closings_of([street]), day=day)
    lines = list(overview.lines_of(closing))
    context = {
        "closing": closing,
        "lines": lines,
        "moved": sum(line.status_now != line.status for line in lines),  # type: ignore[attr-defined]
        "communities": Counter(line.community_name for line in lines).most_common(),
        "at": clock.now(),
        "is_late": closing.frozen_at - closing.due_at >= MADE_UP_FOR,
    }
    return render(request, "dispatch/close_out_report.html", context)


def _chosen(known: list[Unit], code: str | None) -> list[Unit]:
    if not code:
        return known
    chosen = [street for street in known if street.code == code]
    if not chosen:
        raise Http404(_("No unit with this code is known here."))
    return chosen


def _street_or_404(user: User, code: str) -> Unit:
    return get_object_or_404(overview.streets_of(user), code=code)
