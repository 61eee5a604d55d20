"""One load in a process of its own, as the loader does it; prints what it took as JSON.

`python -m benchmarks.register_worker FILE [STREET]`: the environment names the servers.
"""

import json
import logging
import re
import sys
import time
from pathlib import Path


def main(path: Path, street: str) -> None:
    import django

    django.setup()
    logging.disable(logging.INFO)
    from grids.models import Unit
    from households.loading import runs

    scope = Unit.objects.get(code=street) if street else None
    with path.open("rb") as file:
        load = runs.receive(file, actor=None, scope=scope, name=path.name, by_worker=False)
    began = time.perf_counter()
    read = runs.read(load.pk)
    previewed = time.perf_counter()
    if read is None or read.state != "ready":
        raise SystemExit(f"not ready: {read and read.refusal}")
    runs.confirm(read, actor=None, by_worker=False)
    confirmed = time.perf_counter()
    done = runs.apply(load.pk)
    applied = time.perf_counter()
    if done is None or done.state != "applied":
        raise SystemExit(f"not applied: {done and done.refusal}")
    told = {
        "preview": previewed - began,
        "apply": applied - confirmed,
        "memory": _most_memory(),
        "counts": {name: count for name, count in done.counts.items() if name != "problems"},
        "problems": done.counts["problems"],
        "seconds": done.seconds,
    }
    print(json.dumps(told))


def _most_memory() -> float:
    """The most that this process ever held, in MB. (`getrusage` would count what its parent held when it was begun.)"""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(told[1]) / 1024 if told else 0.0


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
