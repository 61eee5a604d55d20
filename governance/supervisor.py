"""`script/server`: the databases, the web server, the worker and beat under one supervising process.

Starts them in order, shows their lines, stops them in order on Ctrl-C, and stops all of them when one ends by itself.
"""

import argparse
import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from governance.embedded import Trouble
from governance.embedded.ports import is_free, next_free
from governance.embedded.process import Child, reap_adopted
from governance.embedded.servers import EmbeddedServers
from governance.embedded.state import PROJECT, is_configured, load_secrets, product_environment, state_folder
from governance.embedded.tenancy import READY, STARTING, STOPPING, Notice, Tenancy, read_notice, wait_and_take
from governance.embedded.terminal import show
from governance.embedded.watcher import answer_stop_signals, run_watched
from governance.processes import WEIGE, Application, Program

DEFAULT_PORT = 8000
ALREADY_RUNNING = 3
_EVERYWHERE = {"0.0.0.0", "::"}


class Interrupted(Exception):
    """Somebody asked for the end before everything was up."""


@dataclass(frozen=True)
class Address:
    """Where the pages are served."""

    host: str
    port: int

    @property
    def url(self) -> str:
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def reachable_host(self) -> str:
        """A host to open on this machine: who listens everywhere is also found at home."""
        return "127.0.0.1" if self.host in _EVERYWHERE else self.host

    def allowed_hosts(self) -> str:
        """What Django may take for its own name; everything, once `--host` opened the port to the whole network."""
        if self.host in _EVERYWHERE:
            return "*"
        return ",".join(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", self.host]))


class Supervisor:
    """One run of an application on one state folder."""

    def __init__(
        self, application: Application, address: Address, state: Path, tenancy: Tenancy, outer_pid: int
    ) -> None:
        self._application, self._address, self._state = application, address, state
        self._tenancy, self._outer_pid = tenancy, outer_pid
        self._secrets = load_secrets(state)
        self._demo_password = os.environ.get("DEMO_PASSWORD") or self._secrets["DEMO_PASSWORD"]
        self._servers = EmbeddedServers(state)
        self._programs: list[Child] = []
        self._environment: dict[str, str] = {}
        self._stop_asked = threading.Event()
        self._times_asked = 0

    def run(self) -> int:
        """Start everything, watch it, stop everything. Returns the exit code of the whole."""
        answer_stop_signals(self._note_signal)
        try:
            self._start()
            return self._watch()
        except Interrupted:
            return 130
        except Trouble as trouble:
            show("server", str(trouble))
            return 1
        finally:
            self._stop()

    def _start(self) -> None:
        began = time.monotonic()
        self._publish(STARTING)
        self._servers.start(show, self._pause)
        defaults = product_environment(self._state, self._secrets, self._servers.environment)
        for name, value in (("ALLOWED_HOSTS", self._address.allowed_hosts()), ("SITE_URL", self._address.url)):
            if not is_configured(name):
                defaults[name] = value
        self._environment = {**os.environ, **defaults, "PYTHONUNBUFFERED": "1"}
        self._publish(STARTING, defaults)
        self._prepare()
        self._launch(self._application.web).wait_until(self._page_answers, seconds=60, pause=self._pause)
        for program in self._application.others:
            self._launch(program)
        self._publish(READY, defaults)
        self._announce(time.monotonic() - began)

    def _prepare(self) -> None:
        child = self._launch(self._application.prepare, {"DEMO_PASSWORD": self._demo_password})
        code = child.wait(self._pause)
        self._programs.remove(child)
        if code != 0:
            raise Trouble(f"The database could not be prepared ({child.name} ended with {code}).")

    def _launch(self, program: Program, more: Mapping[str, str] | None = None) -> Child:
        values: dict[str, str | int] = {
            "host": self._address.host,
            "port": self._address.port,
            "state": str(self._state),
        }
        child = Child(
            program.name,
            program.command_for(values),
            folder=PROJECT,
            environment={**self._environment, "WEIGE_PROCESS": f"weige-{program.name}", **(more or {})},
            output=show,
            stop_signal=program.stop_signal,
            grace=program.grace,
        )
        self._programs.append(child)
        return child

    def _page_answers(self) -> bool:
        connection = http.client.HTTPConnection(self._address.reachable_host, self._address.port, timeout=5)
        try:
            connection.request("GET", self._application.page)
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except OSError:
            return False
        finally:
            connection.close()

    def _watch(self) -> int:
        """Wait for the wish to stop (0) or for the end of any process (1)."""
        while not self._stop_asked.wait(0.25):
            children = [*self._servers.children, *self._programs]
            reap_adopted(children)
            for child in children:
                if child.exit_code is not None:
                    show("server", f"{child.name} ended by itself with {child.exit_code}: stopping everything")
                    return 1
        return 0

    def _stop(self) -> None:
        self._publish(STOPPING)
        show("server", "正在停止，再按一次 Ctrl-C 立即结束 · stopping; press Ctrl-C again to end at once")
        already_asked = self._times_asked
        for child in sorted(self._programs, key=lambda child: self._application.stop_order.index(child.name)):
            child.stop(hurry=lambda: self._times_asked > max(already_asked, 1))
        self._servers.stop()
        self._tenancy.leave()
        show("server", "已全部停止 · everything has stopped")

    def _announce(self, seconds: float) -> None:
        lines = ["", f"微格 Weige 已就绪 · ready in {seconds:.1f} s", f"  {self._address.url}"]
        accounts = self._demo_accounts()
        if accounts:
            lines += ["", f"  演示账号 · demo accounts (密码 · password: {self._demo_password})"]
            lines += [
                f"    {account['username']:<12}{account['shows']} · {account['shows_en']}" for account in accounts
            ]
        lines += ["", "  按 Ctrl-C 停止 · Ctrl-C stops everything", ""]
        for line in lines:
            show("server", line)

    def _demo_accounts(self) -> list[dict[str, str]]:
        try:
            accounts: list[dict[str, str]] = json.loads((self._state / "accounts.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        return accounts

    def _publish(self, phase: str, environment: Mapping[str, str] | None = None) -> None:
        self._tenancy.publish(Notice(phase, self._outer_pid, self._address.url, environment or {}))

    def _pause(self, seconds: float) -> None:
        if self._stop_asked.wait(seconds):
            raise Interrupted

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._times_asked += 1
        self._stop_asked.set()


def choose_address(host: str, port: int | None) -> Address:
    """The address to serve: the port asked for, or without a wish the first free one from 8000 on. Raises `Trouble`."""
    try:
        free = next_free(host, DEFAULT_PORT) if port is None else port if is_free(host, port) else None
    except OSError as error:
        place = host if port is None else f"{host}:{port}"
        raise Trouble(f"{place} 无法监听 · {place} is no address to listen on here ({error})") from error
    if free is None:
        taken = DEFAULT_PORT if port is None else port
        raise Trouble(
            f"端口 {taken} 已被占用，请用 --port 另选一个 · "
            f"port {taken} on {host} is in use or closed to you: choose another with --port"
        )
    if port is None and free != DEFAULT_PORT:
        show("server", f"端口 {DEFAULT_PORT} 已被占用，改用 {free} · port {DEFAULT_PORT} is in use, taking {free}")
    return Address(host, free)


def main(arguments: list[str], application: Application = WEIGE) -> int:
    """The command line of `script/server`. Returns the exit code: 3 when it already runs, 1 for other troubles."""
    parser = argparse.ArgumentParser(prog="script/server", description="Run 微格 Weige with everything it needs.")
    parser.add_argument("--port", type=int, help=f"default: the first free port from {DEFAULT_PORT} on")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 serves the whole network (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        state = state_folder()
        tenancy = wait_and_take(state, seconds=60)
        if tenancy is None:
            return _tell_who_is_there(state)
        address = choose_address(options.host, options.port)
    except Trouble as trouble:
        show("server", str(trouble))
        return 1
    outer = os.getpid()

    def clear_up_after_kill() -> None:
        show("server", "the supervisor was killed: ending everything it had started")
        tenancy.publish(Notice(STOPPING, outer))

    return run_watched(
        lambda: Supervisor(application, address, state, tenancy, outer).run(), if_killed=clear_up_after_kill
    )


def _tell_who_is_there(state: Path) -> int:
    notice = read_notice(state)
    if notice.url:
        show("server", f"已在运行 · already running: {notice.url} (pid {notice.pid})")
    else:
        show("server", f"script/manage (pid {notice.pid}) is still at work on {state}: start again when it is done")
    return ALREADY_RUNNING


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:  # before anything was started
        sys.exit(130)
