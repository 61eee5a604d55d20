"""`script/manage`: run a management command against the servers there are, or start them for as long as it takes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg2

from governance.embedded import Trouble
from governance.embedded.process import die_with_parent
from governance.embedded.servers import EmbeddedServers
from governance.embedded.state import PROJECT, is_configured, load_secrets, product_environment, state_folder
from governance.embedded.tenancy import READY, Notice, Tenancy, become_guest


def main(arguments: list[str]) -> int:
    """Run `manage.py` with `arguments`; returns its exit code."""
    state = state_folder()
    if is_configured("DATABASE_URL") and is_configured("REDIS_URL"):
        return _run(arguments, product_environment(state, load_secrets(state), {}))
    deadline = time.monotonic() + 90  # another start may be making the database just now
    while time.monotonic() < deadline:
        if tenancy := Tenancy.take(state):
            return _run_as_tenant(arguments, state, tenancy)
        if joined := become_guest(state):
            lock, notice = joined
            try:
                return _run(arguments, notice.environment)
            finally:
                lock.close()
        time.sleep(0.1)
    raise Trouble(f"The servers of {state} are being started by somebody else and don't answer yet.")


def _run_as_tenant(arguments: list[str], state: Path, tenancy: Tenancy) -> int:
    servers = EmbeddedServers(state)
    guests = None
    try:
        servers.start(lambda name, line: None)
        environment = product_environment(state, load_secrets(state), servers.environment)
        if "DATABASE_URL" in servers.environment and arguments[:1] != ["migrate"]:
            _migrate_if_empty(environment)
        tenancy.publish(Notice(READY, os.getpid(), environment=environment))
        code = _run(arguments, environment)
        guests = tenancy.wait_for_guests()
    finally:
        servers.stop()
        tenancy.leave()
        if guests:
            guests.close()
    return code


def _migrate_if_empty(environment: Mapping[str, str]) -> None:
    """Make the tables of a database that has just been born: the first command of a fresh checkout needs them."""
    connection = psycopg2.connect(environment["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('django_migrations')")
            (table,) = cursor.fetchone()
    finally:
        connection.close()
    if table is None and _run(["migrate", "--verbosity=0"], environment) != 0:
        raise Trouble("The tables of the new database could not be made.")


def _run(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run one command at this terminal. A Ctrl-C is the command's to answer; we wait for it to finish."""
    ours = {name: value for name, value in environment.items() if not is_configured(name)}
    command = subprocess.Popen(
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        env={**os.environ, **ours},
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return command.wait()
    finally:
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(f"script/manage: {trouble}")
