"""The Feishu custom bot (handbook, section 4.3).

The signature stands in the body, and its key is the text that DingTalk signs. The moment is the machine's, in seconds:
the bot compares.
"""

import base64
import hmac
import time
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from dispatch.channels import texts, web
from dispatch.channels.contract import Message, Outcome, Reply, Robot

MOST_BYTES: Final = 20 * 1024
_ROOM: Final = 2_000

DIALECT: Final = web.Dialect(
    "code",
    "msg",
    {
        0: Outcome.SENT,
        9499: Outcome.REFUSED,  # a body that it can't read
        19001: Outcome.REFUSED,  # no such token
        19021: Outcome.REFUSED,  # signature or time
        19022: Outcome.REFUSED,  # our address isn't on its list
        19024: Outcome.REFUSED,  # keyword
        11232: Outcome.RETRY,  # the whole platform is busy, as on full and half hours
    },
)


def send(robot: Robot, message: Message, timeout: float) -> Reply:
    body = payload(robot, message, timestamp=int(time.time()))
    path = f"/open-apis/bot/v2/hook/{quote(robot.token, safe='')}"
    return web.ask(robot, path, body, DIALECT, timeout)


def sign(secret: str, *, timestamp: int) -> str:
    """An empty message signed with moment and secret as the key."""
    digest = hmac.digest(f"{timestamp}\n{secret}".encode(), b"", "sha256")
    return base64.b64encode(digest).decode()


def payload(robot: Robot, message: Message, *, timestamp: int) -> dict[str, Any]:
    """A card, red when urgent, with one button for a single matter. The bot can't call anybody by mobile number."""
    text, button = texts.apart_from_button(message.text, message.url)
    text = texts.bold_headings(texts.without_heading(text, message.title))
    text = texts.with_keyword(
        texts.cut_for_json(text, MOST_BYTES - _ROOM, texts.more_link(message.more_url)), robot.keyword
    )
    elements: list[dict[str, Any]] = [{"tag": "markdown", "content": text}]
    if message.url:
        label = {"tag": "plain_text", "content": button}
        press = {"tag": "button", "type": "primary", "text": label, "url": message.url}
        elements.append({"tag": "action", "actions": [press]})
    title = {"tag": "plain_text", "content": message.title}
    header = {"template": "red" if message.is_urgent else "blue", "title": title}
    body = {"msg_type": "interactive", "card": {"header": header, "elements": elements}}
    if not robot.secret:
        return body
    return {"timestamp": str(timestamp), "sign": sign(robot.secret, timestamp=timestamp), **body}


def out_of_the_rush(at: datetime) -> datetime | None:
    """When to speak instead, if `at` is the first minute of a full or half hour, in which Feishu turns many away."""
    if at.minute % 30:
        return None
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)
