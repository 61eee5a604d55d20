"""Putting closed incidents away when nobody waits for anything any more."""

import logging
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

import clock
from accounts.errors import Refused
from incidents import services
from incidents.models import Evaluation, Incident
from incidents.services.closing import EVALUATION_WINDOW
from incidents.workflow import Status

logger = logging.getLogger(__name__)


def ready_to_archive(now: datetime) -> QuerySet[Incident]:
    """Closed incidents that were evaluated since, or whose evaluation window is over; the oldest first.

    A dissatisfied evaluation keeps the incident open to re-opening until the window is over.
    """
    said = Evaluation.objects.filter(incident=OuterRef("pk"), at__gte=OuterRef("closed_at"))
    is_content = Exists(said.exclude(score=Evaluation.Score.DISSATISFIED))
    is_dissatisfied = Exists(said.filter(score=Evaluation.Score.DISSATISFIED))
    is_over = Q(closed_at__lte=now - EVALUATION_WINDOW)
    closed = Incident.objects.filter(status=Status.CLOSED).order_by("closed_at")
    return closed.filter(is_over | (is_content & ~is_dissatisfied))


def archive_settled(now: datetime | None = None, limit: int = 2000) -> int:
    """Archive what is ready, each incident in a transaction of its own; returns how many.

    At most `limit` at a time, so that a backlog never keeps the worker for long; the next hour goes on. One that
    somebody re-opens meanwhile is left alone.
    """
    now, archived = now or clock.now(), 0
    for incident in ready_to_archive(now)[:limit]:
        try:
            services.archive(incident, actor=None, at=now)
            archived += 1
        except Refused as refusal:
            logger.info("%s is not archived: %s", incident.number, refusal.code)
    return archived
