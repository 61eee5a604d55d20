"""The board for the wall of a command room: dark, large, without menus, one picture after the other."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

import clock
from accounts.requests import UserRequest
from dispatch.live import LivePage, live_page
from dispatch.overview import board_picture
from dispatch.overview.board import tops_of
from dispatch.overview.board_map import tone_of
from dispatch.views.board import board_url, picture_context, place_or_own, renewed, tiles_of
from grids.models import Ability, Unit
from grids.views.access import for_holders_of

PLACES_AT_ONCE: Final = 8
"""So many rows can be read from four metres on one screen."""


@for_holders_of(Ability.SEE_BOARD)
def board_wall(request: UserRequest, code: str = "") -> HttpResponse:
    """The same picture as the board's. What it turns through: the day's line, then the places, eight at a time."""
    unit = place_or_own(request.user, code, tops_of(request.user))
    live = live_page(unit)  # before the figures: what commits meanwhile is fetched twice, never missed
    if "HX-Request" in request.headers:
        return renewed(request, unit, live, lambda: _render(request, "dispatch/_wall_renewal.html", unit, live))
    return _render(request, "dispatch/board_wall.html", unit, live)


def _render(request: UserRequest, template: str, unit: Unit | None, live: LivePage) -> HttpResponse:
    picture = board_picture.present(unit, request.user, at=clock.now())
    rows = [(row, *tone_of(row.figures)) for row in picture.rows]
    context = {
        **picture_context(picture, tops_of(request.user), board_url),
        "live": live,
        "tiles": tiles_of(picture),
        "screens": [rows[first : first + PLACES_AT_ONCE] for first in range(0, len(rows), PLACES_AT_ONCE)],
        "back_url": board_url(unit),
    }
    return render(request, template, context)
