"""Speaking to chat robots and to a mail server: one module a kind behind one contract. No database, no business rule.

Our own, because the general library was measured to encode DingTalk's signature twice and to call a refusal a success
(handbook, section 4.4).
"""

from collections.abc import Callable, Mapping
from typing import Final

from dispatch.channels import dingtalk, email, feishu, wecom
from dispatch.channels.contract import TIMEOUT_SECONDS, Message, Outcome, Reply, Robot

__all__ = ["TIMEOUT_SECONDS", "Message", "Outcome", "Reply", "Robot", "send"]

_BY_KIND: Final[Mapping[str, Callable[[Robot, Message, float], Reply]]] = {
    "dingtalk": dingtalk.send,
    "wecom": wecom.send,
    "feishu": feishu.send,
    "email": email.send,
}


def send(robot: Robot, message: Message, *, timeout: float = TIMEOUT_SECONDS) -> Reply:
    """Send one message. Never raises for what robot, server or network do: that is the reply.

    `robot.kind` is one of `Channel.Kind`; another is a fault of ours and raises `KeyError`.
    """
    return _BY_KIND[robot.kind](robot, message, timeout)
