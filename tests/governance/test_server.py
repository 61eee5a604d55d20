"""script/server: what starts, what stops, and what is left after a kill."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from governance.embedded.places import remove_servers_folder, server_account
from governance.embedded.ports import free_port
from governance.embedded.state import PROJECT
from tests.governance.servers_at_work import SmallServer, environment_for, processes_of, wait_until_nothing_runs

pytestmark = [
    pytest.mark.processes,
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers another account")


@contextmanager
def state_folder() -> Iterator[Path]:
    """A state folder that every account can reach, and that nothing uses any more afterwards."""
    with tempfile.TemporaryDirectory(prefix="weige-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        try:
            yield folder
        finally:
            for pid in processes_of(folder):
                os.kill(pid, signal.SIGKILL)
            remove_servers_folder(folder)


@pytest.fixture
def state() -> Iterator[Path]:
    with state_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def running() -> Iterator[SmallServer]:
    """A server for the tests that only look at it."""
    with state_folder() as folder:
        server = start(folder)
        yield server
        assert server.stop() == 0


def start(state: Path, **environment: str) -> SmallServer:
    return SmallServer(state, port=free_port(), **environment).until_ready()


def test_ctrl_c_stops_everything_in_order_and_the_data_are_there_again(state: Path) -> None:
    server = start(state)
    assert "start number 1" in server.text()
    server.signal(signal.SIGINT)
    assert server.exit_code() == 0
    assert processes_of(state) == {}
    assert server.text().index("valkey   | ") < server.text().rindex("database system is shut down")

    again = start(state)
    assert "start number 2" in again.text()
    assert again.stop() == 0


def test_second_start_says_where_it_runs_already(running: SmallServer) -> None:
    second = SmallServer(running.state)
    assert second.exit_code() == 3
    assert f"already running: http://127.0.0.1:{running.port}/ (pid {running.pid})" in second.text()


def test_port_in_use_is_refused_when_it_was_asked_for(running: SmallServer, state: Path) -> None:
    refused = SmallServer(state, port=running.port)
    assert refused.exit_code() == 1
    assert f"port {running.port} on 127.0.0.1 is in use" in refused.text()


@as_root
def test_root_lends_the_servers_an_account_without_rights(running: SmallServer) -> None:
    account = server_account()
    assert account is not None
    owners = {
        Path(f"/proc/{pid}").stat().st_uid
        for pid, title in processes_of(running.state).items()
        if "bin/postgres" in title or "valkey-server" in title
    }
    assert owners == {account.uid}


@pytest.mark.parametrize("which", ["outer", "inner"])
def test_kill_9_of_the_supervisor_leaves_nothing_running(state: Path, which: str) -> None:
    server = start(state)
    assert len(processes_of(state)) > 6
    os.kill(server.pid if which == "outer" else server.inner_pid(), signal.SIGKILL)
    # At once, while the old servers are still on their way out: the new start waits for them.
    again = start(state)
    assert "start number 2" in again.text()
    assert again.stop() == 0
    server.exit_code()
    wait_until_nothing_runs(state)


def test_kill_9_of_both_supervisors_ends_the_databases(state: Path) -> None:
    server = start(state)
    inner = server.inner_pid()
    databases = [pid for pid, title in processes_of(state).items() if "postgres" in title or "valkey" in title]
    os.kill(server.pid, signal.SIGSTOP)  # neither gets the time to look after the other
    os.kill(inner, signal.SIGKILL)
    os.kill(server.pid, signal.SIGKILL)
    again = start(state)
    assert not set(databases) & set(processes_of(state))
    again.stop()


def test_when_one_process_ends_everything_stops_and_the_failure_is_told(state: Path) -> None:
    server = start(state)
    (web,) = [pid for pid, title in processes_of(state).items() if "http.server" in title]
    os.kill(web, signal.SIGKILL)
    assert server.exit_code() == 1
    assert "web ended by itself with -9" in server.text()
    assert processes_of(state) == {}


def test_servers_of_the_environment_replace_the_embedded_ones(state: Path) -> None:
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    server = start(state, **given)
    assert "start number" in server.text()
    assert "postgres |" not in server.text()
    assert server.stop() == 0
    assert not (state / "servers").exists()


@as_root
def test_project_below_a_closed_home_keeps_its_data_where_the_servers_reach_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    state = home / "state"
    try:
        server = start(state)
        assert server.stop() == 0
        assert (state / "servers").is_symlink()
        assert home.stat().st_mode & 0o777 == 0o700
    finally:
        remove_servers_folder(state)


def test_management_command_uses_the_servers_that_run(running: SmallServer) -> None:
    assert "class Starts" in manage(running.state, "inspectdb", "starts")


def test_management_command_starts_servers_of_its_own_and_stops_them(state: Path) -> None:
    assert "accounts.0001_initial" in manage(state, "migrate", "--plan")
    assert processes_of(state) == {}


def manage(state: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "governance.embedded.attend", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment_for(state), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
