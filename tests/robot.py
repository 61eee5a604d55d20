"""A robot server on loopback: judges messages as DingTalk, WeCom and Feishu do, or answers what a test tells it to.

Ask for the fixture `robot`; `robot.channel(...)` makes a channel that speaks to it.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
DINGTALK, WECOM, FEISHU = "/robot/send", "/cgi-bin/webhook/send", "/open-apis/bot/v2/hook/"


@dataclass
class Robot:
    """What the server heard, and what it will answer."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    pinged: list[str] = field(default_factory=list)
    """Paths that were asked for, as a monitor that waits for signs of life is."""
    answers: list[Any] = field(default_factory=list)
    """Taken from the front: a dict is a body with HTTP 200, a number an HTTP status, bytes a raw body."""
    hang: threading.Event = field(default_factory=threading.Event)
    """Cleared: answers wait until it is set (or the test ends)."""
    thinks: float = 0.0
    """Seconds that it takes for each answer."""

    def __post_init__(self) -> None:
        self.hang.set()

    @property
    def texts(self) -> list[str]:
        return [text_of(message) for message in self.heard]

    def channel(self, **facts: Any) -> Channel:
        defaults = {"name": "街道群", "token": TOKEN, "secret": SECRET, "base_url": self.url}
        return Channel.objects.create(**{**defaults, **facts})

    def answer(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        """What was told, or the real one's own verdict on token, signature and size."""
        if self.answers:
            return self.answers.pop(0)
        if path == WECOM:
            return judged_by_wecom(query, body)
        if path.startswith(FEISHU):
            return judged_by_feishu(path.removeprefix(FEISHU), body)
        if path != DINGTALK:
            return 404
        return OK if query.get("access_token") == [TOKEN] and signature_fits(query) else MISMATCH


def text_of(message: dict[str, Any]) -> str:
    """What the people of the group read, whatever it came as."""
    if card := message.get("card"):
        return card["elements"][0]["content"]
    inner = message[message["msgtype"]]
    return inner.get("text") or inner["content"]


def judged_by_wecom(query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any]:
    if query.get("key") != [TOKEN]:
        return {"errcode": 93000, "errmsg": "invalid webhook url"}
    most = {"markdown": 4096, "text": 2048}[body["msgtype"]]
    if len(body[body["msgtype"]]["content"].encode()) > most:
        return {"errcode": 40058, "errmsg": f"content exceed max length {most}"}
    return OK


def judged_by_feishu(token: str, body: dict[str, Any]) -> dict[str, Any]:
    """Its key is what DingTalk signs, its message is empty, and its moment is in seconds, as text."""
    if token != TOKEN:
        return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
    timestamp = body.get("timestamp", "0")
    wanted = hmac.new(f"{timestamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    is_fresh = isinstance(timestamp, str) and abs(time.time() - int(timestamp)) < 3_600
    if not is_fresh or body.get("sign") != base64.b64encode(wanted).decode():
        return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
    return {"code": 0, "msg": "success", "data": {}}


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
            answer = robot.answer(parts.path, parse_qs(parts.query), body)
            robot.hang.wait(10)
            time.sleep(robot.thinks)
            self._send(answer)

        def do_GET(self) -> None:
            robot.pinged.append(self.path)
            self._send(robot.answers.pop(0) if robot.answers else OK)

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
    with listening() as robot:
        yield robot


@contextmanager
def listening() -> Iterator[Robot]:
    """A robot server that is up until the block is left."""
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
