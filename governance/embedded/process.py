"""Child processes that are told to end when we do, even when we are killed with -9.

Linux can signal a child when its parent dies (PR_SET_PDEATHSIG) and can hand orphaned grandchildren to us instead of to
process 1 (PR_SET_CHILD_SUBREAPER). Elsewhere both are missing and a killed supervisor may leave its servers behind;
they then refuse a second start on the same data, so nothing is damaged.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from governance.embedded import Trouble
from governance.embedded.places import Account

Output = Callable[[str, str], None]
Pause = Callable[[float], None]

LINUX = sys.platform.startswith("linux")
# Loaded here, in the parent: loading a library between fork and exec may deadlock.
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def die_with_parent(stop_signal: int) -> Callable[[], None]:
    """A function to call in a fresh child, after which the kernel sends it `stop_signal` when its parent dies.

    The signal follows the parent's *thread*: start children from the main thread only.
    """
    parent = os.getpid()

    def arrange() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:  # the parent died before the kernel knew of our wish
                os._exit(1)

    return arrange


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Child:
    """One process in a session of its own (a Ctrl-C at the terminal reaches only us), its output passed on by lines."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        folder: Path,
        environment: Mapping[str, str],
        output: Output,
        stop_signal: int = signal.SIGTERM,
        grace: float = 10.0,
        account: Account | None = None,
        keep_open: Sequence[int] = (),
    ) -> None:
        """Start `command`; `keep_open` are file descriptors it inherits, `grace` the seconds it gets to stop."""
        self.name, self.stop_signal, self.grace = name, stop_signal, grace
        self.last_lines: deque[str] = deque(maxlen=30)
        self._output = output
        self._process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(stop_signal),
            pass_fds=tuple(keep_open),
            **(account.popen_arguments() if account else {}),
        )
        self._reader = threading.Thread(target=self._pass_on_output, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What it ended with, None while it runs."""
        return self._process.poll()

    def wait_until(self, answers: Callable[[], bool], *, seconds: float, pause: Pause = time.sleep) -> None:
        """Return as soon as `answers()`; `Trouble` with its last words when it ends first or takes too long."""
        deadline = time.monotonic() + seconds
        while not answers():
            if self.exit_code is not None:
                raise Trouble(f"{self.name} ended with {self.exit_code} instead of starting:\n{self.last_words()}")
            if time.monotonic() > deadline:
                raise Trouble(f"{self.name} did not answer within {seconds:.0f} s:\n{self.last_words()}")
            pause(0.03)

    def wait(self, pause: Pause = time.sleep) -> int:
        """Wait for its own end; returns its exit code."""
        while (code := self.exit_code) is None:
            pause(0.03)
        self._reader.join(2)
        return code

    def last_words(self) -> str:
        """The end of its output, for an error message."""
        self._reader.join(1)
        return "\n".join(f"  {line}" for line in self.last_lines)

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Ask it to stop, and kill it with everything in its group when `grace` is over or somebody is in a hurry."""
        if self.exit_code is None:
            self._process.send_signal(self.stop_signal)
            deadline = time.monotonic() + self.grace
            while self.exit_code is None and time.monotonic() < deadline and not hurry():
                time.sleep(0.02)
        if self.exit_code is None:
            self.kill()
        self._reader.join(0.5)  # a grandchild that lives on may keep the pipe open: its lines are not waited for

    def kill(self) -> None:
        """End it and its process group at once."""
        if self.exit_code is None:
            os.killpg(self.pid, signal.SIGKILL)  # the leader is not reaped yet, so the number can't be another's
            self._process.wait()

    def _pass_on_output(self) -> None:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            self.last_lines.append(line)
            self._output(self.name, line)


def reap_adopted(own: Sequence[Child]) -> None:
    """Take leave of adopted orphans that have ended, without stealing the exit codes of our own children."""
    ours = {child.pid for child in own}
    while hasattr(os, "waitid"):
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in ours:
            return
        os.waitpid(ended.si_pid, 0)


def end_strays(grace: float) -> int:
    """End every process that is still below us, politely for `grace` seconds, then not. Returns how many there were.

    Call it only when none of our own children matter any more. Those adopted meanwhile are ended too.
    """
    asked: set[int] = set()
    deadline = time.monotonic() + grace
    while below := _children_of(os.getpid()):
        for pid in below:
            if time.monotonic() > deadline:
                _signal(pid, signal.SIGKILL)
            elif pid not in asked:
                _signal(pid, signal.SIGTERM)
            asked.add(pid)
            _reap(pid)
        time.sleep(0.02)
    return len(asked)


def _children_of(parent: int) -> list[int]:
    """Living and unreaped children, read from /proc; nothing where there is no /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # "pid (name) state ppid …"; a name may itself hold spaces and brackets.
            fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended while we were looking
            continue
        if int(fields[1]) == parent:
            found.append(int(entry.name))
    return found


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # gone meanwhile, which is what we wanted


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return  # somebody else's Popen took it
