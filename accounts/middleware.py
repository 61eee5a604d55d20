"""What every request of a logged-in user goes through."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

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


class FirstPasswordMiddleware:
    """A first password is known to whoever made the account: until it is changed, only that page opens."""

    OPEN = ("accounts:password", "accounts:logout", "set_language")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and not self._open(request.path):
            return redirect("accounts:password")
        return self.get_response(request)

    def _open(self, path: str) -> bool:
        return path.startswith("/static/") or path in {reverse(name) for name in self.OPEN}
