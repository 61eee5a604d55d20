"""The page of one incident: what it is, who has it, by when, what happened, what its reader may do; and it on paper."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.requests import UserRequest
from dispatch.escalation import history
from dispatch.extension_acts import waiting_in
from dispatch.overview import incident_clocks, incident_story
from dispatch.overview.calls import calls_about
from grids.models import Unit
from incidents.acts import offered
from incidents.held import spells_of, strip
from incidents.models import Incident
from incidents.selectors import files_of, get_visible_or_404
from incidents.situation import situation_of


@login_required
@require_GET
def incident(request: UserRequest, number: str) -> HttpResponse:
    """The page; with `?sent=1` it begins by saying that the report has arrived."""
    now = situation_of(request.user, get_visible_or_404(request.user, number))
    found = now.incident
    incident_story.load(found)
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
        "events": incident_story.story_of(found, request.user, clocks=clocks, ways=ways, at=now.at),
        "held": strip(spells_of(found, at=now.at)),
        "ways": ways,
        "calls": calls_about(request.user, found, at=now.at),
        "former_parties": [row for row in found.assignments.all() if row.ended_at],
        "merged": list(found.merged_incidents.order_by("reported_at")),
        "is_sent": "sent" in request.GET,
        "files": files_of(found),
    }
    return render(request, "incidents/incident.html", context)


@login_required
@require_GET
def incident_sheet(request: UserRequest, number: str) -> HttpResponse:
    """The same on paper: what it is, who held it how long, its time limits, and the whole story from the beginning."""
    now = situation_of(request.user, get_visible_or_404(request.user, number))
    found = now.incident
    incident_story.load(found)
    clocks = incident_clocks.clocks_of(found)
    events = incident_story.story_of(found, request.user, clocks=clocks, ways=history.ways_up(found), at=now.at)
    context = {
        "incident": found,
        "at": now.at,
        "parties": now.parties,
        "clocks": clocks,
        "held": spells_of(found, at=now.at),
        "events": events[::-1],
        "files": files_of(found),
    }
    return render(request, "incidents/sheet.html", context)


def _trail(found: Incident) -> list[tuple[str, str]]:
    """The place as links to what else happened there."""
    line: list[Unit] = [found.street, *found.place]
    return [(unit.name, f"{reverse('incidents:list')}?status=all&place={unit.pk}") for unit in line]
