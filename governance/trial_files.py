"""What lies beside the pages, compressed on its way, where nobody has compressed it beforehand.

In service the files are collected and compressed when the image is built. A trial serves them where they lie; without
this a board weighed three times what it does in service.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_WORTH_IT: Final = ("text/", "application/json", "application/javascript", "application/manifest", "image/svg")


class GzippedFiles(GZipMiddleware):
    """Compresses static files of text. Pages are left alone: they hold a secret beside what visitors can choose."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if request.path.startswith(settings.STATIC_URL) and response.status_code == 200 and kind.startswith(_WORTH_IT):
            return super().process_response(request, response)
        return response
