"""The tables of a board as a workbook, as they stand now or stood at a past minute."""

from datetime import datetime
from typing import Final

from django.http import Http404, HttpResponse
from django.utils import timezone

import clock
from accounts.requests import UserRequest
from dispatch.overview import board_picture, board_sheet
from dispatch.overview.board import tops_of
from dispatch.replay import is_within_reach
from dispatch.views.board import place_or_404
from grids.models import Ability
from grids.views.access import for_holders_of

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_holders_of(Ability.SEE_BOARD)
def board_file(request: UserRequest, code: str = "", moment: datetime | None = None) -> HttpResponse:
    """A sheet for each table of the board; level 3 and up is whole here, not cut short as on the page."""
    now = clock.now()
    unit = place_or_404(request.user, code, tops_of(request.user))
    if moment and not is_within_reach(moment, now):
        raise Http404
    if moment:
        picture = board_picture.past(unit, request.user, at=moment, most=None)
    else:
        picture = board_picture.present(unit, request.user, at=now, most=None)
    name = f"board-{code or 'district'}-{timezone.localtime(picture.at):%Y%m%d-%H%M}.xlsx"
    return HttpResponse(
        board_sheet.write(picture),
        content_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
