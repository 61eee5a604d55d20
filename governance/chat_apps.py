"""Files in chat apps. On phones their WebViews save nothing and say nothing: a press on a file seems to do nothing.

There the file is shown as a page instead (`governance.reading`), with a way to save it all the same. What holds
residents' data isn't shown: it says only where it can be saved.
"""

import re
from collections.abc import Callable
from email.message import Message
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from governance.reading import Reading, read

SAVE: Final = "save-file"
"""In the address of a file: save it, whatever asks."""
MOST_BYTES: Final = 8 * 1024 * 1024
_CHAT_APP: Final = re.compile(r"MicroMessenger|wxwork|DingTalk|Lark|Feishu|AlipayClient|; wv\)", re.IGNORECASE)
_PHONE: Final = re.compile(r"Android|iPhone|iPad|HarmonyOS")
_OF_RESIDENTS: Final = frozenset({"households", "auditing"})


class FilesInChatApps:
    """A page in place of each file that a chat app's WebView on a phone asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return shown(request, response) if _saves_in_vain(request, response) else response


def shown(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """The page that stands in for a file: what is in it as far as it can be read, and how to get the file itself."""
    name, content = _name_of(response), _content_of(response)
    is_readable = request.resolver_match is not None and not _OF_RESIDENTS.intersection(
        request.resolver_match.namespaces
    )
    query = request.GET.copy()
    query[SAVE] = "1"
    context = {
        "name": name,
        "reading": read(name, content) if content and is_readable else Reading([]),
        "save_url": f"{request.path}?{query.urlencode()}",
        "back": _back(request),
    }
    page = render(request, "governance/file.html", context)
    add_never_cache_headers(page)
    return page


def _saves_in_vain(request: HttpRequest, response: HttpResponseBase) -> bool:
    browser = request.headers.get("User-Agent", "")
    return (
        request.method == "GET"
        and response.status_code == 200
        and response.get("Content-Disposition", "").startswith("attachment")
        and SAVE not in request.GET
        and _CHAT_APP.search(browser) is not None
        and _PHONE.search(browser) is not None
    )


def _name_of(response: HttpResponseBase) -> str:
    header = Message()
    header["Content-Disposition"] = response["Content-Disposition"]
    return header.get_filename() or ""


def _content_of(response: HttpResponseBase) -> bytes:
    """The file, or nothing when it is too large to be read here.

    The response itself isn't closed: that would end the request, and with it the connection to the database.
    """
    is_small = int(response.get("Content-Length") or 0) <= MOST_BYTES
    content = response.getvalue() if is_small and isinstance(response, HttpResponse | StreamingHttpResponse) else b""
    if isinstance(response, FileResponse) and response.file_to_stream is not None:
        response.file_to_stream.close()
    return content


def _back(request: HttpRequest) -> str:
    """Where the file was linked, never another site."""
    url = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if here else "/"
