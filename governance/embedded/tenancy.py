"""Who runs servers on a state folder, and who else uses them meanwhile.

One process at a time is the tenant: `script/server`, or a `script/manage` that found no server running. It holds
`tenant.lock` and publishes in `tenant.json` what others need to know. Guests (`script/manage` beside either of them)
hold `guests.lock` shared, so that a tenant that is done can wait for them before it stops the servers.
Both locks fall free by themselves when their holders are killed.
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from governance.embedded.locks import FileLock
from governance.embedded.places import write_closed

STARTING, READY, STOPPING = "starting", "ready", "stopping"


@dataclass(frozen=True)
class Notice:
    """What a tenant publishes. `environment` is there once the servers answer; `url` only for a web server."""

    phase: str = STARTING
    pid: int = 0
    url: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_attended(self) -> bool:
        """False when the tenant is on its way out or was killed and is being cleared up after."""
        return self.phase != STOPPING and _is_alive(self.pid)


class Tenancy:
    """The right to run servers on one state folder; kept until `leave` or death."""

    def __init__(self, state: Path, lock: FileLock) -> None:
        self._state, self._lock = state, lock

    @classmethod
    def take(cls, state: Path) -> Self | None:
        """Become the tenant; None when somebody else is."""
        lock = FileLock(state / "tenant.lock")
        if not lock.try_to_take():
            lock.close()
            return None
        tenancy = cls(state, lock)
        tenancy.publish(Notice(pid=os.getpid()))
        return tenancy

    def publish(self, notice: Notice) -> None:
        write_closed(self._state / "tenant.json", json.dumps(asdict(notice), indent=1))

    def wait_for_guests(self) -> FileLock:
        """Return when no guest is left; the lock returned keeps new ones out until it is closed."""
        guests = FileLock(self._state / "guests.lock")
        guests.take()
        return guests

    def leave(self) -> None:
        (self._state / "tenant.json").unlink(missing_ok=True)
        self._lock.close()


def read_notice(state: Path) -> Notice:
    """What the present tenant has published; an empty notice when there is none."""
    try:
        return Notice(**json.loads((state / "tenant.json").read_text()))
    except FileNotFoundError:
        return Notice(phase=STOPPING)


def become_guest(state: Path) -> tuple[FileLock, Notice] | None:
    """Use the tenant's servers as long as the returned lock is held (it may be inherited); None when none answer."""
    guests = FileLock(state / "guests.lock")
    guests.take(shared=True)
    notice = read_notice(state)
    if notice.environment and notice.is_attended:
        return guests, notice
    guests.close()
    return None


def _is_alive(pid: int) -> bool:
    """Whether the process runs; one that is dead but not yet taken leave of (a zombie) does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # no /proc on this system: the signal above has to do


def wait_and_take(state: Path, *, seconds: float) -> Tenancy | None:
    """Become the tenant; None when a web server is there to stay, or when whoever else is there has not left in time.

    A server that is stopping and a management command are waited for.
    """
    deadline = time.monotonic() + seconds
    while (tenancy := Tenancy.take(state)) is None:
        notice = read_notice(state)
        if (notice.url and notice.is_attended) or time.monotonic() > deadline:
            return None
        time.sleep(0.05)
    return tenancy
