"""What every request of a logged-in user goes through."""

import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.requests import page_behind

Handler = Callable[[HttpRequest], HttpResponse]


class OwnLanguageMiddleware:
    """Pages speak the language that the user chose in the profile, on every machine they log in from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language() or request.user.language
        return self.get_response(request)


class SlidingSessionMiddleware:
    """A session ends `SESSION_COOKIE_AGE` after its last use, not after its beginning.

    Use is noted every five minutes, so that reading a page writes no session.
    """

    NOTE_AFTER: Final = 300

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get("used_at", 0) >= self.NOTE_AFTER:
            request.session["used_at"] = now
        return self.get_response(request)


class FragmentLoginMiddleware:
    """A fragment that needs a log-in leads the whole page there, and back to that page; else the form would be put into
    the middle of it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if "HX-Request" not in request.headers or urlsplit(response.headers.get("Location", "")).path != login:
            return response
        query = QueryDict(mutable=True)
        query["next"] = page_behind(request)._replace(scheme="", netloc="", fragment="").geturl() or "/"
        return HttpResponseClientRedirect(f"{login}?{query.urlencode(safe='/')}")


class FirstPasswordMiddleware:
    """A first password is known to whoever made the account: until it is changed, only that page opens."""

    OPEN: Final = ("accounts:password", "accounts:logout", "set_language")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and not self._open(request.path):
            return self._refuse(request)
        return self.get_response(request)

    def _open(self, path: str) -> bool:
        return path.startswith("/static/") or path in {reverse(name) for name in self.OPEN}

    def _refuse(self, request: HttpRequest) -> HttpResponse:
        """To the page that changes it; a program is told instead, for it follows no redirect to a form."""
        if request.path.startswith("/api/"):
            message = _("Log in on the pages first and change your first password.")
            return JsonResponse({"code": "first_password", "message": message, "field": None}, status=403)
        where = reverse("accounts:password")
        return HttpResponseClientRedirect(where) if "HX-Request" in request.headers else redirect(where)
