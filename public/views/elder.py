"""Large type for whoever has no profile: one press, kept by the browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from public.views.guard import ELDER_COOKIE, for_everybody, is_large

A_YEAR = 365 * 86_400


@for_everybody()
def elder(request: HttpRequest) -> HttpResponse:
    """Switch it, and back to the page."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(wanted if here else "public:door")
    if request.method == "POST":
        value = "0" if is_large(request) else "1"
        response.set_cookie(
            ELDER_COOKIE, value, max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    return response
