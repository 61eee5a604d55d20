"""In which order the tests run, and how often the interpreter looks for garbage meanwhile."""

import gc
import os

import pytest

_AT_ONCE = 50_000
"""Objects made before the interpreter looks for garbage among them; with its own 2,000 that took a tenth of the run."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the modules marked `long` out to the processes; each has them at the head of its share, which is cut from
    the list in one piece. Begun last, a long test keeps one processor busy and the other waiting."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long: dict[str, list[pytest.Item]] = {}
    others: list[pytest.Item] = []
    for item in items:
        is_long = item.get_closest_marker("long") is not None
        (long.setdefault(item.nodeid.partition("::")[0], []) if is_long else others).append(item)
    dealt: list[pytest.Item] = []
    for turn in range(processes):
        head = [item for module in sorted(long)[turn::processes] for item in long[module]]
        share = (len(items) - len(dealt)) // (processes - turn)
        rest = max(0, share - len(head))
        dealt += [*head, *others[:rest]]
        del others[:rest]
    items[:] = [*dealt, *others]


def pytest_collection_finish() -> None:
    """What was imported stays: nobody needs to look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_AT_ONCE, 20, 100)
