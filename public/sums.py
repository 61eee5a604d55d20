"""A plain sum in words, asked only while somebody floods the form: a captcha that a screen reader can say.

No picture, no other company, nothing to see or hear. It keeps out a script that knows nothing of us; against one that
was written for us, the limits of `public.throttle` stand behind it. Each sum counts once.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

KEPT_SECONDS: Final = 1800
_WORDS: Final = (
    pgettext_lazy("a sum", "nought"),
    pgettext_lazy("a sum", "one"),
    pgettext_lazy("a sum", "two"),
    pgettext_lazy("a sum", "three"),
    pgettext_lazy("a sum", "four"),
    pgettext_lazy("a sum", "five"),
    pgettext_lazy("a sum", "six"),
    pgettext_lazy("a sum", "seven"),
    pgettext_lazy("a sum", "eight"),
    pgettext_lazy("a sum", "nine"),
    pgettext_lazy("a sum", "ten"),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """The question, and the key under which its answer waits in the cache."""

    key: str
    question: str


def ask() -> Sum:
    """A new sum of two numbers, ten at most together."""
    first = secrets.randbelow(5) + 1
    second = secrets.randbelow(5) + 1
    key = secrets.token_urlsafe(16)
    cache.set(f"public:sum:{key}", first + second, KEPT_SECONDS)
    words = {"first": _WORDS[first], "second": _WORDS[second]}
    return Sum(key, _("What is %(first)s plus %(second)s?") % words)


def is_right(key: str, answer: str) -> bool:
    """Whether it is the answer, as a figure or as a word. Asked once: right or wrong, the sum is spent."""
    if not key or len(key) > 40:
        return False
    wanted = cache.get(f"public:sum:{key}")
    cache.delete(f"public:sum:{key}")
    said = unicodedata.normalize("NFKC", answer).strip().lower()
    return wanted is not None and said in {str(wanted), str(_WORDS[wanted])}
