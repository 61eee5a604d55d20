"""The DingTalk custom robot's protocol (handbook, section 4.1). No database, no clock but the machine's.

Our own, because the general library was measured to encode the signature twice and to call a refusal a success.
"""

import base64
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT_SECONDS: Final = 8.0
_MOST_REPLY: Final = 64 * 1024


class Outcome(Enum):
    """What a reply means for the message."""

    SENT = "sent"
    REFUSED = "refused"  # it will be refused again: somebody must mend the settings
    MUTED = "muted"  # too many: the robot is silent for ten minutes
    RETRY = "retry"  # not now


_BY_CODE: Final[Mapping[int, Outcome]] = {
    0: Outcome.SENT,
    310000: Outcome.REFUSED,  # keyword, signature or address doesn't match
    130101: Outcome.MUTED,  # more than 20 a minute
    410100: Outcome.MUTED,
}


@dataclass(frozen=True, slots=True)
class Robot:
    """Where a robot is and how it knows us. Neither token nor secret shows in logs or tracebacks."""

    base_url: str
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)
    keyword: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one attempt; `text` is for people and free of token and secret."""

    outcome: Outcome
    text: str


def send(robot: Robot, *, title: str, text: str, timeout: float = TIMEOUT_SECONDS) -> Reply:
    """Send one markdown message. Never raises for what robot or network do: that is the reply."""
    if urlsplit(robot.base_url).scheme not in {"http", "https"}:
        return Reply(Outcome.REFUSED, "The base address must begin with https://.")
    request = Request(  # noqa: S310  (the scheme was checked)
        address(robot, timestamp=int(time.time() * 1000)),
        data=json.dumps(payload(robot, title=title, text=text), ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with _OPENER.open(request, timeout=timeout) as response:
            return _read(robot, response)
    except HTTPError as error:
        return Reply(_of_status(error.code), f"HTTP {error.code}")
    except (OSError, HTTPException) as error:  # URLError and timeouts are OSErrors
        reason = getattr(error, "reason", error)
        return Reply(Outcome.RETRY, f"no answer: {type(reason).__name__}")


def address(robot: Robot, *, timestamp: int) -> str:
    """The address with token and, when the robot has a secret, timestamp (milliseconds) and signature."""
    query: dict[str, str | int] = {"access_token": robot.token}
    if robot.secret:
        query |= {"timestamp": timestamp, "sign": sign(robot.secret, timestamp=timestamp)}
    return f"{robot.base_url.rstrip('/')}/robot/send?{urlencode(query)}"  # urlencode encodes once: twice is refused


def sign(secret: str, *, timestamp: int) -> str:
    """The signature, not yet encoded for an address."""
    digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")
    return base64.b64encode(digest).decode()


def payload(robot: Robot, *, title: str, text: str) -> dict[str, Any]:
    """The body; a robot with a keyword takes only messages that contain it."""
    if robot.keyword and robot.keyword not in text:
        text = f"{text}\n\n{robot.keyword}"
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def _read(robot: Robot, response: HTTPResponse) -> Reply:
    """HTTP 200 alone says nothing: the code in the body counts."""
    try:
        answer = json.loads(response.read(_MOST_REPLY))
        code, words = int(answer["errcode"]), str(answer.get("errmsg", ""))
    except (ValueError, TypeError, KeyError):
        return Reply(Outcome.RETRY, f"HTTP {response.status}, unreadable answer")
    for hidden in filter(None, (robot.token, robot.secret)):
        words = words.replace(hidden, "…")
    # A code that we don't know may pass; the number of attempts is limited.
    return Reply(_BY_CODE.get(code, Outcome.RETRY), f"{code} {words}"[:500])


def _of_status(status: int) -> Outcome:
    if status == 429:
        return Outcome.MUTED
    return Outcome.RETRY if status >= 500 else Outcome.REFUSED


class _StayHere(HTTPRedirectHandler):
    """A robot doesn't move; whoever redirects would get the token."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER: Final = build_opener(_StayHere)
