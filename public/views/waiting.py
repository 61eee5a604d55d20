"""The residents who wait for their first answer, for whoever dispatches where they reported."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import clock
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.overview.needs import count_needs_once
from grids.models import Ability
from grids.views.access import for_holders_of
from incidents.selectors import with_place
from public.waiting import ResidentNeed, waiting_for_answer


@require_safe
@for_holders_of(Ability.DISPATCH)
def waiting(request: UserRequest) -> HttpResponse:
    """Overdue ones first, then by what is due next; each opens to its incident, and to the answer itself."""
    at, owed = clock.now(), waiting_for_answer(request.user)
    count = count_needs_once(request).get(ResidentNeed.ANSWER, 0)
    late = owed.filter(resident_report__answer_due_at__lt=at).count() if count else 0
    rows = with_place(owed).select_related("resident_report")
    context = {"at": at, "count": count, "late": late, "page": page_of(request, rows, count)}
    return render(request, "public/waiting.html", context)
