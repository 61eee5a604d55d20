"""Beat that can be seen to be alive."""

import time
from typing import Any

from celery.beat import PersistentScheduler

from clock import pulse

_EVERY_SECONDS = 10


class HeartbeatScheduler(PersistentScheduler):
    """The static timetable, and a mark in the cache at each tick that `/healthz` reads."""

    _marked_at = float("-inf")
    max_interval = 15

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if time.monotonic() - self._marked_at >= _EVERY_SECONDS:
            pulse.mark(pulse.BEAT)
            self._marked_at = time.monotonic()
        return min(super().tick(*args, **kwargs), self.max_interval)
