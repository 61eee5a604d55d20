"""The request of somebody who is logged in, for the types of views behind `login_required` or `keeps_form`."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    user: User


def network_address(request: HttpRequest) -> str | None:
    """Where the request comes from, for the access log; None when the server doesn't say (a socket, a test)."""
    return request.META.get("REMOTE_ADDR") or None
