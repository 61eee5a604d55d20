"""The worker of `test_load_crash`: applies a load and is killed on the way."""

import os
import signal
from typing import Any

from django.db import connection

from households.loading import runs
from households.loading.progress import Reporter

AT_THE_END = 0
"""Instead of a number: after the street was committed, before the load says so."""


def apply_and_die(database: str, load_id: int, point: int) -> None:
    """As the loader does it, but dying at the given sign of life, as if the machine had gone."""
    connection.settings_dict["NAME"] = database
    said = 0

    def say(self: Any, stage: str, done: int, total: int) -> None:
        nonlocal said
        said += 1
        if said == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def end(self: Any) -> dict[str, float]:
        if point == AT_THE_END:
            os.kill(os.getpid(), signal.SIGKILL)
        return {}

    Reporter.say, Reporter.end = say, end  # type: ignore[assignment, method-assign]
    runs.apply(load_id)
