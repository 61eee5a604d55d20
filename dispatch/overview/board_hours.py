"""The 24-hour line of a board: what was reported and closed in each hour of a day, and where the close-out falls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import ExtractHour
from django.utils import timezone

from dispatch import rules
from incidents.models import Incident
from incidents.workflow import Status


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day. The figures of an hour that hasn't begun are None, which is not the same as none."""

    hour: int
    reported: int | None
    closed: int | None
    line: time | None
    """The close-out, in the hour that it falls into."""

    @property
    def label(self) -> str:
        return f"{self.hour:02d}:00"


def hours_of(incidents: QuerySet[Incident], *, at: datetime, line: time) -> list[Hour]:
    """The day of `at` up to that moment, in one query. Closed is what still is: re-opened work is open again."""
    closed = incidents.filter(status__in=(Status.CLOSED, Status.ARCHIVED))
    counted = _by_hour(incidents, "reported_at", at).union(_by_hour(closed, "closed_at", at), all=True)
    counts: dict[str, dict[int, int]] = {"reported_at": {}, "closed_at": {}}
    for what, hour, count in counted:
        counts[what][hour] = count
    return in_hours(counts["reported_at"], counts["closed_at"], at=at, line=line)


def reported_by_hour(incidents: QuerySet[Incident], *, at: datetime) -> dict[int, int]:
    """How many were reported in each hour of the day of `at`, up to that moment."""
    return {hour: count for _what, hour, count in _by_hour(incidents, "reported_at", at)}


def in_hours(reported: Mapping[int, int], closed: Mapping[int, int], *, at: datetime, line: time) -> list[Hour]:
    """The 24 hours of a day that has come as far as `at`."""
    now = timezone.localtime(at).hour
    return [
        Hour(
            hour=hour,
            reported=reported.get(hour, 0) if hour <= now else None,
            closed=closed.get(hour, 0) if hour <= now else None,
            line=line if hour == line.hour else None,
        )
        for hour in range(24)
    ]


def _by_hour(incidents: QuerySet[Incident], field: str, at: datetime) -> QuerySet:
    """Rows of (field, hour of the local day, how many)."""
    midnight = rules.start_of(timezone.localdate(at))
    ends = min(at, midnight + timedelta(days=1))
    of_the_day = incidents.filter(**{f"{field}__gte": midnight, f"{field}__lte": ends}).order_by()
    hours = of_the_day.annotate(what=Value(field), hour=ExtractHour(field)).values("what", "hour")
    return hours.annotate(count=Count("pk")).values_list("what", "hour", "count")
