"""The counts beside the menu, kept until something they count changes: every page shows them.

They are kept with all that they follow from: the user's posts, the day, and the versions (`dispatch.live.versions`) of
the streets where those posts count. An act gives its street a new version before its own answer is sent, so whoever
acts sees the new number on the next page. Counting takes 15 to 25 ms, looking here less than one.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.core.cache import cache
from django.db import connection

import clock
from accounts.models import User
from dispatch.live.versions import CALLS, DISTRICT, versions
from grids.models import Post
from grids.posts import posts_of

_SECONDS: Final = 60
"""Nobody sees an older number, whatever may have kept a version from changing."""


def kept_counts(user: User, count: Callable[[], Mapping[str, int]]) -> dict[str, int]:
    """The user's counts: as kept, or by `count`."""
    if not _may_keep():
        return dict(count())
    basis, key = _basis(user), f"needs:{user.pk}"
    kept = cache.get(key)
    if kept and kept[0] == basis:
        return dict(kept[1])
    # The basis was read before counting: what is committed meanwhile makes this one outdated, never the next wrong.
    counts = dict(count())
    cache.set(key, (basis, counts), timeout=_SECONDS)
    return counts


def _may_keep() -> bool:
    """Not inside a transaction: what it has written may yet be undone, and no version tells of it before its end."""
    return not connection.in_atomic_block


def _basis(user: User) -> tuple[Any, ...]:
    posts = posts_of(user)
    held = [(post.pk, sorted(post.role.abilities)) for post in posts]
    return clock.today(), held, versions({CALLS, *map(_place, posts)})


def _place(post: Post) -> str:
    """Where what the post is asked for can happen; a department of the district is sent to every street."""
    street = post.unit.street_id if post.unit else post.department.street_id if post.department else None
    return str(street) if street else DISTRICT
