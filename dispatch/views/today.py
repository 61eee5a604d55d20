"""The field worker's first page: what waits for me, by minutes left, and what became of what I reported."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

import clock
from accounts.requests import UserRequest
from dispatch import rules
from dispatch.limits import close_out_time
from dispatch.overview import needs
from dispatch.overview.calls import CallNeed
from dispatch.overview.commands import owed_by
from dispatch.overview.needs import Need
from dispatch.selectors import by_minutes_left
from grids.models import Ability
from grids.posts import places_of, posts_of
from grids.standing_orders import around
from grids.views.access import for_holders_of
from incidents.selectors import with_place

MOST_ROWS = 100
"""More than this nobody works off in a day; the rest waits in the board's lists."""


@for_holders_of(Ability.REPORT, Ability.HANDLE)
def today(request: UserRequest) -> HttpResponse:
    """What needs the user now, then what the user reported and others hold."""
    at = clock.now()
    close_out = rules.next_line(at, close_out_time())
    needing = needs.needing(request.user)
    needs.count_needs_once(request, needing)  # for the badges, which would ask again what the user holds
    waiting = list(by_minutes_left(with_place(needing))[:MOST_ROWS])
    known = {incident.pk for incident in waiting}
    reported = by_minutes_left(with_place(needs.reported_by(request.user)))[:MOST_ROWS]
    due = sum(1 for incident in waiting if incident.due_at and incident.due_at <= close_out)
    done = needs.done_since(request.user, rules.start_of(timezone.localdate(at)))
    context = {
        "at": at,
        "close_out": close_out,
        "is_today": timezone.localdate(close_out) == timezone.localdate(at),
        "places": [post.serves for post in posts_of(request.user)],
        "orders": around(places_of(request.user), at),
        "commands": owed_by(request.user)[:MOST_ROWS],
        "owed": needs.owed_now(request, *CallNeed),
        "waiting": waiting,
        "to_explain": needs.count_needs_once(request).get(Need.EXPLAIN, 0),
        "reported": [incident for incident in reported if incident.pk not in known],
        "due": due,
        "done": done,
        "planned": due + done,
    }
    return render(request, "dispatch/today.html", context)
