"""What the pages show of duty: who is in the room, the week, and what has become of what was handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.utils import timezone

from accounts.models import User
from dispatch import rules
from dispatch.duty.patterns import WEEK
from dispatch.duty.rooms import Room, members_of
from dispatch.duty.roster import shifts_between
from dispatch.models import Handover, Shift
from dispatch.selectors import with_due
from incidents.models import Incident, StatusChange
from incidents.selectors import with_place
from incidents.workflow import OPEN


@dataclass(frozen=True, slots=True)
class Said:
    """One fact of a room as a line of a page says it: a person, and the moment that goes with them."""

    pk: int
    user_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RoomNow:
    """Who is on duty and until when, and the handover that waits."""

    on_duty: list[Said]
    waiting: Said | None

    def waits_for(self, user: User) -> bool:
        """True when this user, not the one who handed over, could take over."""
        return self.waiting is not None and self.waiting.user_id != user.pk


def room_now(room: Room, at: datetime) -> RoomNow:
    """One query, since it stands on the head of every page of the room."""
    running = Shift.objects.filter(street=room, cancelled_at=None, starts_at__lte=at, ends_at__gt=at).order_by()
    waiting = Handover.objects.filter(street=room, taken_at=None).order_by()
    waits = _said(waiting, "handed_by", F("handed_at"), is_shift=False)
    rows = _said(running, "user", F("ends_at"), is_shift=True).union(waits, all=True).order_by()
    said = [(is_shift, Said(*facts)) for is_shift, *facts in rows]
    shifts = sorted((each for is_shift, each in said if is_shift), key=lambda each: (each.at, each.pk))
    return RoomNow(shifts, next((each for is_shift, each in said if not is_shift), None))


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the roster with the shifts that begin on it."""

    day: date
    shifts: list[Shift]


def week_of(room: Room, monday: date) -> list[Day]:
    """Seven days of a room's roster."""
    days = [monday + timedelta(days=number) for number in range(WEEK)]
    begins, ends = rules.start_of(monday), rules.start_of(monday + timedelta(days=WEEK))
    shifts = list(shifts_between(room, begins, ends).filter(starts_at__gte=begins))
    return [Day(day, [each for each in shifts if rules.start_of(day) <= each.starts_at < _end_of(day)]) for day in days]


def next_shift(room: Room, at: datetime) -> Shift | None:
    """The next shift to begin."""
    return _to_come(room, at).first()


def to_swap_for(user: User, room: Room, at: datetime) -> QuerySet[Shift]:
    """Colleagues' shifts of the room that have not begun."""
    return _to_come(room, at).exclude(user=user)


def free_for(shift: Shift) -> QuerySet[User]:
    """Who else works in the room on that day and isn't on duty anywhere at that time."""
    busy = Shift.objects.filter(cancelled_at=None, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at)
    return members_of(shift.street, timezone.localdate(shift.starts_at)).exclude(pk__in=busy.values("user"))


def handovers_of(room: Room) -> QuerySet[Handover]:
    return Handover.objects.filter(street=room).select_related("handed_by", "taken_by", "street")


def still_open(handovers: Sequence[Handover]) -> dict[int, int]:
    """How many of the incidents that each handover names are open today, by its id; one query for all of them."""
    numbers = {number for handover in handovers for number in handover.open["numbers"]}
    rows = Incident.objects.filter(number__in=numbers, status__in=OPEN)
    running = set(rows.values_list("number", flat=True))
    return {handover.pk: len(running.intersection(handover.open["numbers"])) for handover in handovers}


def closed_since(handover: Handover) -> int:
    """How many of all that were open at the handover have ended since, told from the history."""
    later = StatusChange.objects.filter(incident=OuterRef("pk"), at__gt=handover.handed_at).order_by("at", "pk")
    moved = Incident.objects.filter(
        state_entered_at__gt=handover.handed_at, reported_at__lte=handover.handed_at
    ).exclude(status__in=OPEN)
    if handover.street_id:
        moved = moved.filter(street=handover.street_id)
    return moved.annotate(then=Subquery(later.values("old")[:1])).filter(then__in=OPEN).count()


def named_in(numbers: Sequence[str]) -> list[Incident]:
    """The incidents of these numbers as they stand now, in that order."""
    known = {row.number: row for row in with_place(with_due(Incident.objects.filter(number__in=numbers)))}
    return [known[number] for number in numbers if number in known]


def _to_come(room: Room, at: datetime) -> QuerySet[Shift]:
    shifts = Shift.objects.filter(street=room, cancelled_at=None, starts_at__gt=at)
    return shifts.select_related("user").order_by("starts_at", "pk")


def _said(rows: QuerySet[Any], person: str, at: F, *, is_shift: bool) -> Any:
    return rows.values_list(Value(is_shift), "pk", f"{person}_id", f"{person}__name", at)


def _end_of(day: date) -> datetime:
    return rules.start_of(day + timedelta(days=1))
