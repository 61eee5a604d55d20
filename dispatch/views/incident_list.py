"""All incidents that one may see, narrowed by a filter: to find an old one again, or to follow a number up."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

import clock
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.overview.incident_filter import IncidentFilter
from dispatch.selectors import with_due
from incidents.selectors import visible_to, with_place


@login_required
@require_GET
def incident_list(request: UserRequest) -> HttpResponse:
    """The latest first; what is open, unless the filter asks for more."""
    narrowed = IncidentFilter(request.GET, user=request.user)
    found = narrowed.narrow(visible_to(request.user))
    rows = with_place(with_due(found)).order_by("-reported_at", "-pk")
    context = {"at": clock.now(), "filter": narrowed, "page": page_of(request, rows, found.count())}
    return render(request, "incidents/list.html", context)
