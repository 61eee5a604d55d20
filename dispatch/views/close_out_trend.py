"""The close-outs of the last weeks, for one street or for all that the user sees."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

import clock
from accounts.requests import UserRequest
from dispatch.overview import close_out_trend as overview
from dispatch.selectors import streets_closed_by
from dispatch.views.close_out import chosen_streets
from grids.models import Ability
from grids.views.access import for_holders_of


@for_holders_of(Ability.CLOSE_OUT)
def close_out_trend(request: UserRequest) -> HttpResponse:
    """`?days=14|30|90`, `?street=CODE`; a district is the sum of its streets, which are not ranked."""
    known = list(streets_closed_by(request.user))
    streets = chosen_streets(known, request.GET.get("street"))
    wanted = request.GET.get("days", "")
    span = int(wanted) if wanted in map(str, overview.SPANS) else overview.SPANS[0]
    days = overview.trend(streets, until=clock.today(), span=span)
    context: dict[str, Any] = {
        "at": clock.now(),
        "street": streets[0] if len(streets) == 1 else None,
        "streets": known if len(known) > 1 else [],
        "expected": len(streets),
        "span": span,
        "spans": overview.SPANS,
        "days": days[::-1],
        "chart": overview.chart(days),
        "width": overview.WIDTH,
        "height": overview.HEIGHT,
        "has_any": any(day.streets for day in days),
    }
    return render(request, "dispatch/close_out_trend.html", context)
