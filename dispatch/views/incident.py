"""The page of one incident: what it is, who has it, by when, what happened, what its reader may do; and it on paper."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

import clock
from accounts.requests import UserRequest
from dispatch.extension_acts import waiting_in
from dispatch.overview import incident_clocks
from dispatch.overview.incident_story import story_of
from grids.models import Unit
from incidents.acts import offered
from incidents.held import spells_of, strip
from incidents.models import Incident
from incidents.selectors import files_of, get_visible_or_404
from incidents.situation import situation_of
from incidents.standing import current_assignments


@login_required
@require_GET
def incident(request: UserRequest, number: str) -> HttpResponse:
    """The page; with `?sent=1` it begins by saying that the report has arrived."""
    found, at = get_visible_or_404(request.user, number), clock.now()
    story = story_of(found, request.user, at=at)
    now = situation_of(request.user, found, at=at)
    context = {
        "incident": found,
        "now": now,
        "at": at,
        "trail": _trail(found),
        "acts": offered(now),
        "due": incident_clocks.nearest(story.clocks),
        "clocks": story.clocks,
        "extension": waiting_in(now),
        "events": story.events,
        "held": strip(spells_of(found, at=at)),
        "ways": story.ways,
        "calls": story.calls,
        "former_parties": [row for row in found.assignments.all() if row.ended_at],
        "merged": found.merged_incidents.all(),
        "is_sent": "sent" in request.GET,
        "files": files_of(found),
    }
    return render(request, "incidents/incident.html", context)


@login_required
@require_GET
def incident_sheet(request: UserRequest, number: str) -> HttpResponse:
    """The same on paper: what it is, who held it how long, its time limits, and the whole story from the beginning."""
    found, at = get_visible_or_404(request.user, number), clock.now()
    story = story_of(found, request.user, at=at)
    context = {
        "incident": found,
        "at": at,
        "parties": current_assignments(found),
        "clocks": story.clocks,
        "held": spells_of(found, at=at),
        "events": story.events[::-1],
        "files": files_of(found),
    }
    return render(request, "incidents/sheet.html", context)


def _trail(found: Incident) -> list[tuple[str, str]]:
    """The place as links to what else happened there."""
    line: list[Unit] = [found.street, *found.place]
    return [(unit.name, f"{reverse('incidents:list')}?status=all&place={unit.pk}") for unit in line]
