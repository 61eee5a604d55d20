"""File locks that the kernel gives back when the last process holding them is gone, however it went."""

import fcntl
import os
import time
from pathlib import Path

from governance.embedded import Trouble
from governance.embedded.process import Pause


class FileLock:
    """An open lock file. Children that inherit `descriptor` hold the lock too, as long as they live."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def try_to_take(self, *, shared: bool = False) -> bool:
        """Take it if nobody else has it."""
        try:
            fcntl.flock(self.descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def take(self, *, shared: bool = False) -> None:
        """Wait for it as long as it takes."""
        fcntl.flock(self.descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def close(self) -> None:
        """Let go of it; processes that inherited it go on holding it."""
        os.close(self.descriptor)


def lock_for_server(path: Path, *, seconds: float, pause: Pause = time.sleep) -> FileLock:
    """The lock that a server process inherits, so that no second one ever opens the same data.

    A server whose supervisor was killed is still shutting down for a moment: wait for it, and raise `Trouble` when it
    stays longer than `seconds`.
    """
    lock = FileLock(path)
    deadline = time.monotonic() + seconds
    while not lock.try_to_take():
        if time.monotonic() > deadline:
            lock.close()
            raise Trouble(f"A server from an earlier start still uses the data beside {path}. End it first.")
        pause(0.05)
    return lock
