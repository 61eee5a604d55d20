"""PostgreSQL and Valkey together, as far as the environment names none."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from governance.embedded.places import remove_servers_folder, server_account, servers_folder
from governance.embedded.postgres import Postgres
from governance.embedded.process import Child, Output, Pause
from governance.embedded.state import is_configured, load_secrets
from governance.embedded.valkey import Valkey


class EmbeddedServers:
    """The servers of one state folder. What `DATABASE_URL` or `REDIS_URL` replace is not started."""

    def __init__(self, state: Path, *, durable: bool = True, needed: tuple[str, ...] | None = None) -> None:
        """`needed` names the variables to answer for; by default those that are not set."""
        if needed is None:
            needed = tuple(name for name in ("DATABASE_URL", "REDIS_URL") if not is_configured(name))
        self.environment: dict[str, str] = {}
        self.children: list[Child] = []
        self._state, self._durable, self._needed = state, durable, needed

    def start(self, output: Output, pause: Pause = time.sleep) -> None:
        """Start what is needed, one after the other; `environment` then says where they answer."""
        if not self._needed:
            return
        kept = load_secrets(self._state)
        account = server_account()
        folder = servers_folder(self._state, account)
        if "DATABASE_URL" in self._needed:
            postgres = Postgres(folder, account, kept["POSTGRES_PASSWORD"], durable=self._durable)
            self._start(postgres, output, pause)
            self.environment["DATABASE_URL"] = postgres.url()
        if "REDIS_URL" in self._needed:
            valkey = Valkey(folder, account, kept["VALKEY_PASSWORD"], durable=self._durable)
            self._start(valkey, output, pause)
            self.environment["REDIS_URL"] = valkey.url()

    def _start(self, server: Postgres | Valkey, output: Output, pause: Pause) -> None:
        child = server.launch(output, pause)
        self.children.append(child)  # before waiting: whoever interrupts the wait still has it to stop
        server.wait_until_ready(child, pause)

    def stop(self) -> None:
        """Stop them, the last one started first."""
        while self.children:
            self.children.pop().stop()


@contextmanager
def throw_away_servers(*, durable: bool = False) -> Iterator[Mapping[str, str]]:
    """Servers with empty data for the duration of a test run; yields their `DATABASE_URL` and `REDIS_URL`.

    `durable` ones write as safely as in earnest, which is what a benchmark of writing has to pay for.
    """
    with tempfile.TemporaryDirectory(prefix="weige-test-") as name:
        state = Path(name)
        state.chmod(0o711)
        servers = EmbeddedServers(state, durable=durable, needed=("DATABASE_URL", "REDIS_URL"))
        try:
            servers.start(lambda name, line: None)
            yield servers.environment
        finally:
            servers.stop()
            remove_servers_folder(state)
