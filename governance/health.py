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
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse, JsonResponse

import clock
from clock import pulse
from dispatch.audit.audit import STALE
from governance.celery import app

PATH: Final = "/healthz"
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
    """200 when every check is well, else 503."""
    now = clock.now()
    checks = look(now)
    is_well = all(check["ok"] for check in checks.values())
    body = {"ok": is_well, **checks, "time": now.isoformat(timespec="seconds")}
    return JsonResponse(body, status=200 if is_well else 503, headers={"Cache-Control": "no-store"})


def look(now: datetime) -> dict[str, Check]:
    """All checks by name, side by side, within three seconds."""
    # Not as a context manager: leaving it would wait for a check that hangs.
    pool = ThreadPoolExecutor(max_workers=2)
    stored, working = pool.submit(_check_database, now), pool.submit(_check_work)
    pool.shutdown(wait=False)
    began = time.monotonic()
    checks = _result(stored, began, ("database", "oldest_due", "oldest_unsent", "audit"))
    return checks | _result(working, began, ("redis", "worker", "beat"))


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
                "oldest_unsent": _age(now - _first(cursor, _OLDEST_UNSENT, [now]), LATEST_SEND),
                "audit": _check_audit(cursor, now),
            }
    finally:
        connection.close()


# What the sweep should have found: run out, undone, not yet missed. Rework runs towards a moment that may lie before
# its own start; it waits for the sweep since the start.
_OLDEST_DUE: Final = """
    SELECT min(greatest(due_at, starts_at)) FROM dispatch_deadline
    WHERE due_at <= %s AND met_at IS NULL AND cancelled_at IS NULL AND suspended_at IS NULL AND missed_at IS NULL
"""
# What nobody has taken up since its next try came; not what waits for a mute to end or for quiet hours.
_OLDEST_UNSENT: Final = """
    SELECT min(greatest(next_try_at, held_until)) FROM dispatch_outboxmessage message
    LEFT JOIN dispatch_channel channel ON channel.id = message.channel_id
    WHERE state = 'pending' AND next_try_at <= %s
"""

# One that lies ahead, of a clock that was set back, vouches for nothing.
_LAST_AUDIT: Final = """
    SELECT ran_at, is_well FROM dispatch_clockaudit WHERE hour <= %s AND ran_at <= %s ORDER BY hour DESC LIMIT 1
"""


def _own_connection() -> BaseDatabaseWrapper:
    connection = connections["default"].copy()
    connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], "connect_timeout": 2}
    return connection


def _first(cursor: Any, query: str, parameters: list[Any]) -> datetime:
    cursor.execute(query, parameters)
    (moment,) = cursor.fetchone()
    return moment or clock.now()


def _check_audit(cursor: Any, now: datetime) -> Check:
    """The last audit of the clocks found nothing that stands, and is an hour old, not more."""
    cursor.execute(_LAST_AUDIT, [now, now])
    last = cursor.fetchone()
    if last is None:
        return {"ok": False, "reason": "no audit yet"}
    ran_at, is_well = last
    check = _age(now - ran_at, STALE)
    return check if is_well else {**check, "ok": False, "reason": "not well"}


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
    silent = pulse.silent_for(pulse.BEAT)
    if silent is None:
        return {"ok": False, "reason": "no tick yet"}
    return {"ok": silent <= pulse.BEAT_SILENT, "seconds": int(silent)}


def _check_worker() -> Check:
    """Any worker that answers in time will do, as long as it keeps the clocks: the loader doesn't."""
    if app.control.ping(timeout=_WAIT, limit=1, pattern="celery@*", matcher="glob"):
        return {"ok": True}
    return {"ok": False, "reason": "no answer"}
