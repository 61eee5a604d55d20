"""Lines of several processes on one terminal, each with the name of who said it."""

import os
import sys
import threading

_COLOURS = {"postgres": 34, "valkey": 31, "web": 32, "worker": 33, "loader": 36, "beat": 35}
_OTHER_COLOUR = 37
_one_at_a_time = threading.Lock()


def show(name: str, line: str) -> None:
    """Print `line` under `name`. A terminal that went away is no reason to stop."""
    prefix = f"{name:<8} |"
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        prefix = f"\033[{_COLOURS.get(name, _OTHER_COLOUR)}m{prefix}\033[0m"
    with _one_at_a_time:
        try:
            print(prefix, line, flush=True)
        except (OSError, ValueError):
            return
