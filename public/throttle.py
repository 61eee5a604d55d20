"""How often strangers may ask, counted in the cache. In two steps: first a plain sum is asked, far beyond that "later".

Behind one address of a mobile network there may be a whole quarter, so an address alone is turned away late. Addresses
are counted by a keyed hash and forgotten with the window.
"""

from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.requests import network_address

MINUTE: Final = 60
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within a window that begins with the first."""

    name: str
    most: int
    seconds: int

    def _key(self, subject: object) -> str:
        return f"public:{self.name}:{salted_hmac('public.throttle', str(subject), algorithm='sha256').hexdigest()[:32]}"

    def count(self, subject: object) -> int:
        """Note one more; returns how many there are by now."""
        key = self._key(subject)
        if cache.add(key, 1, self.seconds):
            return 1
        try:
            return int(cache.incr(key))
        except ValueError:  # the window ended between the two
            cache.set(key, 1, self.seconds)
            return 1

    def is_over(self, subject: object) -> bool:
        """Whether the next one is one too many."""
        return int(cache.get(self._key(subject), 0)) >= self.most


SENT_FROM: Final = Limit("sent-from", 5, 10 * MINUTE)
SENT_HERE: Final = Limit("sent-here", 20, HOUR)
SENT_AT_ALL: Final = Limit("sent-at-all", 120, 10 * MINUTE)
"""Above one of these a report is under suspicion of coming from a machine: a sum is asked."""
SENT_FAR_TOO_OFTEN: Final = Limit("sent-hour", 40, HOUR)
"""Reports, additions and feedback of one address: beyond it, later."""
CODE_MISSED: Final = Limit("code-missed", 40, 10 * MINUTE)
"""Wrong place codes or links of one address; beyond it right ones aren't answered either, or trying would pay."""
TRACK_MISSED: Final = Limit("track-missed", 20, 10 * MINUTE)
NUMBER_MISSED: Final = Limit("number-missed", 10, HOUR)
"""Wrong query codes of one address, and for one number from wherever."""
ADDED: Final = Limit("added", 10, HOUR)
"""What is added to one report."""


def address_of(request: HttpRequest) -> str:
    """Whom to count: the network address, or all of those who come without one as one."""
    return network_address(request) or "unknown"
