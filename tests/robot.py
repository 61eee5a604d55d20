"""A robot server on loopback: checks signatures as DingTalk does and answers what a test tells it to.

Ask for the fixture `robot`; `robot.channel(...)` makes a channel that speaks to it.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.models import Channel

TOKEN = "token-of-the-tests"
SECRET = "SECtest0123456789"
OK = {"errcode": 0, "errmsg": "ok"}
MISMATCH = {"errcode": 310000, "errmsg": "sign not match"}
TOO_FAST = {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}


@dataclass
class Robot:
    """What the server heard, and what it will answer."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    """Taken from the front: a dict is a body with HTTP 200, a number an HTTP status, bytes a raw body."""
    hang: threading.Event = field(default_factory=threading.Event)
    """Cleared: answers wait until it is set (or the test ends)."""

    def __post_init__(self) -> None:
        self.hang.set()

    @property
    def texts(self) -> list[str]:
        return [message["markdown"]["text"] for message in self.heard]

    def channel(self, **facts: Any) -> Channel:
        defaults = {"name": "街道群", "token": TOKEN, "secret": SECRET, "base_url": self.url}
        return Channel.objects.create(**{**defaults, **facts})

    def answer(self, query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        """What was told, or DingTalk's own verdict on token and signature."""
        if self.answers:
            return self.answers.pop(0)
        return OK if query.get("access_token") == [TOKEN] and signature_fits(query) else MISMATCH


def signature_fits(query: dict[str, list[str]]) -> bool:
    """Decoded once, as the real one does; a timestamp more than an hour off is refused as well."""
    (timestamp,), (sign,) = query.get("timestamp", ["0"]), query.get("sign", [""])
    wanted = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    is_fresh = abs(time.time() * 1000 - int(timestamp)) < 3_600_000
    return is_fresh and sign == base64.b64encode(wanted).decode()


def _handler(robot: Robot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            robot.heard.append(body)
            answer = robot.answer(parse_qs(parts.query), body) if parts.path == "/robot/send" else 404
            robot.hang.wait(10)
            self._send(answer)

        def _send(self, answer: Any) -> None:
            status = answer if isinstance(answer, int) else 200
            raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: Any) -> None:
            """The address holds the token; nothing of it belongs in a test's output."""

    return Handler


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Robot]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    robot = Robot()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(robot))
    server.daemon_threads = True
    robot.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield robot
    robot.hang.set()
    server.shutdown()
    server.server_close()
    thread.join()
