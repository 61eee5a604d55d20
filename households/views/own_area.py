"""My area: the units of one's own posts, and behind which door who lives. For the phone, on the stairs."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

import clock
from accounts.requests import UserRequest
from grids.models import Ability
from grids.selectors import branches, home_units
from grids.views.access import for_holders_of
from households import selectors
from households.models import Household
from households.paging import Stretch, stretch
from households.registers.areas import within
from households.searching import LONGEST, at_door
from households.views.areas import Place, place_of
from households.views.shown import homes

_ORDER = ("unit__tree_id", "unit__lft")


@never_cache
@for_holders_of(Ability.REPORT)
@require_http_methods(["GET", "POST"])
def own_area(request: UserRequest) -> HttpResponse:
    """A unit of the own area (`?unit=CODE`): what lies below it, or the doors of the smallest; no document numbers.

    A door is searched by POST: where somebody lives has no place in an address of the web.
    """
    place, typed = place_of(request, Ability.REPORT), request.POST.get("door", "").replace("\x00", "").strip()[:LONGEST]
    own, rights, on = home_units(request.user), selectors.Rights(request.user), clock.today()
    sees = place.area is not None and rights.sees(place.area)
    page = _doors(request, place, typed) if sees else Stretch[Household]([])
    context: dict[str, Any] = {
        "at": clock.now(),
        "place": place,
        "own": own if len(own) > 1 else [],
        "branches": [] if typed else branches(place.below),
        "typed": typed,
        "sees": sees,
        "is_list": bool(typed) or not place.below,
        "page": page,
        "homes": homes(page.rows, rights, on),
    }
    return render(request, "households/own_area.html", context)


def _doors(request: UserRequest, place: Place, typed: str) -> Stretch[Household]:
    """The doors of the smallest unit, a page at a time; or those of the whole area that were asked for."""
    if place.below and not typed:
        return Stretch([])
    doors = Household.objects.filter(within(place.area), unit__retired_at=None).select_related("unit__micro_grid")
    if typed:
        return stretch(doors.filter(at_door(typed)), _ORDER)
    return stretch(doors, _ORDER, request.GET.get("page", ""))
