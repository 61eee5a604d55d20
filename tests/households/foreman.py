"""The process behind `test_load_crash`: sets Django up once, then lets one worker after another begin and be killed.

Imports nothing of Django until it has set it up.
"""

import os
import signal
from typing import Any

AT_THE_END = 0
"""Instead of a number: after the street was committed, before the load says so."""


def work(database: str, orders: Any) -> None:
    """For each (load, point) that comes, fork a worker that is killed there; answer by what signal it ended."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "governance.settings"
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    while order := orders.recv():
        worker = os.fork()
        if worker == 0:
            _apply(*order)
            os._exit(0)
        _pid, status = os.waitpid(worker, 0)
        orders.send(os.waitstatus_to_exitcode(status))


def _apply(load_id: int, point: int) -> None:
    """As the loader does it, but dying at the given sign of life, as if the machine had gone."""
    from households.loading import runs
    from households.loading.progress import Reporter

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
