"""The daily close-out: live until the line, frozen ever after."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.paging import first_of
from accounts.requests import UserRequest
from dispatch.overview import close_out as overview
from dispatch.overview.needs import Need, count_needs_once
from dispatch.selectors import by_minutes_left, streets_closed_by
from grids.models import Ability, Unit
from grids.views.access import for_holders_of
from incidents.selectors import with_place

MOST_ROWS = 100


@for_holders_of(Ability.CLOSE_OUT)
def close_out(request: UserRequest) -> HttpResponse:
    """How the next close-out would end: by community for one street (`?street=CODE`), by street for a district."""
    at, known = clock.now(), list(streets_closed_by(request.user))
    streets = chosen_streets(known, request.GET.get("street"))
    street = streets[0] if len(streets) == 1 else None
    window = overview.window_at(at)
    rows = overview.rows_of(request.user, streets, window=window, at=at)
    owed = by_minutes_left(with_place(overview.still_owed(request.user, street, window=window)))
    today, waiting = timezone.localdate(at), count_needs_once(request)
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
        "waiting": waiting.get(Need.EXPLAIN, 0),
    }
    return render(request, "dispatch/close_out.html", context)


def chosen_streets(known: list[Unit], code: str | None) -> list[Unit]:
    """The one street that an address names, else all that are known; a foreign one is a 404."""
    if not code:
        return known
    chosen = [street for street in known if street.code == code]
    if not chosen:
        raise Http404(_("No unit with this code is known here."))
    return chosen
