"""The board for the wall of a command room: dark, large, without menus, one picture after the other."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

import clock
from accounts.requests import UserRequest
from dispatch.live import live_page
from dispatch.overview import board_picture
from dispatch.overview.board import tops_of
from dispatch.overview.board_map import tone_of
from dispatch.views.board import board_url, picture_context, place_or_404, tiles_of
from grids.models import Ability
from grids.views.access import for_holders_of

PLACES_AT_ONCE: Final = 8
"""So many rows can be read from four metres on one screen."""


@for_holders_of(Ability.SEE_BOARD)
def board_wall(request: UserRequest, code: str = "") -> HttpResponse:
    """The same picture as the board's. What it turns through: the day's line, then the places, eight at a time."""
    tops = tops_of(request.user)
    unit = place_or_404(request.user, code, tops)
    live = live_page(unit)  # before the figures: what commits meanwhile is fetched twice, never missed
    picture = board_picture.present(unit, request.user, at=clock.now())
    rows = [(row, *tone_of(row.figures)) for row in picture.rows]
    context = {
        **picture_context(picture, tops, board_url),
        "live": live,
        "tiles": tiles_of(picture.total),
        "screens": [rows[first : first + PLACES_AT_ONCE] for first in range(0, len(rows), PLACES_AT_ONCE)],
        "back_url": board_url(unit),
    }
    return render(request, "dispatch/board_wall.html", context)
