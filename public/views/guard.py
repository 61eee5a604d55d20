"""What every page for strangers goes through: large requests are refused before they are read, secrets stay out of
caches and search engines, and whoever tries too often is told when to come back.

Other sites never learn a secret link: the product's own referrer policy is `same-origin`. A stricter one would take the
origin away from our own forms, and Django then refuses them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.models import User
from public import throttle

View = Callable[..., HttpResponse]
MOST_BYTES: Final = 34 * 1024 * 1024
"""Three photos of 10 MB with the form around them."""
ELDER_COOKIE: Final = "elder"


def for_everybody(most_bytes: int = 64 * 1024) -> Callable[[View], View]:
    """A page that is open without an account. `most_bytes`: what a request may weigh, looked at before the form is
    read, which Django's own check of the form's token would otherwise do first."""

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and _length(request) > most_bytes:
                return refuse(request, "too_large", status=413)
            response: HttpResponse = protected(request, *args, **kwargs)
            return _closed(response)

        return csrf_exempt(guarded)

    return decorate


def show(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render one of the residents' pages, in large type where this browser asked for it."""
    return render(request, template, {"is_large": is_large(request), **(context or {})}, status=status)


def is_large(request: HttpRequest) -> bool:
    """Elder mode: the switch on top of the page, else what the user's profile says."""
    if ELDER_COOKIE in request.COOKIES:
        return request.COOKIES[ELDER_COOKIE] == "1"
    return isinstance(request.user, User) and request.user.large_type


def refuse(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    """A page that says what was too much and what to do."""
    response = show(request, "public/refused.html", {"why": why}, status=status)
    if status == 429:
        response["Retry-After"] = "600"
    return _closed(response)


def is_attacked(request: HttpRequest, place: object = "none") -> bool:
    """Whether so much arrives, from there, for that place or in all, that a sum is asked."""
    sender = throttle.address_of(request)
    return (
        throttle.SENT_FROM.is_over(sender) or throttle.SENT_HERE.is_over(place) or throttle.SENT_AT_ALL.is_over("all")
    )


def note_sent(request: HttpRequest, place: object = "none") -> None:
    """Count something that was sent, or that a machine was caught sending."""
    sender = throttle.address_of(request)
    throttle.SENT_FROM.count(sender)
    throttle.SENT_FAR_TOO_OFTEN.count(sender)
    throttle.SENT_HERE.count(place)
    throttle.SENT_AT_ALL.count("all")


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _closed(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
