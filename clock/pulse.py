"""Signs of life: who was last heard of, by the machine's own clock. A trial's moved clock doesn't move them."""

import time
from typing import Final

from django.core.cache import cache

BEAT: Final = "beat:last-tick"
"""Left by beat at each tick, at the latest every fifteen seconds."""
SWEEP: Final = "sweep:last-order"
"""Left by a worker each time it takes the order to sweep, which beat gives every minute."""
BEAT_SILENT: Final = 90.0
SWEEP_SILENT: Final = 180.0
"""Seconds after which a silence is no hiccup any more."""


def mark(name: str) -> None:
    cache.set(name, time.time(), timeout=None)


def silent_for(name: str) -> float | None:
    """Seconds since the last mark; None when there is none. Raises when the cache is away."""
    marked = cache.get(name)
    return None if marked is None else max(0.0, time.time() - marked)
