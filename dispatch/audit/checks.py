"""What has to hold at any moment, each as one question to the database: over the open rows only, never over history."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from clock import pulse
from dispatch import day_warnings, rules
from dispatch.audit import call_clocks
from dispatch.audit.finding import Finding, of_list, of_rows
from dispatch.clocks import UNDONE
from dispatch.digest import FROM_MINUTE
from dispatch.escalation.climbing import due_ladders
from dispatch.limits import close_out_time
from dispatch.models import ClockAudit, DayClose, DayWarning, Deadline, DigestRun, Escalation, OutboxMessage
from dispatch.models.deadline import Clock
from dispatch.selectors import to_sweep
from grids.models import Kind, Unit
from incidents.models import Incident
from incidents.workflow import ENDED, OPEN, RUNNING, Status

GRACE: Final = timedelta(minutes=3)
"""Three rounds of beat: who is late by more doesn't come by himself."""
SENDING: Final = timedelta(minutes=15)
"""Longer than any wait of a message; what waits longer than that, for quiet hours, looks again every ten minutes."""
DIGEST_GRACE: Final = timedelta(minutes=10)
_FARTHEST: Final = timedelta(days=7)

# -- clocks ------------------------------------------------------------------------------------------------------


def without_clock(now: datetime) -> Finding | None:
    """Open incidents, whistles and supervision items without a clock that runs or stands still."""
    return of_rows(
        "without_clock",
        incidents_without_clock().values_list("number", flat=True),
        call_clocks.parties_without_clock().values_list("whistle__number", flat=True),
        call_clocks.items_without_clock().values_list("number", flat=True),
    )


def incidents_without_clock() -> QuerySet[Incident]:
    alive = Deadline.objects.filter(UNDONE, incident=OuterRef("pk"))
    return Incident.objects.filter(~Exists(alive), status__in=OPEN).order_by("pk")


def wrong_standstill(now: datetime) -> Finding | None:
    """Clocks that stand still though the incident is in work, or run though it is suspended."""
    return of_rows("wrong_standstill", clocks_in_wrong_state().values_list("incident__number", flat=True))


def clocks_in_wrong_state() -> QuerySet[Deadline]:
    stands = Q(suspended_at__isnull=False, incident__status__in=RUNNING)
    runs = Q(suspended_at=None, incident__status=Status.SUSPENDED)
    return Deadline.objects.filter(UNDONE & (stands | runs)).order_by("pk")


def outlived(now: datetime) -> Finding | None:
    """Clocks and climbs that live on though their incident, whistle or supervision item has ended."""
    return of_rows(
        "outlived",
        clocks_of_ended().values_list("incident__number", flat=True),
        climbs_of_ended().values_list("incident__number", flat=True),
        call_clocks.clocks_of_ended_parties().values_list("whistle_party__whistle__number", flat=True),
        call_clocks.clocks_of_ended_items().values_list("supervision__number", flat=True),
    )


def clocks_of_ended() -> QuerySet[Deadline]:
    """But for the evaluation, which is asked for when an incident is closed."""
    asked = Q(incident__status=Status.CLOSED, clock=Clock.EVALUATE)
    return Deadline.objects.filter(UNDONE, incident__status__in=ENDED).exclude(asked).order_by("pk")


def climbs_of_ended() -> QuerySet[Escalation]:
    return Escalation.objects.filter(cancelled_at=None, incident__status__in=ENDED).order_by("pk")


# -- acts that are due -------------------------------------------------------------------------------------------


def not_found(now: datetime) -> Finding | None:
    """Clocks that have run out and that no sweep has marked; also those that can't be marked, with their error."""
    late = to_sweep(now - GRACE).filter(starts_at__lte=now - GRACE)
    number = Coalesce("incident__number", "whistle_party__whistle__number", "supervision__number")
    return of_rows("not_found", late.annotate(number=number).values_list("number", flat=True))


def not_climbed(now: datetime) -> Finding | None:
    """Escalations whose next rung is long past."""
    return of_rows("not_climbed", due_ladders(now - GRACE).values_list("incident__number", flat=True))


def stale_claims(now: datetime) -> Finding | None:
    """Messages whose lease is over and that nobody has taken up again, and such as nobody has begun to send."""
    return of_rows("stale_claims", messages_left(now).values_list("pk", flat=True))


