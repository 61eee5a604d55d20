"""Who asks, on pages and endpoints that are open to logged-in users only."""

from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User


def known_user(request: HttpRequest | Request) -> User:
    """The user of a request. That there is one has been seen to before: by a decorator, the site or a permission."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
