"""Two people take each other's shift: one proposes, the other accepts. Neither does it alone (practice 133)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.api import TOO_LATE
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell
from accounts.models import User
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
    waiting = ShiftSwap.objects.filter(shift=shift, answered_at=None).first()
    if waiting and waiting.for_shift_id == for_shift.pk:
        return waiting
    _check(shift, for_shift, at)
    if waiting:
        raise Refused(_("This shift is offered to somebody already. Withdraw that offer first."), code="offered")
    swap = ShiftSwap.objects.create(shift=shift, for_shift=for_shift, proposed_at=at)
    said = gettext_lazy("{name} asks you to swap shifts.")
    tell(for_shift.user, format_lazy(said, name=actor.name), url=reverse("dispatch:roster"), at=at)
    return swap


@transaction.atomic
def answer_swap(swap: ShiftSwap, *, actor: User, accept: bool, at: datetime | None = None) -> ShiftSwap:
    """The colleague accepts or declines; who proposed it may withdraw. The same answer again changes nothing.

    Accepting strikes both shifts off and plans two new ones, so that the roster still says who was to come at first.
    """
    at = at or clock.now()
    rows = ShiftSwap.objects.select_for_update(of=("self",), no_key=True)
    swap = rows.select_related("shift", "for_shift").get(pk=swap.pk)
    answer = _answer(swap, actor, accept=accept)
    if swap.answered_at:
        if swap.answer == answer:
            return swap
        raise Refused(_("This offer has been answered already."), code=TOO_LATE)
    if answer == Answer.ACCEPTED:
        _exchange(*_locked(swap.shift, swap.for_shift), actor=actor, at=at)
    swap.answer, swap.answered_at = answer, at
    swap.save(update_fields=["answer", "answered_at"])
    other = swap.for_shift.user if answer == Answer.WITHDRAWN else swap.shift.user
    tell(other, format_lazy(_SAID[answer], name=actor.name), url=reverse("dispatch:roster"), at=at)
    return swap


def waiting_for(user: User, at: datetime) -> QuerySet[ShiftSwap]:
    """The offers that the user has to answer or has made, as long as both shifts can still be swapped."""
    related = ("shift__user", "for_shift__user", "shift__street")
    swaps = ShiftSwap.objects.filter(Q(shift__user=user) | Q(for_shift__user=user), answered_at=None)
    swaps = swaps.filter(shift__cancelled_at=None, for_shift__cancelled_at=None)
    return swaps.filter(shift__starts_at__gt=at, for_shift__starts_at__gt=at).select_related(*related)


_SAID = {
    Answer.ACCEPTED: gettext_lazy("{name} accepts the swap of shifts."),
    Answer.DECLINED: gettext_lazy("{name} declines the swap of shifts."),
    Answer.WITHDRAWN: gettext_lazy("{name} withdraws the offer to swap shifts."),
}


def _answer(swap: ShiftSwap, actor: User, *, accept: bool) -> Answer:
    if actor.pk == swap.for_shift.user_id:
        return Answer.ACCEPTED if accept else Answer.DECLINED
    if actor.pk == swap.shift.user_id and not accept:
        return Answer.WITHDRAWN
    raise Forbidden(_("The colleague who was asked answers."), code="who")


def _exchange(mine: Shift, theirs: Shift, *, actor: User, at: datetime) -> None:
    _check(mine, theirs, at)
    locked_people([mine.user, theirs.user])
    gone = [mine.pk, theirs.pk]
    for shift, user in ((mine, theirs.user), (theirs, mine.user)):
        check_free(shift.street, user, shift.starts_at, shift.ends_at, leaving=gone)
    Shift.objects.filter(pk__in=gone).update(cancelled_at=at)
    facts = {"street_id": mine.street_id, "made_by": actor, "made_at": at}
    for shift, user in ((mine, theirs.user), (theirs, mine.user)):
        Shift.objects.create(user=user, starts_at=shift.starts_at, ends_at=shift.ends_at, **facts)


def _check(mine: Shift, theirs: Shift, at: datetime) -> None:
    if mine.street_id != theirs.street_id or mine.user_id == theirs.user_id:
        raise Refused(_("Choose a shift of a colleague in the same room."), code="room", field="for_shift")
    if mine.cancelled_at or theirs.cancelled_at:
        raise Refused(_("One of the two shifts was struck off the roster."), code=TOO_LATE, field="for_shift")
    if min(mine.starts_at, theirs.starts_at) <= at:
        raise Refused(_("One of the two shifts has begun. It can't be swapped any more."), code=TOO_LATE)


def _locked(*shifts: Shift) -> list[Shift]:
    """The rows in the order asked for, locked in the order of their keys."""
    rows = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("user", "street")
    known = {row.pk: row for row in rows.filter(pk__in=[shift.pk for shift in shifts]).order_by("pk")}
    return [known[shift.pk] for shift in shifts]
