"""The processes of an installation, and their sudden deaths. Whoever dies is started again, as a supervisor does."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from governance.embedded.places import remove_servers_folder, server_account, servers_folder
from governance.embedded.postgres import Postgres
from governance.embedded.process import Child
from governance.embedded.state import PROJECT, load_secrets
from governance.embedded.valkey import Valkey
from governance.processes import WEIGE
from tests.run import TEST_ENVIRONMENT

WORKERS = ("worker", "beat", "beat2")
"""Beat runs twice, as it may by mistake: each asks every second what other installations are asked every minute."""


class Crew:
    """PostgreSQL and Valkey of our own, and what works on them."""

    def __init__(self, state: Path) -> None:
        self.state, self.deaths = state, Counter[str]()
        secrets, account = load_secrets(state), server_account()
        folder = servers_folder(state, account)
        # Durable: what is committed stays when the server is killed, as in service.
        self.servers: dict[str, Postgres | Valkey] = {
            "postgres": Postgres(folder, account, secrets["POSTGRES_PASSWORD"]),
            "valkey": Valkey(folder, account, secrets["VALKEY_PASSWORD"]),
        }
        self.children: dict[str, Child] = {}
        self.environment: dict[str, str] = {}

    def start_servers(self) -> Mapping[str, str]:
        """Start both; returns the environment of everybody who works on them."""
        for name in self.servers:
            self._start_server(name)
        addresses = {"DATABASE_URL": self.servers["postgres"].url(), "REDIS_URL": self.servers["valkey"].url()}
        self.environment = {**os.environ, **TEST_ENVIRONMENT, **addresses, "no_proxy": "127.0.0.1"}
        return {**TEST_ENVIRONMENT, **addresses}

    def start_workers(self) -> None:
        for name in WORKERS:
            self._start_worker(name)

    def kill(self, name: str) -> None:
        """With -9, its whole group; it is up again when this returns, but for the seconds it takes to be ready."""
        self.deaths[name] += 1
        self.children[name].kill()
        self._start_worker(name) if name in WORKERS else self._start_server(name)

    def tend(self) -> None:
        """Start again whoever has ended by himself, because a server that he needs was away."""
        for name, child in self.children.items():
            if child.exit_code is not None:
                self._start_worker(name) if name in WORKERS else self._start_server(name)
                return  # the dictionary has changed; the others are looked at next time

    def stop(self) -> None:
        for name in (*reversed(WORKERS), "valkey", "postgres"):
            if name in self.children:
                self.children[name].stop()

    def _start_server(self, name: str) -> None:
        server = self.servers[name]
        child = server.launch(_quiet, port=server.port)
        self.children[name] = child
        server.wait_until_ready(child)

    def _start_worker(self, name: str) -> None:
        program = next(each for each in WEIGE.others if each.name == name.removesuffix("2"))
        command = program.command_for({"host": "", "port": 0, "state": str(self.state)})
        if name.startswith("beat"):
            command[command.index("-A") + 1] = "tests.loop.fast_beat"
            command[command.index("--schedule") + 1] = str(self.state / f"{name}-schedule")
        else:
            command[command.index("INFO")] = "WARNING"
        self.children[name] = Child(name, command, folder=PROJECT, environment=self.environment, output=_quiet, grace=3)


def _quiet(name: str, line: str) -> None:
    """The last lines are kept by the child."""


@contextmanager
def crew() -> Iterator[Crew]:
    with tempfile.TemporaryDirectory(prefix="weige-crash-") as name:
        state = Path(name)
        state.chmod(0o711)
        ours = Crew(state)
        try:
            yield ours
        finally:
            ours.stop()
            remove_servers_folder(state)


def patiently(work: Callable[[], object], *errors: type[Exception], seconds: float = 20) -> None:
    """Do it until it succeeds: a server that was killed is away for a moment."""
    until = time.monotonic() + seconds
    while True:
        try:
            work()
        except errors:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
