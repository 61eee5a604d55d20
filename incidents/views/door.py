"""What was reported at one place: a part of other apps' pages, which know nothing of incidents."""

from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import UserRequest
from grids.views.access import unit_or_404
from incidents.selectors import in_unit, visible_to

MOST: Final = 20


@login_required
@require_GET
def at_unit(request: UserRequest, code: str) -> HttpResponse:
    """The latest incidents at a unit, as far as the user sees them: a fragment for HTMX, otherwise a page."""
    unit = unit_or_404(request.user, code)
    latest = in_unit(visible_to(request.user), unit).select_related("category").order_by("-reported_at", "-pk")
    incidents = list(latest[: MOST + 1])
    context = {"unit": unit, "incidents": incidents[:MOST], "is_cut": len(incidents) > MOST}
    template = "incidents/at_unit.html#list" if request.headers.get("HX-Request") else "incidents/at_unit.html"
    return render(request, template, context)
