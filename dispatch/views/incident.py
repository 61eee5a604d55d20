"""The page of one incident: what it is, who has it, by when, what happened, and what its reader may do now."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.requests import UserRequest
from dispatch.escalation import history
from dispatch.extension_acts import waiting_in
from dispatch.overview import incident_clocks
from dispatch.overview.calls import calls_about
from grids.models import Unit
from incidents.acts import offered
from incidents.models import Incident
from incidents.selectors import files_of, get_visible_or_404
from incidents.situation import situation_of
from incidents.timeline import events_of, in_order


@login_required
@require_GET
def incident(request: UserRequest, number: str) -> HttpResponse:
    """The page; with `?sent=1` it begins by saying that the report has arrived."""
    now = situation_of(request.user, get_visible_or_404(request.user, number))
    found = now.incident
    clocks = incident_clocks.clocks_of(found)
    ways = history.ways_up(found)
    context = {
        "incident": found,
        "now": now,
        "at": now.at,
        "trail": _trail(found),
        "acts": offered(now),
        "due": incident_clocks.nearest(clocks),
        "clocks": clocks,
        "extension": waiting_in(now),
        "events": in_order([*events_of(found), *incident_clocks.events_of(found, clocks), *history.events_of(ways)]),
        "ways": ways,
        "calls": calls_about(request.user, found, at=now.at),
        "former_parties": [row for row in found.assignments.all() if row.ended_at],
        "merged": list(found.merged_incidents.order_by("reported_at")),
        "is_sent": "sent" in request.GET,
        "files": files_of(found),
    }
    return render(request, "incidents/incident.html", context)


def _trail(found: Incident) -> list[tuple[str, str]]:
    """The place as links to what else happened there."""
    line: list[Unit] = [found.street, *found.place]
    return [(unit.name, f"{reverse('incidents:list')}?status=all&place={unit.pk}") for unit in line]
