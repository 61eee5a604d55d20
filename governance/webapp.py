"""The product as an app on a phone: what it is called, the script that keeps pages, and who is logged in.

`docs/decisions/0017-what-the-phone-keeps.md` says what may stay on a phone and what may not.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

_SCRIPT: Final = Path(__file__).with_name("service_worker.js")
_ACCENT: Final = "#0f766e"


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, colours and signs for the home screen of a phone."""
    icons = [_icon(size, purpose) for size in (192, 512) for purpose in ("any", "maskable")]
    content: dict[str, Any] = {
        "name": _("Weige, community governance"),
        "short_name": "微格",
        "lang": request.LANGUAGE_CODE,
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": _ACCENT,
        "background_color": "#f4f6f6",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@never_cache
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps pages. At the root, for it rules over what lies below; new with each release."""
    return HttpResponse(f'var VERSION = "{_version()}";\n{_script()}', content_type="text/javascript; charset=utf-8")


@never_cache
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Who is logged in, and the session's token: what a queue asks for before it sends. 401 for nobody."""
    if not request.user.is_authenticated:
        return JsonResponse({"code": "login", "message": _("Log in first.")}, status=401)
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


@never_cache
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What waits on this phone; and, without a network, what stands in for every page that isn't kept.

    The browser fills it in: the server knows nothing of what waits, and needs no login to say so.
    """
    return render(request, "governance/offline.html")


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = f"img/app-{size}.png" if purpose == "any" else f"img/app-maskable-{size}.png"
    return {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@cache
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


def _version() -> str:
    """Changes when any static file does; a trial serves the files as they lie, and asks for them each time."""
    return getattr(staticfiles_storage, "manifest_hash", "") or "trial"
