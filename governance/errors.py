"""The error pages, in the reader's language, with what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.kept_forms import keep_own_form


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: mostly a page that stood open too long.

    Where the form can be kept, its page comes back with what was typed, to be sent again.
    """
    if keep_own_form(request):
        return redirect(request.get_full_path())
    explanation = _(
        "This page had been open too long, or cookies are switched off. Go back, reload the page and send it again."
    )
    return render(request, "errors/403.html", {"explanation": explanation}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke, perhaps the database or the cache: this page looks nothing up and says it in both languages."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)
