"""The leader's page: five numbers against last week, five places that need help, what burns; and its one-page brief."""

from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.brief.content import Brief, brief_of, close_in_words
from dispatch.brief.word import write_docx
from dispatch.overview.board import Show, tops_of
from dispatch.overview.leader import Overview, cases_at, overview_of
from grids.models import Ability, Kind, Unit
from grids.views.access import for_holders_of, unit_or_404

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LOOKS = {
    Show.OPEN: ("", ""),
    Show.OVERDUE: ("overdue", "alert-triangle"),
    Show.DUE: ("soon", "clock-exclamation"),
    Show.CLOSED: ("done", "circle-check"),
    Show.SERIOUS: ("", ""),
}
"""Tone and sign of each number, as on the board."""


@for_holders_of(Ability.SEE_BOARD)
def leader(request: UserRequest, code: str = "") -> HttpResponse:
    """The page of one unit; without a code that of the first unit served, or of the whole district."""
    at, tops, unit = clock.now(), tops_of(request.user), _unit(request.user, code)
    found = overview_of(unit, request.user, at=at)
    context: dict[str, Any] = {
        "at": at,
        "unit": unit,
        "tops": tops or [],
        "found": found,
        "tiles": _tiles(unit, found),
        "closed_in_words": close_in_words(found.close) if found.close else "",
        "overdue_url": _behind(unit, Show.OVERDUE),
        "serious_url": _behind(unit, Show.SERIOUS),
    }
    return render(request, "dispatch/leader.html", context)


@for_holders_of(Ability.SEE_BOARD)
def leader_cases(request: UserRequest, code: str) -> HttpResponse:
    """The cases behind one place that needs help. A foreign unit and a missing one answer alike."""
    at, unit = clock.now(), unit_or_404(request.user, code)
    rows = cases_at(unit, request.user, at=at)
    context = {"at": at, "unit": unit, "page": page_of(request, rows, rows.count())}
    return render(request, "dispatch/leader_cases.html", context)


@for_holders_of(Ability.SEE_BOARD)
def leader_brief(request: UserRequest, code: str = "") -> HttpResponse:
    """The same on one sheet of paper, to be printed."""
    unit = _unit(request.user, code)
    return render(request, "dispatch/leader_brief.html", {"brief": _brief(request.user, unit), "unit": unit})


@for_holders_of(Ability.SEE_BOARD)
def leader_brief_file(request: UserRequest, code: str = "") -> HttpResponseBase:
    """The same as a Word document."""
    brief, out = _brief(request.user, _unit(request.user, code)), BytesIO()
    write_docx(out, brief)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{brief.title}.docx", content_type=_WORD)


def _brief(user: User, unit: Unit | None) -> Brief:
    place = unit.name if unit else _("Whole district")
    return brief_of(place, overview_of(unit, user, at=clock.now()))


def _unit(user: User, code: str) -> Unit | None:
    """The unit of the address, or where the user's boards begin; None for the whole district."""
    if not code:
        tops = tops_of(user)
        return tops[0] if tops else None
    unit = unit_or_404(user, code)
    if unit.kind == Kind.HOUSEHOLD:  # a door has no page of its own
        raise Http404
    return unit


def _tiles(unit: Unit | None, found: Overview) -> list[dict[str, Any]]:
    """The five numbers, each with its look, its change and the way to its incidents."""
    tiles = []
    for number in found.numbers:
        tone, icon = _LOOKS[Show(number.name)]
        url = _behind(unit, Show(number.name))
        tiles.append({"number": number, "tone": tone if number.now else "", "icon": icon, "url": url})
    return tiles


def _behind(unit: Unit | None, show: Show) -> str:
    if unit is None:
        return reverse("dispatch:board_district_incidents", args=[show])
    return reverse("dispatch:board_incidents", args=[unit.code, show])
