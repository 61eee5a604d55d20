"""The DingTalk custom robot (handbook, section 4.1). The moment of a signature is the machine's: the robot compares."""

import base64
import hmac
import time
from typing import Any, Final
from urllib.parse import urlencode

from dispatch.channels import texts, web
from dispatch.channels.contract import Message, Outcome, Reply, Robot

MOST_BYTES: Final = 20_000
_ROOM: Final = 2_000
"""Left for title, link, numbers and the marks of JSON within the body's `MOST_BYTES`."""

DIALECT: Final = web.Dialect(
    "errcode",
    "errmsg",
    {
        0: Outcome.SENT,
        310000: Outcome.REFUSED,  # keyword, signature or address doesn't match
        300001: Outcome.REFUSED,  # no such token
        400013: Outcome.REFUSED,  # the group was dissolved
        400101: Outcome.REFUSED,  # no such token
        400102: Outcome.REFUSED,  # the robot was switched off
        130101: Outcome.MUTED,  # more than 20 a minute
        410100: Outcome.MUTED,
    },
)


def send(robot: Robot, message: Message, timeout: float) -> Reply:
    path = path_of(robot, timestamp=int(time.time() * 1000))
    return web.ask(robot, path, payload(robot, message), DIALECT, timeout)


def path_of(robot: Robot, *, timestamp: int) -> str:
    """Path with token and, when the robot has a secret, timestamp (milliseconds) and signature."""
    query: dict[str, str | int] = {"access_token": robot.token}
    if robot.secret:
        query |= {"timestamp": timestamp, "sign": sign(robot.secret, timestamp=timestamp)}
    return f"/robot/send?{urlencode(query)}"  # urlencode encodes once: twice is refused


def sign(secret: str, *, timestamp: int) -> str:
    """The signature, not yet encoded for an address."""
    digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")
    return base64.b64encode(digest).decode()


def payload(robot: Robot, message: Message) -> dict[str, Any]:
    """A card with one button for a single matter; Markdown for everything else, and whenever somebody is called.

    Only texts can call people, and the @ shows only when the number stands in the text as well as in the list.
    """
    calls = robot.mentions if message.is_urgent else ()
    text, button = texts.apart_from_button(message.text, message.url)
    text = texts.cut_for_json(text, MOST_BYTES - _ROOM, texts.more_link(message.more_url))
    text = texts.with_keyword(text, robot.keyword)
    if message.url and not calls:
        card = {"title": message.title, "text": text, "singleTitle": button, "singleURL": message.url}
        return {"msgtype": "actionCard", "actionCard": {**card, "btnOrientation": "0"}}
    if message.url:
        text += f"\n\n[{button}]({message.url})"
    if not calls:
        return {"msgtype": "markdown", "markdown": {"title": message.title, "text": text}}
    text += "\n\n" + " ".join(f"@{mobile}" for mobile in calls)
    at = {"atMobiles": list(calls), "isAtAll": False}
    return {"msgtype": "markdown", "markdown": {"title": message.title, "text": text}, "at": at}
