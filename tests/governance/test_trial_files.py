"""A trial compresses the files beside the pages on their way."""

import gzip

from django.conf import settings
from django.test import Client

GZIP = {"Accept-Encoding": "gzip"}


def test_text_is_compressed_for_who_can_read_that_and_nothing_else_is(client: Client) -> None:
    plain, packed = (client.get("/static/css/base.css", headers=headers) for headers in ({}, GZIP))
    lies_there = (settings.BASE_DIR / "static/css/base.css").read_bytes()
    assert plain.getvalue() == lies_there
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.getvalue()) == lies_there
    assert len(packed.getvalue()) < len(lies_there) / 2
    known = client.get("/static/css/base.css", headers={**GZIP, "If-Modified-Since": plain.headers["Last-Modified"]})
    assert (known.status_code, known.getvalue()) == (304, b"")
    for other in ("/static/img/app-192.png", "/accounts/login/"):
        assert "Content-Encoding" not in client.get(other, headers=GZIP).headers
