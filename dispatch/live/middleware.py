"""`GET /live/<place>/?v=<version>`: has this place another version? Answered from Redis alone.

It stands before the session and the log-in, both of which would ask the database; the ticket of the page that asks
(header `Live-Ticket`) stands for them. It says that something happened, never what.
"""

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from redis.exceptions import RedisError

from dispatch.live.tickets import opens
from dispatch.live.versions import version

TICKET: Final = "Live-Ticket"
_PATH: Final = re.compile(r"/live/(\w{1,20})/")
_NEVER_KEPT: Final = {"Cache-Control": "no-store"}


class LiveMiddleware:
    """Answers `/live/<place>/` and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = _PATH.fullmatch(request.path_info)
        return answer(request, asked[1]) if asked else self.get_response(request)


def answer(request: HttpRequest, place: str) -> HttpResponse:
    """204 while the version is the one the page has, 200 with the new one; 403 when the page has to be made anew.

    503 when Redis is away: the page asks again, less and less often.
    """
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not opens(request.headers.get(TICKET, ""), place):
        return HttpResponse(status=403, headers=_NEVER_KEPT)
    try:
        present = version(place)
    except RedisError:
        return HttpResponse(status=503, headers=_NEVER_KEPT)
    if request.GET.get("v") == present:
        return HttpResponse(status=204, headers=_NEVER_KEPT)
    return JsonResponse({"version": present}, headers=_NEVER_KEPT)
