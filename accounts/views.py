"""Logging in and out, and one's own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView as DjangoLoginView
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

import clock
from accounts import services
from accounts.forms import LoginForm, OwnPasswordForm, ProfileForm
from accounts.inbox import mark_read, notices_of
from accounts.known import known_user
from accounts.models import Language, Theme

NOTICES_A_PAGE = 50


class LoginView(DjangoLoginView):
    """Account and password; then on to where the user wanted to go, never to another site.

    Locking after repeated failures is django-axes': its middleware answers 429 with `accounts/lockout.html`.
    """

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        response = super().form_valid(form)
        _remember_language(response, form.get_user().language)
        return response


@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose one's own password; this session stays, every other of the account ends."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, _("Your new password is set."))
        return redirect("home")
    return render(request, "accounts/password_change.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Language, colours and large type; all count from the very next page on."""
    user = known_user(request)
    form = ProfileForm(request.POST or None, initial={name: getattr(user, name) for name in ProfileForm.base_fields})
    if request.method == "POST" and form.is_valid():
        services.update_profile(user, **form.cleaned_data)
        translation.activate(user.language)
        messages.success(request, _("Saved."))
        return _remember_language(redirect("accounts:profile"), user.language)
    return render(request, "accounts/profile.html", {"form": form})


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The user's notices, unread ones first. Having seen the page is having read them."""
    user = known_user(request)
    at = clock.now()
    page = Paginator(notices_of(user), NOTICES_A_PAGE).get_page(request.GET.get("page"))
    response = render(request, "accounts/inbox.html", {"page": page})
    mark_read(user, until=at)
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The language button on every page: a cookie for everybody, and the profile of who is logged in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in Language:
        user = known_user(request)
        services.update_profile(user, language=language)
    return set_language(request)


@login_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """The colours, in one tap from the menu of any page; then back to that page. An unknown choice changes nothing."""
    if (theme := request.POST.get("theme", "")) in Theme:
        services.update_profile(known_user(request), theme=theme)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "home")


def _remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """So that this machine's log-in page speaks the same language next time."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response
