"""The parts of script/server that can be seen without starting it: secrets, ports, tenancy, closed network."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance import supervisor
from governance.embedded import Trouble
from governance.embedded.locks import FileLock, lock_for_server
from governance.embedded.ports import free_port
from governance.embedded.state import load_secrets, product_environment, state_folder
from governance.embedded.tenancy import READY, STOPPING, Notice, Tenancy, become_guest, read_notice, wait_and_take


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGE_STATE", str(tmp_path / "state"))
    return state_folder()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_secrets_are_made_once_and_seen_by_their_owner_alone(state: Path) -> None:
    first = load_secrets(state)
    assert load_secrets(state) == first
    assert first["FIELD_KEYS"].startswith("k1:")
    assert stat.S_IMODE((state / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


def test_what_is_set_outside_goes_before_the_defaults(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "/run/secrets/key")
    monkeypatch.delenv("TRIAL", raising=False)
    defaults = product_environment(state, load_secrets(state), {"REDIS_URL": "redis://elsewhere"})
    assert "SECRET_KEY" not in defaults
    assert defaults["TRIAL"] == "1"


def test_without_a_wish_the_next_free_port_is_taken(
    taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "DEFAULT_PORT", taken_port)
    address = supervisor.choose_address("127.0.0.1", None)
    assert address.port > taken_port
    assert f"port {taken_port} is in use, taking {address.port}" in capsys.readouterr().out


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("192.0.2.1", None), ("127.0.0.1", 0)])
def test_impossible_address_is_refused_in_one_sentence(host: str, port: int | None) -> None:
    with pytest.raises(Trouble, match="is no address to listen on"):
        supervisor.choose_address(host, port)


def test_whole_network_is_let_in_only_when_asked() -> None:
    assert supervisor.Address("127.0.0.1", 8000).allowed_hosts() == "localhost,127.0.0.1,[::1]"
    everywhere = supervisor.Address("0.0.0.0", 8000)
    assert (everywhere.allowed_hosts(), everywhere.url) == ("*", "http://127.0.0.1:8000/")


def test_one_tenant_at_a_time_and_guests_only_of_a_ready_one(state: Path) -> None:
    tenancy = Tenancy.take(state)
    assert tenancy is not None
    assert Tenancy.take(state) is None
    assert become_guest(state) is None

    tenancy.publish(Notice(READY, os.getpid(), "http://127.0.0.1:1/", {"DATABASE_URL": "postgres://"}))
    assert wait_and_take(state, seconds=0) is None  # it is there to stay
    joined = become_guest(state)
    assert joined is not None
    lock, notice = joined
    assert notice.environment == {"DATABASE_URL": "postgres://"}
    assert not FileLock(state / "guests.lock").try_to_take()  # the tenant would wait for us
    lock.close()

    tenancy.leave()
    assert wait_and_take(state, seconds=0) is not None


def test_dead_or_leaving_tenant_is_not_attended(state: Path) -> None:
    assert not Notice(READY, pid=2**22 + 1).is_attended
    assert not Notice(STOPPING, pid=os.getpid()).is_attended
    assert not read_notice(state).is_attended


def test_data_of_a_server_that_still_runs_are_left_alone(state: Path) -> None:
    first = lock_for_server(state / "postgres.lock", seconds=1)
    with pytest.raises(Trouble, match="still uses the data"):
        lock_for_server(state / "postgres.lock", seconds=0)
    first.close()
    lock_for_server(state / "postgres.lock", seconds=0).close()


def test_free_port_can_be_listened_on() -> None:
    with socket.create_server(("127.0.0.1", free_port())):
        pass


def test_tests_reach_no_other_machine() -> None:
    with pytest.raises(AssertionError, match="tests stay on this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
