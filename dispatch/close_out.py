"""The close-out at 16:00: how each street stood, frozen once (practice 73 of the handbook).

What stood open is told from the history of the moves as of the line, never from the present status. So a beat that
comes seconds late and one that comes days late freeze the same picture, and `frozen_at` says when it was taken. Names
(category, community, party) are those of the taking.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, Q

import clock
from dispatch import rules, wording
from dispatch.announcing import announce
from dispatch.close_out_reasons import ask_holders
from dispatch.faults import log_failure
from dispatch.holding import HoldingParty, holding_party
from dispatch.limits import close_out_time
from dispatch.models import DayClose, DayCloseLine
from dispatch.models.deadline import Clock
from dispatch.retrospect import Past, with_history
from dispatch.shifts import due_as_of
from grids.models import Ability, Kind, Unit
from incidents.models import Incident, NumberSequence
from incidents.workflow import OPEN, Status

logger = logging.getLogger(__name__)

_ANNOUNCED_FOR: Final = timedelta(days=1)
"""A close-out that is made up for later than this is kept for the page and not called out in the group any more."""


class NotYet(Exception):
    """The day isn't over: its line lies in the future."""


def close_owed_days(now: datetime | None = None) -> int:
    """Close every day that is owed; returns how many closings (street by day) were written.

    A street that was closed before owes each day since, at most the last seven; one that never was owes today alone.
    """
    now, at = now or clock.now(), close_out_time()
    closings = dict(DayClose.objects.values_list("street").annotate(Max("day")))
    written = 0
    for street in _streets():
        for day in rules.days_owed(closings.get(street.pk), now, at):
            written += _close_safely(street, day, now) is not None
    return written


def close_day(day: date, now: datetime | None = None) -> list[DayClose]:
    """Close one day for every street that hasn't closed it yet. Raises `NotYet` before the day's line."""
    now = now or clock.now()
    if now < rules.line_of(day, close_out_time()):
        raise NotYet
    closings = [_close_safely(street, day, now) for street in _streets()]
    return [closing for closing in closings if closing]


def still_open(day: date) -> list[str]:
    """The names of the streets that have no closing of that day."""
    frozen = DayClose.objects.filter(day=day).values("street")
    streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).exclude(pk__in=frozen)
    return list(streets.order_by("code").values_list("name", flat=True))


def _streets() -> list[Unit]:
    return list(Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code"))


def _close_safely(street: Unit, day: date, now: datetime) -> DayClose | None:
    """The closing if this call wrote it. One street's trouble doesn't keep the others open; it is tried again."""
    try:
        return close_street(street, day, now=now)
    except Exception as error:
        log_failure(logger, f"The close-out of {street.code} on {day}", error)
        return None


@transaction.atomic
def close_street(street: Unit, day: date, *, now: datetime, announce: bool = True) -> DayClose | None:
    """Freeze one street's day; None when it is frozen already. The street's row makes two workers take turns.

    Whoever held what was late is asked why. `announce` False: nobody hears of it (days that are laid down as history).
    """
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=street.pk)
    if DayClose.objects.filter(street=street, day=day).exists():
        return None
    _wait_for_acts_under_way(street, day)
    survey = take_survey(street, day)
    closing = DayClose.objects.create(street=street, day=day, due_at=survey.line, frozen_at=now, **survey.figures)
    DayCloseLine.objects.bulk_create([_line(closing, past) for past in survey.open])
    if announce and now - survey.line < _ANNOUNCED_FOR:
        _announce(closing, survey.figures)
        ask_holders(closing, Counter(_held_by(past) for past in survey.open if _is_late(past)))
    return closing


def _wait_for_acts_under_way(street: Unit, day: date) -> None:
    """What was done at 15:59:59 may commit a moment after the line; it counts.

    Every act holds its incident's row and every report its street's counter until it commits: taking these locks waits
    for them, and what is read afterwards has them all.
    """
    list(NumberSequence.objects.select_for_update().filter(street=street, day=day))
    still_open = Incident.objects.select_for_update(no_key=True).filter(street=street, status__in=OPEN)
    list(still_open.order_by("pk").values_list("pk"))


