"""The number that a resident left, for whoever may answer; each look is recorded."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import Forbidden
from accounts.requests import UserRequest, network_address
from incidents.selectors import get_visible_or_404
from public.answering import reveal_phone
from public.models import ResidentReport


@never_cache
@login_required
@require_POST
def phone(request: UserRequest, number: str) -> HttpResponse:
    """The full number on a page of its own, that leads back after a minute."""
    incident = get_visible_or_404(request.user, number)
    if not ResidentReport.objects.filter(incident=incident).exists():
        raise Http404
    try:
        said = reveal_phone(incident, actor=request.user, address=network_address(request))
    except Forbidden as error:
        raise PermissionDenied(error.message) from error
    return render(request, "public/phone.html", {"incident": incident, "phone": said})
