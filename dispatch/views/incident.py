"""The page of one incident: what it is, who has it, by when, what happened, and what its reader may do now."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import UserRequest
from dispatch.models import Deadline
from grids.models import Unit
from incidents.acts import offered
from incidents.models import Incident
from incidents.selectors import files_of, get_visible_or_404
from incidents.situation import situation_of
from incidents.timeline import Event, events_of, in_order


@login_required
@require_GET
def incident(request: UserRequest, number: str) -> HttpResponse:
    """The page; with `?sent=1` it begins by saying that the report has arrived."""
    now = situation_of(request.user, get_visible_or_404(request.user, number))
    found = now.incident
    clocks = list(found.deadlines.order_by("pk"))
    context = {
        "incident": found,
        "now": now,
        "at": now.at,
        "trail": _trail(found),
        "acts": offered(now),
        "due": _nearest(clocks),
        "clocks": clocks,
        "events": in_order([*events_of(found), *_missed(clocks)]),
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


def _nearest(clocks: list[Deadline]) -> Deadline | None:
    """The clock that counts now: of the undone ones, a running one before a stopped one, the nearest first."""
    undone = [row for row in clocks if row.met_at is None and row.cancelled_at is None]
    return min(undone, key=lambda row: (row.suspended_at is not None, row.due_at), default=None)


def _missed(clocks: list[Deadline]) -> list[Event]:
    """Deadlines that passed, as lines of the history."""
    return [
        Event(row.missed_at, _("Time limit passed: %(clock)s") % {"clock": row.get_clock_display()}, "overdue")
        for row in clocks
        if row.missed_at is not None
    ]
