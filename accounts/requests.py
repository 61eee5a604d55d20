"""The request of somebody who is logged in, for the types of views behind `login_required` or `keeps_form`."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    user: User


def page_behind(request: HttpRequest) -> SplitResult:
    """The address of the page that asks for a part of itself, as its browser says; empty when that is no address."""
    try:
        return urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return SplitResult("", "", "", "", "")


def network_address(request: HttpRequest) -> str | None:
    """Where the request comes from, for the access log and for limits; None when the server doesn't say.

    Behind `PROXIES` of our own it is what the outermost of them wrote: entries further left are the sender's invention.
    """
    remote = request.META.get("REMOTE_ADDR") or None
    if not settings.PROXIES:
        return remote
    line = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    told = line[-settings.PROXIES] if len(line) >= settings.PROXIES else ""
    try:
        return str(ip_address(told))
    except ValueError:
        return remote
