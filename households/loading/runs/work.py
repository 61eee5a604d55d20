"""One process at a time at work on a load, and signs of life while it is.

Who is at work holds a session lock of PostgreSQL: it ends with the process, however it ends, so that nobody has to
guess whether the other one still lives. It is not enough to find loads whose worker died, for a lock that is gone looks
like one that was never taken; and what happens inside the big transaction of a street nobody outside can see. So a
thread writes `alive_at` over a connection of its own, and `upkeep.resume` takes up what has been silent for long. (A
key in the cache would do the same with less; but the cache may be lost, and then every load at work would look dead.)
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

import clock
from households.models import RegisterLoad

State = RegisterLoad.State
# First key of the two-key advisory locks; the second is the load's id. 0 is the queue itself (`turns`).
LOCK_CLASS: Final = 0x57474C44
SIGN_EVERY: Final = 20.0
SILENT_AFTER: Final = timedelta(seconds=90)
MOST_ATTEMPTS: Final = 3
"""A file that kills its reader three times isn't read a fourth time."""
PASSING: Final = (OperationalError, InterfaceError)
"""The database went away: nothing is wrong with the load, it is taken up when the database is back."""


@contextmanager
def at_work(load_id: int) -> Iterator[bool]:
    """Be the one process at work on the load during the block; False when another one is."""
    with connection.cursor() as cursor:
        # A server process in the middle of a long statement would not notice for minutes that its client was killed.
        cursor.execute("SET client_connection_check_interval = '5s'")
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, load_id])
        is_ours = bool(cursor.fetchone()[0])
    if not is_ours:
        yield False
        return
    signs = _Signs(load_id)
    signs.start()
    try:
        yield True
    finally:
        signs.stop()
        # If the session is gone, so is its lock.
        with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, load_id])


def locked(load_id: int) -> RegisterLoad:
    """The load as it stands, held for this transaction."""
    loads = RegisterLoad.objects.select_related("scope", "scope__street", "made_by", "confirmed_by")
    return loads.select_for_update(of=("self",), no_key=True).get(pk=load_id)


@transaction.atomic
def begin(load_id: int, *among: str, state: str, at: datetime) -> RegisterLoad | None:
    """Note that the work on the load begins, once more perhaps; None when it isn't in one of these states."""
    load = locked(load_id)
    if load.state not in among:
        return None
    load.attempts += 1
    load.began_at = at if load.state != state or load.began_at is None else load.began_at
    load.state, load.alive_at = state, at
    load.save(update_fields=["state", "attempts", "began_at", "alive_at"])
    return load


class _Signs:
    """Writes `alive_at` every `SIGN_EVERY` seconds while the work goes on."""

    def __init__(self, load_id: int) -> None:
        self._load_id = load_id
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._write, name="signs of life", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join(timeout=5)

    def _write(self) -> None:
        while not self._is_over.wait(SIGN_EVERY):
            try:
                RegisterLoad.objects.filter(pk=self._load_id).update(alive_at=clock.now())
            except PASSING:
                continue  # the work itself will notice, or the next sign goes through
            finally:
                connection.close()
