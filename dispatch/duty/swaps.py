"""A colleague takes a shift, for one of theirs (换班) or as a stand-in (替班); nobody is put on duty so unasked.

Practice 133 of the handbook: a swap needs both.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.api import TOO_LATE
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell_many
from accounts.models import User
from dispatch.duty.rooms import check_plans
from dispatch.duty.roster import check_free, locked_people
from dispatch.models import Shift, ShiftSwap

Answer = ShiftSwap.Answer


@transaction.atomic
def propose_swap(shift: Shift, *, for_shift: Shift, actor: User, at: datetime | None = None) -> ShiftSwap:
    """Offer the own `shift` for a colleague's `for_shift` of the same room. The same offer again is the one that waits.

    Raises `Forbidden` when it is not the actor's own shift, `Refused` when one of the two has begun or was struck off,
    belongs to another room, or is offered already.
    """
    at = at or clock.now()
    shift, for_shift = _locked(shift, for_shift)
    if shift.user_id != actor.pk:
        raise Forbidden(_("You can offer your own shifts only."), code="who")
    waiting = _waiting(shift)
    if waiting and waiting.for_shift_id == for_shift.pk:
        return waiting
    _check_swap(shift, for_shift, at)
    return _offer(waiting, shift=shift, for_shift=for_shift, colleague=for_shift.user, proposed_by=actor, at=at)


@transaction.atomic
def ask_stand_in(shift: Shift, *, colleague: User, actor: User, at: datetime | None = None) -> ShiftSwap:
    """Ask a colleague of the room to take a shift and give nothing back. Asked again it is the request that waits.

    By whoever is on duty then, or who plans the roster. Raises `Forbidden` for others, `Refused` when the shift has
    begun, was struck off or is offered already, and for a colleague who can't be on duty then.
    """
    at = at or clock.now()
    (shift,) = _locked(shift)
    if shift.user_id != actor.pk:
        check_plans(actor, shift.street)
    waiting = _waiting(shift)
    if waiting and waiting.for_shift is None and waiting.colleague_id == colleague.pk:
        return waiting
    if colleague.pk in {shift.user_id, actor.pk}:
        raise Refused(_("Choose a colleague."), code="colleague", field="colleague")
    _check_to_come(at, shift)
    check_free(shift.street, colleague, shift.starts_at, shift.ends_at)
    return _offer(waiting, shift=shift, for_shift=None, colleague=colleague, proposed_by=actor, at=at)


@transaction.atomic
def answer_swap(swap: ShiftSwap, *, actor: User, accept: bool, at: datetime | None = None) -> ShiftSwap:
    """The colleague accepts or declines; who proposed it, or is to be relieved, withdraws. Answered so again, nothing
    changes.

    Accepting strikes the shifts off and plans new ones, so that the roster still says who was to come at first.
    """
    at = at or clock.now()
    rows = ShiftSwap.objects.select_for_update(of=("self",), no_key=True)
    swap = rows.select_related("shift__user", "for_shift", "colleague").get(pk=swap.pk)
    answer = _answer(swap, actor, accept=accept)
    if swap.answered_at:
        if swap.answer == answer:
            return swap
        raise Refused(_("This offer has been answered already."), code=TOO_LATE)
    if answer == Answer.ACCEPTED:
        _carry_out(swap, actor=actor, at=at)
    swap.answer, swap.answered_at = answer, at
    swap.save(update_fields=["answer", "answered_at"])
    said = _SAID if swap.for_shift else _SAID_OF_STAND_IN
    _tell(swap, said[answer], actor=actor, at=at)
    return swap


def waiting_for(user: User, at: datetime) -> QuerySet[ShiftSwap]:
    """The offers that the user has to answer, has made or would be relieved by, as long as they can be carried out."""
    mine = Q(shift__user=user) | Q(colleague=user) | Q(proposed_by=user)
    both = Q(for_shift=None) | Q(for_shift__cancelled_at=None, for_shift__starts_at__gt=at)
    swaps = ShiftSwap.objects.filter(mine, both, answered_at=None, shift__cancelled_at=None, shift__starts_at__gt=at)
    return swaps.select_related("shift__user", "shift__street", "for_shift", "colleague", "proposed_by")


_SAID: Final[Mapping[str, Any]] = {
    Answer.ACCEPTED: gettext_lazy("{name} accepts the swap of shifts."),
    Answer.DECLINED: gettext_lazy("{name} declines the swap of shifts."),
    Answer.WITHDRAWN: gettext_lazy("{name} withdraws the offer to swap shifts."),
}
_SAID_OF_STAND_IN: Final[Mapping[str, Any]] = {
    Answer.ACCEPTED: gettext_lazy("{colleague} stands in for {holder}, {times}."),
    Answer.DECLINED: gettext_lazy("{colleague} can't stand in for {holder}, {times}."),
    Answer.WITHDRAWN: gettext_lazy("{name} withdraws the request that {colleague} stands in for {holder}, {times}."),
}


def _waiting(shift: Shift) -> ShiftSwap | None:
    return ShiftSwap.objects.filter(shift=shift, answered_at=None).select_related("for_shift").first()


def _offer(
    waiting: ShiftSwap | None,
    *,
    shift: Shift,
    for_shift: Shift | None,
    colleague: User,
    proposed_by: User,
    at: datetime,
) -> ShiftSwap:
    if waiting:
        raise Refused(_("This shift is offered to somebody already. Withdraw that offer first."), code="offered")
    swap = ShiftSwap.objects.create(
        shift=shift, for_shift=for_shift, colleague=colleague, proposed_by=proposed_by, proposed_at=at
    )
    said = gettext_lazy("{name} asks you to swap shifts.")
    if for_shift is None:
        said = gettext_lazy("{name} asks that {colleague} stands in for {holder}, {times}.")
    _tell(swap, said, actor=proposed_by, at=at)
    return swap


def _answer(swap: ShiftSwap, actor: User, *, accept: bool) -> Answer:
    if actor.pk == swap.colleague_id:
        return Answer.ACCEPTED if accept else Answer.DECLINED
    if actor.pk in {swap.proposed_by_id, swap.shift.user_id} and not accept:
        return Answer.WITHDRAWN
    raise Forbidden(_("The colleague who was asked answers."), code="who")


def _carry_out(swap: ShiftSwap, *, actor: User, at: datetime) -> None:
    """Strike off what is given away, and put the other on duty instead."""
    given: list[tuple[Shift, User]] = []
    if swap.for_shift:
        mine, theirs = _locked(swap.shift, swap.for_shift)
        _check_swap(mine, theirs, at)
        given = [(mine, theirs.user), (theirs, mine.user)]
    else:
        (shift,) = _locked(swap.shift)
        _check_to_come(at, shift)
        given = [(shift, swap.colleague)]
    locked_people(user for _shift, user in given)
    gone = [shift.pk for shift, _user in given]
    for shift, user in given:
        check_free(shift.street, user, shift.starts_at, shift.ends_at, leaving=gone)
    Shift.objects.filter(pk__in=gone).update(cancelled_at=at)
    for shift, user in given:
        times = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
        Shift.objects.create(street=shift.street, user=user, made_by=actor, made_at=at, **times)


def _check_swap(mine: Shift, theirs: Shift, at: datetime) -> None:
    if mine.street_id != theirs.street_id or mine.user_id == theirs.user_id:
        raise Refused(_("Choose a shift of a colleague in the same room."), code="room", field="for_shift")
    _check_to_come(at, mine, theirs)


def _check_to_come(at: datetime, *shifts: Shift) -> None:
    if any(shift.cancelled_at for shift in shifts):
        raise Refused(_("This shift was struck off the roster."), code=TOO_LATE, field="for_shift")
    if min(shift.starts_at for shift in shifts) <= at:
        raise Refused(_("This shift has begun. It can't be given away any more."), code=TOO_LATE)


def _tell(swap: ShiftSwap, said: Any, *, actor: User, at: datetime) -> None:
    """A notice to everybody whom it concerns, but for whoever has just acted."""
    concerned = {swap.colleague_id, swap.proposed_by_id, swap.shift.user_id} - {actor.pk}
    begins, ends = timezone.localtime(swap.shift.starts_at), timezone.localtime(swap.shift.ends_at)
    facts = {
        "name": actor.name,
        "colleague": swap.colleague.name,
        "holder": swap.shift.user.name,
        "times": f"{begins:%m-%d %H:%M}–{ends:%H:%M}",
    }
    tell_many(concerned, format_lazy(said, **facts), url=reverse("dispatch:roster"), at=at)


def _locked(*shifts: Shift) -> list[Shift]:
    """The rows in the order asked for, locked in the order of their keys."""
    rows = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("user", "street")
    known = {row.pk: row for row in rows.filter(pk__in=[shift.pk for shift in shifts]).order_by("pk")}
    return [known[shift.pk] for shift in shifts]
