"""What the messages page says of a message: its kind, and what a robot's reply means for whoever has to mend it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.claims import UNRECORDED
from dispatch.models.outbox import Channel
from dispatch.pacing import INCIDENT_OVER, OVERTAKEN

KINDS: Final[Mapping[str, Promise]] = {
    "digest": _("Hourly digest"),
    "day_warning": _("Close-out warning"),
    "close_out": _("Close-out"),
    "escalation": _("Escalation"),
    "supervision": _("Supervision item"),
    "whistle": _("Whistle"),
    "command": _("Command"),
    "order": _("Emergency order"),
    "test": _("Test message"),
}
"""The kinds that the services write; one that isn't here is shown by its own name."""

_KEY: Final = _("The signing secret doesn't fit. Have the administrator compare it with the group's robot settings.")
_TOKEN: Final = _("The robot doesn't exist, or its token is wrong. Have the administrator copy its address again.")
_KEYWORD: Final = _("The robot demands a keyword that the message lacks. Enter one of its keywords in the channel.")
_SENDER: Final = _("The robot allows other addresses only. Add this server's outgoing address in the robot's settings.")
_BODY: Final = _("The robot can't read the message. Tell whoever runs this system; its log has the number.")
_ADDRESS: Final = _("The base address is wrong. Have the administrator correct it in the channel.")
_MUTED: Final = _("Too many messages: the robot is silent for ten minutes, then it goes on by itself.")
_BUSY: Final = _("The platform was busy. It is tried again by itself, five times in all.")
_AWAY: Final = _("The host didn't answer. Have the network looked at: this server must reach it.")
_NO_SERVER: Final = _("No mail server is set. Whoever runs this system sets EMAIL_HOST.")
_RECIPIENTS: Final = _("The mail server refused recipients. Correct the addresses in the channel.")
_LOGIN: Final = _("The mail server refused the account. Whoever runs this system checks EMAIL_HOST_USER and password.")
_SEALED: Final = _("The token can't be opened with the present keys. Have the administrator enter it again.")
_OFF: Final = _("The channel was switched off before the message left.")

_CODES: Final[Mapping[str, Mapping[str, Promise]]] = {
    Channel.Kind.DINGTALK: {
        **dict.fromkeys(("300001", "400013", "400101", "400102"), _TOKEN),
        **dict.fromkeys(("130101", "410100"), _MUTED),
    },
    Channel.Kind.WECOM: {"93000": _TOKEN, "45009": _MUTED, **dict.fromkeys(("40008", "40058"), _BODY)},
    Channel.Kind.FEISHU: {
        "19001": _TOKEN,
        "19021": _KEY,
        "19022": _SENDER,
        "19024": _KEYWORD,
        "9499": _BODY,
        "11232": _BUSY,
    },
    Channel.Kind.EMAIL: {"SMTP 535": _LOGIN, "SMTP 534": _LOGIN, "no mail server": _NO_SERVER},
}
_SAID: Final[tuple[tuple[str, Promise], ...]] = (
    (OVERTAKEN, _("Its hour is over; the next digest says what is open.")),
    (INCIDENT_OVER, _("The incident was closed, merged or void before it left.")),
    ("The channel is switched off", _OFF),
    ("sealed", _SEALED),
    ("address", _ADDRESS),
    ("HTTP 429", _MUTED),
    ("HTTP 3", _ADDRESS),
    ("HTTP 4", _ADDRESS),
    ("HTTP", _BUSY),
    ("no answer", _AWAY),
    ("-1", _BUSY),
)
"""Beginnings of replies, the same for every kind; the first that fits counts."""
_MISMATCHES: Final[tuple[tuple[tuple[str, ...], Promise], ...]] = (
    (("keyword", "关键词"), _KEYWORD),
    (("whitelist", "来源ip", "白名单"), _SENDER),
    (("sign", "签名"), _KEY),
    (("token",), _TOKEN),
)


def kind_name(kind: str) -> Promise | str:
    return KINDS.get(kind, kind)


def explained(kind: str, reply: str) -> Promise | str:
    """What the reply of a channel of that kind means, and what to mend; nothing when the reply is all we know."""
    if kind == Channel.Kind.DINGTALK and reply.startswith("310000"):
        return _mismatch(reply.lower())
    if kind == Channel.Kind.EMAIL and "recipients refused" in reply:
        return _RECIPIENTS
    said = (*_CODES.get(kind, {}).items(), *_SAID)
    return next((words for begins, words in said if reply.startswith(begins)), "")


def _mismatch(reply: str) -> Promise:
    """DingTalk has one code for four faults; its words tell which."""
    for words, meaning in _MISMATCHES:
        if any(word in reply for word in words):
            return meaning
    return _KEY


def is_doubtful(reply: str) -> bool:
    """Whether an earlier attempt has no reply, so that the message may have arrived twice."""
    return UNRECORDED in reply