def messages_left(now: datetime) -> QuerySet[OutboxMessage]:
    """What is muted or kept back for quiet hours has its next try later, or its channel is held."""
    due = OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING, next_try_at__lte=now - SENDING)
    return due.exclude(channel__held_until__gt=now).order_by("next_try_at", "pk")


# -- what each hour and each day owes ----------------------------------------------------------------------------


def without_digest(now: datetime) -> Finding | None:
    """Hours since the last audit in which a street, or the district, had no digest, not even an empty one."""
    return of_list("without_digest", (f"{place} {_said(hour)}" for place, hour in _digests_owed(now)))


def _digests_owed(now: datetime) -> Iterator[tuple[str, datetime]]:
    hours = _hours_to_check(now)
    if not hours:
        return
    settled = set(DigestRun.objects.filter(hour__in=hours).values_list("street_id", "hour"))
    streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code")
    places = [(street.pk, street.code, street.made_at) for street in streets]
    begun = min((made_at for _pk, _code, made_at in places), default=now)
    for hour in hours:
        for pk, code, made_at in [*places, (None, "district", begun)]:
            if made_at <= hour and (pk, hour) not in settled:
                yield code, hour


def _hours_to_check(now: datetime) -> list[datetime]:
    """The hours whose digest was due after the last audit looked; without a last one, the present hour alone."""
    due = timedelta(minutes=FROM_MINUTE) + DIGEST_GRACE
    newest = rules.hour_of(now - due)
    last = _last_looked(now)
    looked = rules.hour_of(last - due) if last else rules.hour_of(now) - timedelta(hours=1)
    count = max(0, int((newest - looked) / timedelta(hours=1)))
    return [newest - timedelta(hours=ago) for ago in reversed(range(count))]


def _last_looked(now: datetime) -> datetime | None:
    """When the last audit ran; what is older than `_FARTHEST` is not looked for any more."""
    last = ClockAudit.objects.filter(ran_at__lt=now).order_by("-hour").values_list("ran_at", flat=True).first()
    return max(last, now - _FARTHEST) if last else None


def without_warning(now: datetime) -> Finding | None:
    """Warnings before the close-out that a street was owed since the last audit and did not get, not even an empty one.

    None is owed on the day on which the street was made.
    """
    return of_list("without_warning", (f"{street} {_said(due_at)}" for street, due_at in _warnings_owed(now)))


def _warnings_owed(now: datetime) -> Iterator[tuple[str, datetime]]:
    moments = _moments_to_check(now)
    if not moments:
        return
    settled = set(DayWarning.objects.filter(due_at__in=moments).values_list("street_id", "due_at"))
    streets = list(Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code"))
    for due_at in moments:
        begun = rules.start_of(timezone.localdate(due_at))
        yield from (
            (street.code, due_at) for street in streets if street.made_at < begun and (street.pk, due_at) not in settled
        )


def _moments_to_check(now: datetime) -> list[datetime]:
    """The moments of warning since the last audit looked; without a last one, the one that can still be made up for."""
    at, until, last = close_out_time(), now - GRACE, _last_looked(now)
    if last:
        return day_warnings.moments_between(last - GRACE, until, at)
    present = day_warnings.moment_owed(until, rules.next_line(now, at))
    return [present] if present else []


def without_close_out(now: datetime) -> Finding | None:
    """Days whose line is over and that are not frozen, by street."""
    return of_list("without_close_out", (f"{street} {day}" for street, day in _closings_owed(now - GRACE)))


def _closings_owed(now: datetime) -> Iterator[tuple[str, date]]:
    closings = dict(DayClose.objects.values_list("street").annotate(Max("day")))
    at = close_out_time()
    for street in Unit.objects.filter(kind=Kind.STREET, retired_at=None, made_at__lt=now).order_by("code"):
        yield from ((street.code, day) for day in rules.days_owed(closings.get(street.pk), now, at))


# -- who does it -------------------------------------------------------------------------------------------------


def beat_silent(now: datetime) -> Finding | None:
    """Beat has left no sign of life."""
    return _silence("beat_silent", pulse.BEAT, pulse.BEAT_SILENT)


def worker_silent(now: datetime) -> Finding | None:
    """No worker has taken the order to sweep."""
    return _silence("worker_silent", pulse.SWEEP, pulse.SWEEP_SILENT)


def _silence(check: str, name: str, most: float) -> Finding | None:
    silent = pulse.silent_for(name)
    if silent is not None and silent <= most:
        return None
    return Finding(check, 1, () if silent is None else (f"{silent:.0f} s",))


def _said(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
