"""A version for each street, for the whole district and for the calls: it changes whenever what they show does.

A version is a random word, not a number: it is only ever compared for being the same. So nothing has to be counted or
kept in order, two writers can't give the same one twice, and when Redis lost its content every place gets a version
that no page has seen; each open page then renews itself once, and that is all that happens.
"""

import secrets
from collections.abc import Iterable
from functools import partial
from typing import Final

from django.core.cache import cache
from django.db import transaction

DISTRICT: Final = "district"
"""The place above all streets. It changes with each of them."""
CALLS: Final = "calls"
"""Supervision items, whistles and lines to explain, wherever they are: they pass between streets."""

_KEY: Final = "live:"


def versions(places: Iterable[str]) -> dict[str, str]:
    """The present version of each place; one round trip. A place without one is given its first.

    Raises what the cache raises when Redis is away.
    """
    keys = {_KEY + place: place for place in places}
    found = {keys[key]: version for key, version in cache.get_many(keys).items()}
    return found | {place: _begin(place) for place in keys.values() if place not in found}


def version(place: str) -> str:
    """The present version of one place."""
    return versions([place])[place]


def changed(*street_ids: int) -> None:
    """What these streets show changes with the transaction under way: new versions as soon as it is committed.

    Robust: a page that is renewed half a minute late is no reason to fail what has been done.
    """
    _after_commit({DISTRICT, *map(str, street_ids)})


def calls_changed(*street_ids: int) -> None:
    """The same for a supervision item, a whistle or a line to explain."""
    _after_commit({CALLS, DISTRICT, *map(str, street_ids)})


def _after_commit(places: set[str]) -> None:
    transaction.on_commit(partial(_renew, places), robust=True)


def _renew(places: set[str]) -> None:
    cache.set_many({_KEY + place: _new() for place in places}, timeout=None)


def _begin(place: str) -> str:
    """Two may come at once: the first to write wins, and both read what it wrote."""
    return str(cache.get_or_set(_KEY + place, _new, timeout=None))


def _new() -> str:
    return secrets.token_hex(8)
