"""The board: five numbers and a table that opens down the tree. Every number opens to its incidents."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.overview.board import Show, board_of, incidents_of, sees_own_only, tops_of
from dispatch.selectors import Figures, by_minutes_left
from grids.models import Ability, Kind, Unit
from grids.modes import orders_around
from grids.views.access import for_holders_of, unit_or_404
from incidents.selectors import with_place

MOST_SERIOUS = 10


@for_holders_of(Ability.SEE_BOARD)
def board(request: UserRequest) -> HttpResponse:
    """The board that the user's work begins with: the district's, or that of the first unit served."""
    tops = tops_of(request.user)
    return _board(request, tops[0] if tops else None, tops)


@for_holders_of(Ability.SEE_BOARD)
def board_unit(request: UserRequest, code: str) -> HttpResponse:
    """The board of one unit. A foreign unit and a missing one answer alike."""
    return _board(request, _unit_or_404(request.user, code), tops_of(request.user))


@for_holders_of(Ability.SEE_BOARD)
def board_incidents(request: UserRequest, show: str, code: str = "") -> HttpResponse:
    """The incidents behind one number of a board."""
    at, tops = clock.now(), tops_of(request.user)
    if show not in Show.values or (not code and tops is not None):
        raise Http404
    unit = _unit_or_404(request.user, code) if code else None
    incidents = incidents_of(unit, Show(show), request.user, at=at)
    rows = by_minutes_left(with_place(incidents))
    context = {
        "at": at,
        "show": Show(show),
        "unit": unit,
        "trail": [*_trail(unit, tops), (Show(show).label, "")],
        "page": page_of(request, rows, incidents.count()),
    }
    return render(request, "dispatch/board_incidents.html", context)


def _board(request: UserRequest, unit: Unit | None, tops: list[Unit] | None) -> HttpResponse:
    at = clock.now()
    total, rows = board_of(unit, request.user, at=at)
    serious = with_place(by_minutes_left(incidents_of(unit, Show.SERIOUS, request.user, at=at)))
    context: dict[str, Any] = {
        "at": at,
        "unit": unit,
        "tops": tops or [],
        "trail": _trail(unit, tops),
        "figures": total,
        "tiles": _tiles(unit, total),
        "rows": rows,
        "most_open": max((row.figures.open for row in rows), default=0),
        "serious": serious[:MOST_SERIOUS],
        "serious_url": _incidents_url(unit, Show.SERIOUS),
        "emergencies": orders_around([unit] if unit else None, at),
        "sees_own_only": sees_own_only(request.user),
        "is_top": unit is None or unit in (tops or []),
    }
    return render(request, "dispatch/board.html", context)


def _unit_or_404(user: User, code: str) -> Unit:
    unit = unit_or_404(user, code)
    if unit.kind == Kind.HOUSEHOLD:  # a door has no board
        raise Http404
    return unit


def _trail(unit: Unit | None, tops: list[Unit] | None) -> list[tuple[str, str]]:
    """From the highest unit that the user's boards reach down to this one."""
    trail = [(_("Whole district"), reverse("dispatch:board"))] if tops is None else []
    if unit is None:
        return trail
    starts = {top.pk for top in tops or []}
    path = unit.path
    begins = next((index for index, place in enumerate(path) if place.pk in starts), 0)
    return trail + [(place.name, reverse("dispatch:board_unit", args=[place.code])) for place in path[begins:]]


def _tiles(unit: Unit | None, figures: Figures) -> list[dict[str, Any]]:
    """The five numbers, each with its tone and the way to its incidents."""
    tiles = (
        (Show.OPEN, figures.open, "", ""),
        (Show.OVERDUE, figures.overdue, "overdue", "alert-triangle"),
        (Show.DUE, figures.due_today, "soon", "clock-exclamation"),
        (Show.CLOSED, figures.closed_today, "done", "circle-check"),
        (Show.SERIOUS, figures.serious, "", ""),
    )
    return [
        {"url": _incidents_url(unit, show), "label": show.label, "number": number, "tone": tone, "icon": icon}
        for show, number, tone, icon in tiles
    ]


def _incidents_url(unit: Unit | None, show: Show) -> str:
    if unit is None:
        return reverse("dispatch:board_district_incidents", args=[show])
    return reverse("dispatch:board_incidents", args=[unit.code, show])
