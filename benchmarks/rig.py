"""Throw-away servers to measure on, and a stopwatch."""

import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bare_database(*, durable: bool = False) -> Iterator[None]:
    """Django on servers of its own, migrated and empty. Nothing that belongs to an installation is touched.

    `durable`: with fsync, for what measures writing.
    """
    from governance.embedded.servers import throw_away_servers
    from tests.run import TEST_ENVIRONMENT

    with throw_away_servers(durable=durable) as servers:
        os.environ.update({**TEST_ENVIRONMENT, **servers, "TRIAL": "0", "HTTPS": "0"})
        import django

        django.setup()
        logging.disable(logging.INFO)  # messages without a channel are told to the log
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connections.close_all()


def measure(what: str, work: Callable[[], object], times: int = 15) -> None:
    """Say the median and the best duration; the first run, which warms caches and plans, doesn't count.

    On a machine that does other things beside, the best says what the work costs and the median what one got.
    """
    work()
    runs = [_ms(work) for _number in range(times)]
    say(what, statistics.median(runs), f"ms (best {min(runs):,.2f})")


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    return _ms(work) / 1000


def say(what: str, value: float, unit: str = "ms") -> None:
    digits = 0 if value >= 1000 else 1 if value >= 10 else 2
    print(f"{what:<78} {value:>12,.{digits}f} {unit}", flush=True)
