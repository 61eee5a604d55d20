"""What fifty open boards ask for at the same moment is worked out once.

A commit makes every board of its street renew itself within the same second. Those who see the whole of a unit are
shown the same, so the first one's answer serves the others, as long as the version stands that it was made for. What
time alone changes is then at most a quarter of a minute old, and says of when it is.
"""

from collections.abc import Callable
from typing import Final

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from dispatch.live.tickets import LivePage
from grids.models import Unit

_SECONDS: Final = 15


def shared(request: HttpRequest, unit: Unit | None, live: LivePage, make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make` renders of `unit` for this address in this language, or what it rendered for another reader.

    Only for readers who see the same of the unit (none is the district), and for parts that show nothing of who reads
    them. One address may show each reader another unit (`/board/`), and a place has many. `live` was asked for before:
    what is committed meanwhile has another version, so this answer can't pass for that one's.
    """
    if not _may_keep():
        return make()
    what = unit.pk if unit else "district"
    key = f"renewal:{what}:{live.place}:{live.version}:{get_language()}:{request.path}"
    kept = cache.get(key)
    if kept is None:
        kept = make().content
        cache.set(key, kept, timeout=_SECONDS)
    return HttpResponse(kept)


def _may_keep() -> bool:
    """Not inside a transaction: what it has written may yet be undone, and no version tells of it before its end."""
    return not connection.in_atomic_block
