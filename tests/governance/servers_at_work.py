"""Start `small_server` as a user does, and see which processes belong to a state folder."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from governance.embedded.state import PROJECT

DATABASES = ("DATABASE_URL", "REDIS_URL")


def environment_for(state: Path, **more: str) -> dict[str, str]:
    """The environment of a user who has only said where the state is kept."""
    own = {name: value for name, value in os.environ.items() if name not in DATABASES}
    return {**own, "WEIGE_STATE": str(state), **more}


class SmallServer:
    """One run of `small_server`; its lines can be waited for."""

    def __init__(self, state: Path, *, port: int | None = None, **environment: str) -> None:
        self.state, self.port = state, port
        self.lines: list[str] = []
        self._arriving: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.governance.small_server", *([f"--port={port}"] if port else [])],
            cwd=PROJECT,
            env=environment_for(state, **environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def inner_pid(self) -> int:
        """The process that does the work, below the one the terminal knows."""
        return int(Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()[0])

    def wait_for(self, words: str, seconds: float = 20) -> str:
        """The first line with `words` in it, past or to come."""
        deadline = time.monotonic() + seconds
        seen = 0
        while True:
            for line in self.lines[seen:]:
                if words in line:
                    return line
            seen = len(self.lines)
            line_or_end = self._arriving.get(timeout=max(0.01, deadline - time.monotonic()))
            assert line_or_end is not None, f"it ended without saying {words!r}:\n" + "\n".join(self.lines)
            self.lines.append(line_or_end)

    def until_ready(self) -> "SmallServer":
        self.wait_for("Ctrl-C stops everything")
        return self

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def exit_code(self, seconds: float = 20) -> int:
        """Wait for its end."""
        code = self._process.wait(seconds)
        while (line := self._arriving.get(timeout=seconds)) is not None:
            self.lines.append(line)
        return code

    def stop(self) -> int:
        if self._process.poll() is None:
            self.signal(signal.SIGINT)
        return self.exit_code()

    def text(self) -> str:
        return "\n".join(self.lines)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._arriving.put(line.rstrip("\n"))
        self._arriving.put(None)


def processes_of(state: Path) -> dict[int, str]:
    """Living processes that carry `state` in their environment or work inside it, with their command lines.

    PostgreSQL overwrites its environment with its title, but stays in its data folder.
    """
    folders = {str(state), str((state / "servers").resolve())}
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes().decode("utf-8", "replace")
            works_in = str((entry / "cwd").readlink())
            title = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if f"WEIGE_STATE={state}\0" in environment or any(works_in.startswith(folder) for folder in folders):
            found[int(entry.name)] = title
    return found


def wait_until_nothing_runs(state: Path, seconds: float = 20) -> None:
    """Return as soon as no process of `state` is left."""
    deadline = time.monotonic() + seconds
    while left := processes_of(state):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.05)
