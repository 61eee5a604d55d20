"""The numbers of the health page: what was owed today and what came of it, and how the machines stand."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from dispatch import rules
from dispatch.models import OutboxMessage
from dispatch.outbox import DEAD, TEST
from governance.processes import LOADER_QUEUES, QUEUES
from households.models import RegisterLoad

WARN_SKEW: Final = 2.0
"""Seconds between two machines' clocks from which on it is said: a deadline is due to the second."""
_WAIT: Final = 1.0
State = OutboxMessage.State


@dataclass(frozen=True, slots=True)
class Broker:
    """How many orders wait in each queue, and by how much the broker's clock is ahead of ours; both empty when it is
    away."""

    queues: dict[str, int]
    ahead: float | None


def messages_today(known: QuerySet[OutboxMessage], now: datetime) -> dict[str, Any]:
    """Of the messages that somebody may know of: how many were written today for a robot, tried, taken by the robot and
    given up; and of all that wait, the oldest. A trial of a channel is nobody's message."""
    today = rules.start_of(timezone.localdate(now))
    rows = known.exclude(kind=TEST).filter(Q(made_at__gte=today) | Q(state=State.PENDING), channel__isnull=False)
    return rows.order_by().aggregate(
        due=Count("pk", filter=Q(made_at__gte=today)),
        sent=Count("pk", filter=Q(made_at__gte=today, tried_at__isnull=False)),
        confirmed=Count("pk", filter=Q(made_at__gte=today, state=State.SENT)),
        failed=Count("pk", filter=DEAD & Q(made_at__gte=today)),
        waiting=Count("pk", filter=Q(state=State.PENDING)),
        oldest=Min("made_at", filter=Q(state=State.PENDING)),
    )


def clocks_today(now: datetime) -> dict[str, Any]:
    """Clocks that fall due before midnight and run yet; that were met, and found to have run out, today; and by how
    many seconds the database's own clock is ahead of ours, to the length of one question."""
    today = timezone.localdate(now)
    begins, ends = rules.start_of(today), rules.start_of(today + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(_CLOCKS, {"now": now, "begins": begins, "ends": ends})
        due, met, missed, seconds = cursor.fetchone()
    return {"due": due, "met": met, "missed": missed, "database_ahead": float(seconds) - time.time()}


# Each count reads an index of its own; together they are one question.
_CLOCKS: Final = """
    SELECT
        (SELECT count(*) FROM dispatch_deadline WHERE due_at >= %(now)s AND due_at < %(ends)s
            AND met_at IS NULL AND cancelled_at IS NULL AND suspended_at IS NULL),
        (SELECT count(*) FROM dispatch_deadline WHERE met_at >= %(begins)s AND met_at < %(ends)s),
        (SELECT count(*) FROM dispatch_deadline WHERE missed_at >= %(begins)s AND missed_at < %(ends)s),
        extract(epoch FROM clock_timestamp())
"""


def last_load() -> RegisterLoad | None:
    return RegisterLoad.objects.order_by("-pk").only("state", "made_at", "ended_at").first()


def broker_now() -> Broker:
    names = [*QUEUES.split(","), *LOADER_QUEUES.split(",")]
    try:
        with redis.from_url(settings.REDIS_URL, socket_timeout=_WAIT, socket_connect_timeout=_WAIT) as broker:
            seconds, microseconds = broker.time()
            ahead = seconds + microseconds / 1_000_000 - time.time()
            return Broker({name: broker.llen(name) for name in names}, ahead)
    except redis.RedisError:
        return Broker({}, None)
