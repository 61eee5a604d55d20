"""A board as it was: any minute of the last ninety days, told from history."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.paging import counted_page
from accounts.requests import UserRequest
from dispatch import rules
from dispatch.limits import close_out_time
from dispatch.overview import board_past, board_picture
from dispatch.overview.board import Show, sees_own_only, tops_of
from dispatch.replay import REACH, is_within_reach
from dispatch.views.board import board_url, picture_context, place_or_404, place_or_own, tiles_of, trail_of, url_of
from grids.models import Ability, Unit
from grids.views.access import for_holders_of

STEP = timedelta(minutes=15)
"""How far the slider and the arrow keys go."""
_DAY = timedelta(days=1)


@for_holders_of(Ability.SEE_BOARD)
def replay_start(request: UserRequest, code: str = "") -> HttpResponse:
    """To the minute that the form names (`?day=2026-11-20&time=15:45`); without one, to yesterday's close-out."""
    unit = place_or_own(request.user, code, tops_of(request.user))
    wanted, now = request.GET.get("day"), clock.now()
    moment = _moment(wanted, request.GET.get("time", "")) if wanted else None
    if moment is None or not is_within_reach(moment, now):
        if wanted:
            messages.error(request, _("Give a day of the last 90 days and a time that is past."))
        moment = rules.line_of(timezone.localdate(now) - _DAY, close_out_time())
    return redirect(url_of("replay", unit, moment))


@for_holders_of(Ability.SEE_BOARD)
def replay(request: UserRequest, moment: datetime, code: str = "") -> HttpResponse:
    """The board of a unit at a past minute. 404 for what lies ahead or further back than history is replayed."""
    tops, now = tops_of(request.user), clock.now()
    unit = place_or_404(request.user, code, tops)
    if not is_within_reach(moment, now):
        raise Http404
    picture = board_picture.past(unit, request.user, at=moment)
    context = {
        **picture_context(picture, tops, partial(_place_url, moment)),
        **_steps(unit, moment, now),
        "tiles": tiles_of(picture, partial(_behind_url, unit, moment)),
        "serious_url": _behind_url(unit, moment, Show.SERIOUS),
        "sees_own_only": sees_own_only(request.user),
        "live_url": board_url(unit),
        "start_url": url_of("replay_start", unit),
        "file_url": url_of("replay_file", unit, moment),
        "earliest": timezone.localdate(now - REACH),
        "today": timezone.localdate(now),
    }
    return render(request, "dispatch/board_replay.html", context)


@for_holders_of(Ability.SEE_BOARD)
def replay_incidents(request: UserRequest, moment: datetime, show: str, code: str = "") -> HttpResponse:
    """The incidents that one of the numbers counted at that minute, as they stood then."""
    tops = tops_of(request.user)
    unit = place_or_404(request.user, code, tops)
    if show not in Show.values or not is_within_reach(moment, clock.now()):
        raise Http404
    keys = board_past.behind(unit, Show(show), request.user, at=moment)
    page = counted_page(request, keys, len(keys))
    page.object_list = board_past.as_they_stood(page.object_list, at=moment)
    label = Show(show).said(is_past=True)
    context = {
        "at": moment,
        "show": Show(show),
        "label": label,
        "unit": unit,
        "board_url": _place_url(moment, unit),
        "trail": [*trail_of(unit, tops, partial(_place_url, moment)), (label, "")],
        "page": page,
    }
    return render(request, "dispatch/board_replay_incidents.html", context)


def _steps(unit: Unit | None, moment: datetime, now: datetime) -> dict[str, Any]:
    """The ways to the minutes around this one, and the day's slider: quarter hours since midnight, up to now."""
    midnight = rules.start_of(timezone.localdate(moment))
    ways = {"before": -STEP, "after": STEP, "day_before": -_DAY, "day_after": _DAY}
    return {
        **{
            name: url_of("replay", unit, moment + by) if is_within_reach(moment + by, now) else ""
            for name, by in ways.items()
        },
        "quarter": (moment - midnight) // STEP,
        "last_quarter": (min(now, midnight + _DAY - STEP) - midnight) // STEP,
        # The script of the slider writes the time in place of the last five characters before the slash.
        "slider_url": url_of("replay", unit, midnight),
    }


def _place_url(moment: datetime, unit: Unit | None) -> str:
    return url_of("replay", unit, moment)


def _behind_url(unit: Unit | None, moment: datetime, show: Show) -> str:
    return url_of("replay_incidents", unit, moment, show)


def _moment(day: str, time: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.fromisoformat(f"{day}T{time}"))
    except ValueError:
        return None
