"""A robot that errs: errors, rate limits, answers that never come. It remembers what really arrived."""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

OK: Final = {"errcode": 0, "errmsg": "ok"}
BUSY: Final = {"errcode": -1, "errmsg": "system busy"}
TOO_FAST: Final = {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
LOST: Final = "lost"
"""The message arrives, its answer doesn't: the connection ends."""
DROPPED: Final = "dropped"
HANGING: Final = "hanging"
"""The message arrives, and the answer comes after nobody waits any more."""
_HANGS_FOR: Final = 9.0

MOODS: Final[tuple[tuple[Any, int], ...]] = (
    *((OK, 74), (BUSY, 6), (500, 5), (503, 3), (TOO_FAST, 3), (429, 2)),
    *((LOST, 4), (DROPPED, 2), (HANGING, 1)),
)
"""What it answers, and how often in a hundred."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that the group has seen."""

    token: str
    body: str
    at: float


@dataclass
class MoodyRobot:
    """What arrived, and how each request was answered."""

    seed: int
    url: str = ""
    is_kind: bool = False
    """True: it takes everything from now on, so that what is left can settle."""
    arrived: list[Arrival] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._seen = 0

    def judge(self, token: str, body: Any) -> Any:
        """The answer to one request; what arrives is noted before it."""
        with self._lock:
            self._seen += 1
            mood = OK if self.is_kind else self._mood()
            name = str(mood["errcode"]) if isinstance(mood, dict) else str(mood)
            self.answers[name] = self.answers.get(name, 0) + 1
            if mood in (OK, LOST, HANGING):
                self.arrived.append(Arrival(token, canonical(body), time.time()))
        return mood

    def _mood(self) -> Any:
        if self._seen == 5:
            return HANGING  # one at least, however short the run
        moods, weights = zip(*MOODS, strict=True)
        return self._random.choices(moods, weights)[0]


def canonical(body: Any) -> str:
    """The same text for the same message."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


@contextmanager
def serving(robot: MoodyRobot) -> Iterator[MoodyRobot]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(robot))
    server.daemon_threads = True
    robot.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(robot: MoodyRobot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            token = parse_qs(urlsplit(self.path).query)["access_token"][0]
            mood = robot.judge(token, body)
            if mood == HANGING:
                time.sleep(_HANGS_FOR)
            if mood in (LOST, DROPPED, HANGING):
                self.close_connection = True
                return
            self._answer(mood)

        def _answer(self, mood: Any) -> None:
            raw = b"" if isinstance(mood, int) else json.dumps(mood).encode()
            try:
                self.send_response(mood if isinstance(mood, int) else 200)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except OSError:
                self.close_connection = True  # whoever asked was killed meanwhile

        def log_message(self, *args: Any) -> None:
            """Every request would be a line."""

    return Handler