@dataclass(frozen=True, slots=True)
class Survey:
    """How a street stood at the line of a day."""

    line: datetime
    figures: dict[str, int]
    open: list[Past]


def take_survey(street: Unit, day: date) -> Survey:
    """How a street stood at the day's line, from history; before the line it is how it stands so far."""
    line, previous = rules.line_of(day, close_out_time()), line_before(street, day)
    # Whatever was open at either line is open now or has moved since the earlier one. A day more: what by a rule of its
    # own was due after the earlier line may have been closed before it.
    touched = Q(status__in=OPEN) | Q(state_entered_at__gt=previous - timedelta(days=1))
    incidents = with_history(Incident.objects.filter(touched, street=street, reported_at__lte=line).order_by("pk"))
    pasts = [Past(incident, line) for incident in incidents]
    stood_open = [past for past in pasts if past.is_open]
    due = [met_in_time for past in pasts for met_in_time in _due_between(past, previous, line)]
    figures = {
        "reported": sum(past.incident.reported_at > previous for past in pasts),
        "closed": sum(past.closed_since(previous) for past in pasts),
        "due": len(due),
        "due_closed": sum(due),
        "open": len(stood_open),
        "late": sum(_is_late(past) for past in stood_open),
    }
    return Survey(line, figures, stood_open)


def line_before(street: Unit, day: date) -> datetime:
    """Where the figures of a day begin: the line at which the day before was closed, also when that was another one."""
    yesterday = day - timedelta(days=1)
    frozen = DayClose.objects.filter(street=street, day=yesterday).values_list("due_at", flat=True).first()
    return frozen or rules.line_of(yesterday, close_out_time())


def _due_between(past: Past, previous: datetime, line: datetime) -> Sequence[bool]:
    """For each of the incident's close-outs that fell due after `previous`, whether it was met in time.

    A category or a mode may have a line of its own: what is due at 18:00 counts at the next closing, by its own moment,
    so every close-out is counted exactly once. One that stands still is not due.
    """
    if past.status == Status.SUSPENDED:
        return []
    due = [(due_as_of(row, line), row.met_at) for row in past.set_clocks(Clock.CLOSE_OUT)]
    return [met_at is not None and met_at <= due_at for due_at, met_at in due if previous < due_at <= line]


def _is_late(past: Past) -> bool:
    due_at = past.due_at
    return due_at is not None and due_at <= past.moment


def _line(closing: DayClose, past: Past) -> DayCloseLine:
    incident, due_at = past.incident, past.due_at
    holder, holder_en = _holder(past)
    return DayCloseLine(
        day_close=closing,
        incident=incident,
        number=incident.number,
        category_name=incident.category.name,
        category_name_en=incident.category.name_en,
        community_name=incident.community.name if incident.community else "",
        level=past.level,
        status=past.status or "",
        holder=holder,
        holder_en=holder_en,
        due_at=due_at,
        minutes_late=rules.minutes_late(due_at, past.moment) if due_at else 0,
    )


def _held_by(past: Past) -> HoldingParty:
    return holding_party(past.status or "", past.incident.street_id, past.lead)


def _holder(past: Past) -> tuple[str, str]:
    """Who had to act, in both languages: the lead party, the command room until there is one, or whoever verifies."""
    street = past.incident.street.name
    ability = _held_by(past).ability
    if ability == Ability.VERIFY:
        return f"{street} 核查岗", f"Verifiers, {street}"
    if past.lead is None or ability == Ability.DISPATCH:
        return f"{street} 综合信息指挥室", f"Command room, {street}"
    return past.lead.party.name, getattr(past.lead.party, "name_en", "")


def _announce(closing: DayClose, figures: dict[str, int]) -> None:
    street, day = closing.street, closing.day
    path = f"close-out/{street.code}/{day.isoformat()}/"
    message = wording.close_out(street.name, closing.due_at, closing.frozen_at, figures, path=path)
    key = f"close_out:{street.code}:{day.isoformat()}"
    announce(message, kind="close_out", key=key, street=street, at=closing.frozen_at)
