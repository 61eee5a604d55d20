"""What every kind of channel is given and what it answers."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

TIMEOUT_SECONDS: Final = 8.0


class Outcome(Enum):
    """What a reply means for the message."""

    SENT = "sent"
    REFUSED = "refused"  # it will be refused again: somebody must mend the settings
    MUTED = "muted"  # too many: the robot is silent for ten minutes
    RETRY = "retry"  # not now
    SILENT = "silent"  # nobody answered in time: not now, and the channel is left alone for a while


@dataclass(frozen=True, slots=True)
class Robot:
    """Where a channel is and how it knows us. Neither keys nor people show in logs or tracebacks."""

    kind: str
    base_url: str = ""
    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    keyword: str = ""
    mentions: tuple[str, ...] = field(default=(), repr=False)
    """Mobile numbers that an urgent message calls."""
    recipients: tuple[str, ...] = field(default=(), repr=False)
    """Addresses of an e-mail."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said: the title where a robot has one, and the whole text in the little Markdown that all know."""

    title: str
    text: str
    url: str = ""
    """Where the button leads, when the message is about a single matter."""
    is_urgent: bool = False
    more_url: str = ""
    """Where somebody reads on when the text had to be cut."""
    key: str = ""
    """The same for every attempt at this message, so that a server which knows it may drop the second."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one attempt.

    `text` begins with a code (a number, `HTTP 404`, `no answer`) and is for people; `raw` is what the other side said,
    word for word. Both are free of token, secret, numbers and addresses.
    """

    outcome: Outcome
    text: str
    raw: str = ""
