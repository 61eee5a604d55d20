"""`python -m governance.healthcheck web|worker|loader|beat`: does the process of this container live? For compose.

It answers for one container only, so that a container is never restarted for another one's failure.
What the whole service owes is asked of `/healthz`, from outside.
"""

import http.client
import os
import socket
import sys
from collections.abc import Callable

WEB_PORT = 8000
_BEAT_SILENT_FOR_SECONDS = 60


def web() -> bool:
    """The web server answers. A 503 of `/healthz` counts too: it speaks of beat, worker or database, not of us."""
    connection = http.client.HTTPConnection("127.0.0.1", WEB_PORT, timeout=5)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    return status in {http.client.OK, http.client.SERVICE_UNAVAILABLE}


def worker() -> bool:
    """The worker of this container takes orders (its host name is the container's)."""
    return _answers("celery")


def loader() -> bool:
    """So does the one that loads registers: taking orders is another process than the one that has a load in hand."""
    return _answers("loader")


def beat() -> bool:
    """Beat has left its mark within the last minute."""
    from clock import pulse

    silent = pulse.silent_for(pulse.BEAT)
    return silent is not None and silent < _BEAT_SILENT_FOR_SECONDS


CHECKS: dict[str, Callable[[], bool]] = {"web": web, "worker": worker, "loader": loader, "beat": beat}


def _answers(node: str) -> bool:
    from governance.celery import app

    return bool(app.control.ping(destination=[f"{node}@{socket.gethostname()}"], timeout=5))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    sys.exit(not CHECKS[sys.argv[1]]())
