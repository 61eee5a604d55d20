"""The same work in several processes at the same moment: connections of their own, real locks.

They are forked from one process that has Django set up, so that eight of them begin in half a second and not in ten.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from typing import Any

from django.db import connection

PROCESSES = 8
"""How many do it at once."""


def forks() -> ForkServerContext:
    """Where processes come from that have Django set up and no connection yet."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.set_up"])
    return context


def at_once(work: Callable[..., None], *arguments: Any) -> list[str]:
    """Let `PROCESSES` do `work(number, *arguments)` when all of them are there; returns what went wrong in them."""
    context = forks()
    start, done = context.Barrier(PROCESSES), context.Queue()
    crew = [
        context.Process(
            target=_take_part, args=(connection.settings_dict["NAME"], start, done, work, number, arguments)
        )
        for number in range(PROCESSES)
    ]
    for each in crew:
        each.start()
    said = [done.get(timeout=60) for _each in crew]
    for each in crew:
        each.join(10)
    return [trouble for trouble in said if trouble]


def _database() -> str:
    """Which copy is ours, of those that the processes of a test run have."""
    return str(connection.settings_dict["NAME"])


def _take_part(
    database: str, start: Any, done: Any, work: Callable[..., None], number: int, arguments: tuple[Any, ...]
) -> None:
    connection.settings_dict["NAME"] = database
    try:
        connection.ensure_connection()
        start.wait(60)
        work(number, *arguments)
        connection.close()
        done.put("")
    except BaseException as error:
        start.abort()
        done.put(f"{number}: {error!r}")
        raise
