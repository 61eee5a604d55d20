"""The board: five numbers, a tree map and a table that open down the tree, the day's hours, level 3 and up.

Every number opens to its incidents. The same page shows a past minute (`dispatch.views.board_replay`).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.live import LivePage, live_page
from dispatch.live.renewals import shared
from dispatch.overview import board_picture
from dispatch.overview.board import Show, incidents_of, sees_own_only, sees_whole, tops_of
from dispatch.overview.board_map import maps_of
from dispatch.overview.board_picture import Picture
from dispatch.overview.board_sheet import name_of
from dispatch.selectors import by_minutes_left
from grids.models import Ability, Kind, Unit
from grids.modes import orders_around
from grids.views.access import for_holders_of, unit_or_404
from incidents.selectors import with_place


@for_holders_of(Ability.SEE_BOARD)
def board(request: UserRequest) -> HttpResponse:
    """The board that the user's work begins with: the district's, or that of the first unit served."""
    tops = tops_of(request.user)
    return _board(request, tops[0] if tops else None, tops)


@for_holders_of(Ability.SEE_BOARD)
def board_unit(request: UserRequest, code: str) -> HttpResponse:
    """The board of one unit. A foreign unit and a missing one answer alike."""
    return _board(request, board_unit_or_404(request.user, code), tops_of(request.user))


@for_holders_of(Ability.SEE_BOARD)
def board_incidents(request: UserRequest, show: str, code: str = "") -> HttpResponse:
    """The incidents behind one number of a board."""
    at, tops = clock.now(), tops_of(request.user)
    if show not in Show.values:
        raise Http404
    unit = place_or_404(request.user, code, tops)
    incidents = incidents_of(unit, Show(show), request.user, at=at)
    rows = by_minutes_left(with_place(incidents))
    context = {
        "at": at,
        "show": Show(show),
        "unit": unit,
        "trail": [*trail_of(unit, tops, board_url), (Show(show).label, "")],
        "page": page_of(request, rows, incidents.count()),
    }
    return render(request, "dispatch/board_incidents.html", context)


def _board(request: UserRequest, unit: Unit | None, tops: list[Unit] | None) -> HttpResponse:
    live = live_page(unit)  # before the figures: what commits meanwhile is fetched twice, never missed
    if "HX-Request" in request.headers:
        return renewed(request, unit, live, lambda: _render(request, "dispatch/_board_renewal.html", unit, live, tops))
    return _render(request, "dispatch/board.html", unit, live, tops)


def _render(
    request: UserRequest, template: str, unit: Unit | None, live: LivePage, tops: list[Unit] | None
) -> HttpResponse:
    at = clock.now()
    picture = board_picture.present(unit, request.user, at=at)
    context = {
        **picture_context(picture, tops, board_url),
        "live": live,
        "tops": tops or [],
        "tiles": tiles_of(picture, partial(_incidents_url, unit)),
        "serious_url": _incidents_url(unit, Show.SERIOUS),
        "emergencies": orders_around([unit] if unit else None, at),
        "sees_own_only": sees_own_only(request.user),
        "is_top": unit is None or unit in (tops or []),
        "wall_url": url_of("board_wall", unit),
        "replay_url": url_of("replay_start", unit),
        "file_url": url_of("board_file", unit),
    }
    return render(request, template, context)


def renewed(request: UserRequest, unit: Unit | None, live: LivePage, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The parts of a board or wall that follow: one answer for all who see the whole of the unit."""
    answer = shared(request, unit, live, make) if sees_whole(request.user, unit) else make()
    patch_vary_headers(answer, ["HX-Request"])  # the address has a page, too
    return answer


def picture_context(picture: Picture, tops: list[Unit] | None, place_url: Any) -> dict[str, Any]:
    """What the parts of the page need that a board of now and one of a past minute have in common."""
    whole = _("%(unit)s as a whole") % {"unit": name_of(picture)}
    return {
        "at": picture.at,
        "unit": picture.unit,
        "picture": picture,
        "rows": [(row, place_url(row.unit) if row.unit else "") for row in picture.rows],
        "maps": maps_of(picture.rows, place_url, whole=whole),
        "closed_label": Show.CLOSED.said(is_past=picture.is_past),
        "most_open": max((row.figures.open for row in picture.rows), default=0),
        "line": next(hour for hour in picture.hours if hour.line),
        "trail": trail_of(picture.unit, tops, place_url),
    }


def place_or_404(user: User, code: str, tops: list[Unit] | None) -> Unit | None:
    """The unit of a board; no code is the whole district, for whose boards begin there."""
    if not code and tops is not None:
        raise Http404
    return board_unit_or_404(user, code) if code else None


def place_or_own(user: User, code: str, tops: list[Unit] | None) -> Unit | None:
    """The same for an address that somebody types by heart: no code is where the user's work begins."""
    return tops[0] if tops and not code else place_or_404(user, code, tops)


def board_unit_or_404(user: User, code: str) -> Unit:
    """A unit that the user may see and that can have a board."""
    unit = unit_or_404(user, code)
    if unit.kind == Kind.HOUSEHOLD:  # a door has no board
        raise Http404
    return unit


def board_url(unit: Unit | None) -> str:
    """The board of a unit, or of the whole district."""
    return reverse("dispatch:board_unit", args=[unit.code]) if unit else reverse("dispatch:board")


def url_of(name: str, unit: Unit | None, *more: object) -> str:
    """The address of a page about a unit or, without one, about the whole district."""
    return reverse(f"dispatch:{name}", args=[unit.code, *more] if unit else more)


def trail_of(unit: Unit | None, tops: list[Unit] | None, place_url: Any) -> list[tuple[str, str]]:
    """From the highest unit that the user's boards reach down to this one."""
    trail = [(_("Whole district"), place_url(None))] if tops is None else []
    if unit is None:
        return trail
    starts = {top.pk for top in tops or []}
    path = unit.path
    begins = next((index for index, place in enumerate(path) if place.pk in starts), 0)
    return trail + [(place.name, place_url(place)) for place in path[begins:]]


def tiles_of(picture: Picture, url: Any = None) -> list[dict[str, Any]]:
    """The five numbers, each with its tone and, where there is one, the way to its incidents."""
    figures = picture.total
    tiles = (
        (Show.OPEN, figures.open, "", ""),
        (Show.OVERDUE, figures.overdue, "overdue", "alert-triangle"),
        (Show.DUE, figures.due_today, "soon", "clock-exclamation"),
        (Show.CLOSED, figures.closed_today, "done", "circle-check"),
        (Show.SERIOUS, figures.serious, "", ""),
    )
    return [
        {
            "url": url(show) if url else "",
            "label": show.said(is_past=picture.is_past),
            "number": number,
            "tone": tone,
            "icon": icon,
        }
        for show, number, tone, icon in tiles
    ]


def _incidents_url(unit: Unit | None, show: Show) -> str:
    return (
        reverse("dispatch:board_incidents", args=[unit.code, show])
        if unit
        else reverse("dispatch:board_district_incidents", args=[show])
    )
