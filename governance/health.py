"""`/healthz`: does everything that keeps the promises answer? For the container, the monitor and the officer on duty.

Answered before all other middleware, because it must speak when the rest can't: with the database or the cache away, to
a probe that comes by address instead of name, without log-in and without a way round over https. It names no one and
holds no secret.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse, JsonResponse

import clock
from governance.beat import HEARTBEAT_KEY
from governance.celery import app

PATH: Final = "/healthz"
BEAT_SILENT: Final = 90.0
"""Seconds; beat marks each tick, at the latest every fifteen."""
LATEST_SWEEP: Final = timedelta(minutes=3)
LATEST_SEND: Final = timedelta(minutes=5)
_WAIT: Final = 1.0
_AT_MOST: Final = 2.8

Check = dict[str, Any]


class HealthMiddleware:
    """Answers `/healthz` and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return health() if request.path_info == PATH else self.get_response(request)


def health() -> JsonResponse:
    """All checks side by side, within three seconds: 200 when every one is well, else 503."""
    now = clock.now()
    # Not as a context manager: leaving it would wait for a check that hangs.
    pool = ThreadPoolExecutor(max_workers=2)
    stored, working = pool.submit(_check_database, now), pool.submit(_check_work)
    pool.shutdown(wait=False)
    began = time.monotonic()
    checks = _result(stored, began, ("database", "oldest_due", "oldest_unsent"))
    checks |= _result(working, began, ("redis", "worker", "beat"))
    is_well = all(check["ok"] for check in checks.values())
    body = {"ok": is_well, **checks, "time": now.isoformat(timespec="seconds")}
    return JsonResponse(body, status=200 if is_well else 503, headers={"Cache-Control": "no-store"})


def _result(future: Future[dict[str, Check]], began: float, names: tuple[str, ...]) -> dict[str, Check]:
    """The checks of one thread; what it didn't come to is not well. The reason is a class name: messages name hosts."""
    try:
        found, reason = future.result(timeout=max(0.0, began + _AT_MOST - time.monotonic())), "unknown"
    except Exception as error:
        found, reason = {}, type(error).__name__
    return {name: found.get(name) or {"ok": False, "reason": reason} for name in names}


def _check_database(now: datetime) -> dict[str, Check]:
    """A session of its own: the pool's may be the very thing that is stuck. Raises when there is none to be had."""
    connection = _own_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 1500")
            return {
                "database": {"ok": True},
                "oldest_due": _age(now - _first(cursor, _OLDEST_DUE, [now]), LATEST_SWEEP),
                "oldest_unsent": _age(now - _first(cursor, _OLDEST_UNSENT, []), LATEST_SEND),
            }
    finally:
        connection.close()


# What the sweep should have found: run out, undone, not yet missed. Rework runs towards a moment that may lie before
# its own start; it waits for the sweep since the start.
_OLDEST_DUE: Final = """
    SELECT min(greatest(due_at, starts_at)) FROM dispatch_deadline
    WHERE due_at <= %s AND met_at IS NULL AND cancelled_at IS NULL AND suspended_at IS NULL AND missed_at IS NULL
"""
_OLDEST_UNSENT: Final = "SELECT min(made_at) FROM dispatch_outboxmessage WHERE state = 'pending'"


def _own_connection() -> BaseDatabaseWrapper:
    connection = connections["default"].copy()
    connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], "connect_timeout": 2}
    return connection


def _first(cursor: Any, query: str, parameters: list[Any]) -> datetime:
    cursor.execute(query, parameters)
    (moment,) = cursor.fetchone()
    return moment or clock.now()


def _age(age: timedelta, most: timedelta) -> Check:
    """How long the oldest has been waiting; a moment in the future is no wait."""
    return {"ok": age <= most, "seconds": max(0, int(age.total_seconds()))}


def _check_work() -> dict[str, Check]:
    """The broker, and through it the worker and beat. Raises when the broker is away: then nothing else can answer."""
    with redis.from_url(settings.REDIS_URL, socket_timeout=_WAIT, socket_connect_timeout=_WAIT) as broker:
        broker.ping()
    return {"redis": {"ok": True}, "beat": _check_beat(), "worker": _check_worker()}


def _check_beat() -> Check:
    """Beat's last tick, by the machine's own clock."""
    ticked = cache.get(HEARTBEAT_KEY)
    if ticked is None:
        return {"ok": False, "reason": "no tick yet"}
    silent = max(0.0, time.time() - ticked)
    return {"ok": silent <= BEAT_SILENT, "seconds": int(silent)}


def _check_worker() -> Check:
    """Any worker that answers in time will do, as long as it keeps the clocks: the loader doesn't."""
    if app.control.ping(timeout=_WAIT, limit=1, pattern="celery@*", matcher="glob"):
        return {"ok": True}
    return {"ok": False, "reason": "no answer"}
