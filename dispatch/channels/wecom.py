"""The WeCom group robot (handbook, section 4.2). Nothing is signed: its key is the secret. It counts bytes."""

from typing import Any, Final
from urllib.parse import urlencode

from dispatch.channels import texts, web
from dispatch.channels.contract import Message, Outcome, Reply, Robot

MOST_MARKDOWN: Final = 4_096
MOST_TEXT: Final = 2_048

DIALECT: Final = web.Dialect(
    "errcode",
    "errmsg",
    {
        0: Outcome.SENT,
        93000: Outcome.REFUSED,  # no such key, or the robot was taken out of the group
        40008: Outcome.REFUSED,  # a type of message that it doesn't take
        40058: Outcome.REFUSED,  # too long, or not as it should be
        45009: Outcome.MUTED,  # more than 20 a minute
    },
)


def send(robot: Robot, message: Message, timeout: float) -> Reply:
    path = f"/cgi-bin/webhook/send?{urlencode({'key': robot.token})}"
    return web.ask(robot, path, payload(robot, message), DIALECT, timeout)


def payload(robot: Robot, message: Message) -> dict[str, Any]:
    """Markdown; plain text for an urgent message that calls people, as only that can call by mobile number.

    It is one message either way: a second one just for the call would use up the robot's minute twice as fast, and
    split what belongs together.
    """
    text, button = texts.apart_from_button(message.text, message.url)
    if message.is_urgent and robot.mentions:
        link, more = (f"\n{button} {message.url}" if message.url else ""), f"\n{texts.MORE} {message.more_url}"
        content = _fitted(texts.plain(text), link, more.rstrip(), robot.keyword, MOST_TEXT)
        return {"msgtype": "text", "text": {"content": content, "mentioned_mobile_list": list(robot.mentions)}}
    link = f"\n\n[{button}]({message.url})" if message.url else ""
    content = _fitted(text, link, texts.more_link(message.more_url), robot.keyword, MOST_MARKDOWN)
    return {"msgtype": "markdown", "markdown": {"content": content}}


def _fitted(text: str, link: str, more: str, keyword: str, most: int) -> str:
    """The text with its link and the keyword within `most` bytes: what is cut is the text."""
    end = link if not keyword or keyword in text else f"{link}\n\n{keyword}"
    return texts.cut(text, most - len(end.encode()), more) + end
