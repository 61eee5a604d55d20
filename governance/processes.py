"""Which processes make up the product, and how each is started. `docker-compose.yml` starts the same ones."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass

QUEUES = "clock,notify,default"
LOADER_QUEUES = "load"
"""A load of a city takes minutes: a process of its own, so that it never delays a reminder."""
LOADER_MEMORY = 700_000
"""KiB. What a large file has taken goes back to the machine: the child is replaced after a task that left it larger."""


@dataclass(frozen=True)
class Program:
    """One process beside the databases. In `command`, {host}, {port} and {state} are filled in at the start."""

    name: str
    command: tuple[str, ...]
    grace: float = 10.0
    stop_signal: int = signal.SIGTERM

    def command_for(self, values: Mapping[str, str | int]) -> list[str]:
        return [part.format(**values) for part in self.command]


@dataclass(frozen=True)
class Application:
    """What a supervisor runs: first `prepare` to its end, then `web` until it answers, then the others."""

    prepare: Program
    web: Program
    others: tuple[Program, ...]
    page: str = "/"
    # beat first, so that nothing new is asked for; the workers last, because they finish what they have in hand. A load
    # that takes longer than that is as if it had not begun, or goes on at the next start.
    stop_order: tuple[str, ...] = ("prepare", "beat", "web", "loader", "worker", "valkey", "postgres")


def _python(*arguments: str) -> tuple[str, ...]:
    # Celery warns root at length; for a trial on a machine where only root exists that is no news.
    return (sys.executable, "-W", "ignore:You're running the worker with superuser privileges", "-m", *arguments)


WEIGE = Application(
    prepare=Program("prepare", (sys.executable, "manage.py", "prepare", "{state}/accounts.json"), grace=30),
    web=Program(
        "web",
        _python(
            *("granian", "--interface", "wsgi", "--host", "{host}", "--port", "{port}"),
            *("--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"),
            "governance.wsgi:application",
        ),
    ),
    others=(
        Program(
            "worker",
            _python(
                *("celery", "--quiet", "-A", "governance", "worker", "--loglevel", "INFO", "--concurrency", "2"),
                # One worker on one machine has no neighbours to listen to; without this it starts a second sooner.
                *("--queues", QUEUES, "--without-gossip", "--without-mingle"),
            ),
            grace=30,
        ),
        Program(
            "loader",
            _python(
                *("celery", "--quiet", "-A", "governance", "worker", "--loglevel", "INFO", "--concurrency", "1"),
                *("--queues", LOADER_QUEUES, "--max-memory-per-child", str(LOADER_MEMORY), "--hostname", "loader@%h"),
                *("--without-gossip", "--without-mingle"),
            ),
            grace=30,
        ),
        Program(
            "beat",
            _python(
                *("celery", "--quiet", "-A", "governance", "beat", "--loglevel", "WARNING"),
                *("--schedule", "{state}/beat-schedule", "--pidfile="),
            ),
        ),
    ),
)
