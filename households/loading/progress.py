"""How far the work on a load has come: rows, stage, time left. For the page and the command; kept in the cache.

Nothing of the file is in it, numbers only. The time left is reckoned from the pace of this very run: the shares of the
stages are known from measurements (`READING`, `APPLYING`, `UNDOING`), how long a share takes is seen on the way. Until
there is something to reckon from, nothing is said.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

# The stages of each kind of work in order, with their shares of the time, measured with a street of 217,000 residents.
READING: Final = {"opening": 25.0, "recognising": 2.0, "rows": 48.0, "finding": 1.0, "comparing": 24.0}
APPLYING: Final = {
    "places": 2.0,
    "doors": 20.0,
    "households": 10.0,
    "residents": 50.0,
    "changes": 12.0,
    "tags": 3.0,
    "gone": 3.0,
}
UNDOING: Final = {"undoing": 1.0}
LABELS: Final = {
    "waiting": _("Waiting for its turn"),
    "opening": _("Opening the file"),
    "recognising": _("Recognising the columns"),
    "rows": _("Reading the rows"),
    "finding": _("Finding the places"),
    "comparing": _("Comparing with the register"),
    "places": _("Adding places"),
    "doors": _("Adding doors to the tree"),
    "households": _("Writing the households"),
    "residents": _("Writing the residents"),
    "changes": _("Writing the history"),
    "tags": _("Writing the tags"),
    "gone": _("Moving out those who are gone"),
    "undoing": _("Taking the load back"),
}
_KEPT_SECONDS: Final = 24 * 3600
_AT_MOST_EVERY: Final = 0.3
_SURE_AFTER_SECONDS: Final = 1.0
_SURE_AFTER_SHARE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the work stands. `rows` of `total_rows` are done in this stage; 0 of 0 while they aren't known."""

    stage: str
    rows: int = 0
    total_rows: int = 0
    share: float = 0.0
    """Of the whole work, 0–1."""
    seconds_left: int | None = None
    """None as long as it would be a guess."""

    @property
    def label(self) -> str:
        return str(LABELS.get(self.stage, ""))

    @property
    def percent(self) -> int:
        return int(100 * self.share)


def progress_of(load_id: int) -> Progress | None:
    """What the process at work said last; None when nobody is."""
    kept: dict[str, Any] | None = cache.get(_key(load_id))
    return Progress(**kept) if kept else None


def forget(load_id: int) -> None:
    cache.delete(_key(load_id))


@dataclass(slots=True)
class Reporter:
    """Takes notes on one run of work. `say` is handed to the steps.

    A load of several streets passes through its stages once a street: `part` is the share of all rows that the street
    at hand has, `before` that of the streets that are done.
    """

    load_id: int
    stages: Mapping[str, float]
    before: float = 0.0
    part: float = 1.0
    began: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each stage took, for `RegisterLoad.seconds`."""
    _stage: str = ""
    _stage_began: float = 0.0
    _said: float = 0.0

    def say(self, stage: str, rows: int, total_rows: int) -> None:
        """The stage at hand, and how many of its rows are done."""
        now = time.monotonic()
        if stage != self._stage:
            self._end_stage(now)
            self._stage, self._stage_began = stage, now
        elif now - self._said < _AT_MOST_EVERY:
            return
        self._said = now
        share = self.share_of(stage, rows, total_rows)
        left = _seconds_left(now - self.began, share)
        cache.set(_key(self.load_id), asdict(Progress(stage, rows, total_rows, share, left)), _KEPT_SECONDS)

    def share_of(self, stage: str, rows: int, total_rows: int) -> float:
        """How much of the whole work is done when so many rows of that stage are."""
        done = 0.0
        for name, weight in self.stages.items():
            if name == stage:
                done += weight * (min(rows / total_rows, 1.0) if total_rows else 0.0)
                break
            done += weight
        return self.before + self.part * done / sum(self.stages.values())

    def end(self) -> dict[str, float]:
        """The work is over: nobody is at it any more. Returns the seconds of each stage."""
        self._end_stage(time.monotonic())
        self._stage = ""
        forget(self.load_id)
        return {stage: round(seconds, 2) for stage, seconds in self.seconds.items()}

    def _end_stage(self, now: float) -> None:
        if self._stage:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._stage_began


def _seconds_left(elapsed: float, share: float) -> int | None:
    if elapsed < _SURE_AFTER_SECONDS or share < _SURE_AFTER_SHARE:
        return None
    return round(elapsed * (1 - share) / share)


def _key(load_id: int) -> str:
    return f"load-progress:{load_id}"
