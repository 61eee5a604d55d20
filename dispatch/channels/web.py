"""One question to a robot over HTTP, and what its answer means. HTTP 200 alone says nothing: the code in it counts."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

from dispatch.channels.addresses import AddressRefused, check_peer, is_base_address
from dispatch.channels.contract import Outcome, Reply, Robot

_MOST_REPLY: Final = 64 * 1024
_MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where a kind of robot puts code and words of its answer, and what the codes mean.

    A code that isn't here may pass: the message is tried again, and the number of attempts is limited.
    """

    code: str
    words: str
    outcomes: Mapping[int, Outcome]


def ask(robot: Robot, path: str, body: Mapping[str, Any], dialect: Dialect, timeout: float) -> Reply:
    """Post `body` to `path` at the robot's base address."""
    if not is_base_address(robot.base_url):
        return Reply(Outcome.REFUSED, "address: the base address must be http(s)://host")
    request = Request(  # noqa: S310  (the scheme was checked)
        robot.base_url.rstrip("/") + path,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    until = time.monotonic() + timeout
    try:
        with _opener().open(request, timeout=timeout) as response:
            return _understood(robot, response.status, _read(response, until), dialect)
    except HTTPError as error:
        return _understood(robot, error.code, _body_of(error), dialect)
    except (OSError, HTTPException, ValueError) as error:  # URLError and timeouts are OSErrors
        return _no_answer(error)


def _no_answer(error: Exception) -> Reply:
    """The name of the error is all that is told: its words may hold the address, and that holds the token."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, AddressRefused):
        return Reply(Outcome.REFUSED, "address: this host is not one that messages may go to")
    if isinstance(reason, ValueError) and not isinstance(reason, OSError):
        return Reply(Outcome.REFUSED, "address: it can't be read")
    return Reply(Outcome.SILENT, f"no answer: {type(reason).__name__}")


def _read(response: HTTPResponse, until: float) -> bytes:
    """The body, as much as we want of it. Raises `TimeoutError` for one that drips: each drop is in time, the whole
    never."""
    pieces: list[bytes] = []
    while sum(map(len, pieces)) < _MOST_REPLY and (piece := response.read1(_MOST_REPLY)):
        pieces.append(piece)
        if time.monotonic() > until:
            raise TimeoutError
    return b"".join(pieces)[:_MOST_REPLY]


def _body_of(error: HTTPError) -> bytes:
    """What came with an HTTP error; some robots put their code there."""
    try:
        return error.read(_MOST_REPLY)
    except (OSError, HTTPException):
        return b""


def _understood(robot: Robot, status: int, raw: bytes, dialect: Dialect) -> Reply:
    try:
        answer = json.loads(raw)
        code, words = int(answer[dialect.code]), str(answer.get(dialect.words, ""))
    except (ValueError, TypeError, KeyError):
        # The body of whoever is no robot isn't kept: it may be anything that our network can see.
        return Reply(_of_status(status), f"HTTP {status}{', unreadable answer' if status < 300 else ''}")
    unknown = Outcome.RETRY if status < 300 else _of_status(status)
    said = _discreet(robot, raw.decode(errors="replace"))
    return Reply(dialect.outcomes.get(code, unknown), _discreet(robot, f"{code} {words}"), said)


def _of_status(status: int) -> Outcome:
    if status == 429:
        return Outcome.MUTED
    return Outcome.RETRY if status >= 500 or status < 300 else Outcome.REFUSED


def _discreet(robot: Robot, words: str) -> str:
    """`words` without our keys and without anybody's number, in whatever form they come back."""
    for secret in filter(None, (robot.token, robot.secret, *robot.mentions)):
        for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
            words = words.replace(form, "…")
    return words[:_MOST_KEPT]


class _StayHere(HTTPRedirectHandler):
    """A robot doesn't move; whoever redirects would get the token."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class _Http(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        check_peer(self.sock.getpeername()[0])


class _Https(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        check_peer(self.sock.getpeername()[0])


class _HttpHandler(HTTPHandler):
    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(_Http, request)


class _HttpsHandler(HTTPSHandler):
    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(_Https, request)


@cache
def _opener() -> OpenerDirector:
    """Made when first asked for: it reads the certificates of the machine, a tenth of a second for every process."""
    return build_opener(_StayHere, _HttpHandler, _HttpsHandler)
