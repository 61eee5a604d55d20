"""The roster: planning, cancelling, and who is on duty at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.api import TOO_LATE
from accounts.errors import Refused
from accounts.models import User
from dispatch import rules
from dispatch.duty.patterns import monday_of
from dispatch.duty.rooms import Room, belongs_to, check_plans
from dispatch.models import Shift

LONGEST: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn as somebody wishes it; `name` is the field of a form that asked for it."""

    user: User
    starts_at: datetime
    ends_at: datetime
    name: str = ""


def shifts_between(room: Room, begins: datetime, ends: datetime) -> QuerySet[Shift]:
    """The shifts of a room that touch a stretch of time, in order, with their people."""
    shifts = Shift.objects.filter(street=room, cancelled_at=None, starts_at__lt=ends, ends_at__gt=begins)
    return shifts.select_related("user").order_by("starts_at", "pk")


def last_planned_week(room: Room, monday: date) -> list[Shift]:
    """The shifts of the last week before this Monday's in which any begins; empty when there is none."""
    earlier = Shift.objects.filter(street=room, cancelled_at=None, starts_at__lt=rules.start_of(monday))
    last = earlier.order_by("-starts_at").values_list("starts_at", flat=True).first()
    if last is None:
        return []
    begins = rules.start_of(monday_of(timezone.localdate(last)))
    return list(earlier.filter(starts_at__gte=begins).select_related("user").order_by("starts_at", "pk"))


def on_duty(room: Room, at: datetime) -> list[Shift]:
    """Who is on duty at a moment. A shift's last moment belongs to the next one."""
    running = Shift.objects.filter(street=room, cancelled_at=None, starts_at__lte=at, ends_at__gt=at)
    return list(running.select_related("user").order_by("ends_at", "pk"))


@transaction.atomic
def plan_shift(
    room: Room, *, actor: User, user: User, starts_at: datetime, ends_at: datetime, at: datetime | None = None
) -> Shift:
    """Put `user` on duty. The same shift again is the one that is there.

    Raises `Forbidden` when the actor doesn't plan this room, `Refused` for a time that makes no sense or is over, for
    somebody without a dispatching post of this room in those days, and for somebody who is on duty elsewhere then.
    """
    at = at or clock.now()
    check_plans(actor, room)
    _check_times(starts_at, ends_at, at)
    (user,) = locked_people([user])
    known = Shift.objects.filter(user=user, street=room, starts_at=starts_at, ends_at=ends_at, cancelled_at=None)
    if shift := known.first():
        return shift
    check_free(room, user, starts_at, ends_at)
    return Shift.objects.create(street=room, user=user, starts_at=starts_at, ends_at=ends_at, made_by=actor, made_at=at)


@transaction.atomic
def plan_week(room: Room, *, actor: User, turns: Iterable[Turn], at: datetime | None = None) -> list[Shift]:
    """Plan many turns, all or none; a refusal names the turn's field."""
    at, planned = at or clock.now(), []
    for turn in turns:
        try:
            shift = plan_shift(room, actor=actor, user=turn.user, starts_at=turn.starts_at, ends_at=turn.ends_at, at=at)
        except Refused as refusal:
            refusal.field = turn.name or refusal.field
            raise
        planned.append(shift)
    return planned


@transaction.atomic
def cancel_shift(shift: Shift, *, actor: User, at: datetime | None = None) -> Shift:
    """Strike a shift that is not over yet off the roster; done before, nothing changes."""
    at = at or clock.now()
    shift = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("street").get(pk=shift.pk)
    check_plans(actor, shift.street)
    if shift.cancelled_at:
        return shift
    if shift.ends_at <= at:
        raise Refused(_("This shift is over. The roster keeps what was."), code=TOO_LATE)
    shift.cancelled_at = at
    shift.save(update_fields=["cancelled_at"])
    return shift


def locked_people(people: Iterable[User]) -> list[User]:
    """The rows of these users, locked in the order of their keys: nobody else plans for them until we are through."""
    pks = [user.pk for user in people]
    return list(User.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))


def check_free(room: Room, user: User, starts_at: datetime, ends_at: datetime, *, leaving: Iterable[int] = ()) -> None:
    """Raise `Refused` unless the person belongs to the room in those days and has no other shift then.

    `leaving`: ids of shifts that they give away in the same act.
    """
    if not all(belongs_to(user, room, day) for day in _days(starts_at, ends_at)):
        raise Refused(
            _("%(name)s holds no duty post of this room in those days.") % {"name": user.name},
            code="post",
            field="user",
        )
    theirs = Shift.objects.filter(user=user, cancelled_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if other := theirs.exclude(pk__in=leaving).order_by("starts_at").first():
        begins, ends = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
        raise Refused(
            _("%(name)s is on duty already from %(begins)s to %(ends)s.")
            % {"name": user.name, "begins": f"{begins:%m-%d %H:%M}", "ends": f"{ends:%m-%d %H:%M}"},
            code="overlap",
            field="user",
        )


def _days(starts_at: datetime, ends_at: datetime) -> set[date]:
    """The days on which a shift falls; one that ends at midnight does not touch the next."""
    return {timezone.localdate(starts_at), timezone.localdate(ends_at - timedelta(microseconds=1))}


def _check_times(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("The shift must end after it begins."), code="order", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Refused(_("A shift lasts 24 hours at most. Plan two."), code="long", field="ends_at")
    if ends_at <= at:
        raise Refused(_("This time is over. Plan from now on."), code="past", field="ends_at")
