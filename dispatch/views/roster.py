"""The roster of a command room: a week, one shift, a whole week, swaps and stand-ins."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

import clock
from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form
from accounts.models import User
from accounts.requests import UserRequest
from dispatch import rules
from dispatch.duty import (
    answer_swap,
    ask_stand_in,
    cancel_shift,
    plan_shift,
    plan_week,
    propose_swap,
    shifts_between,
)
from dispatch.duty.patterns import WEEK, Pattern, monday_of
from dispatch.duty.rooms import Room, may_plan, members_of
from dispatch.duty.roster import last_planned_week
from dispatch.duty.swaps import waiting_for
from dispatch.forms.duty import ShiftForm, StandInForm, SwapForm, WeekForm
from dispatch.models import Shift, ShiftSwap
from dispatch.overview import duty as overview
from dispatch.views.duty import room_context, room_or_404
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from grids.views.changes import bound, carried_out

_NEAR = timedelta(days=3660)
"""Nobody plans ten years ahead; the calendar's last days have no week after them."""


@keeps_form
@require_http_methods(["GET", "POST"])
def roster(request: UserRequest) -> HttpResponse:
    """One week (`?week=` any day of it) of a room, with a form for one more shift."""
    _check_dispatches(request.user)
    at, room, monday = clock.now(), room_or_404(request), _monday(request)
    form = bound(request, ShiftForm, members=list(members_of(room)))

    def act(form: ShiftForm) -> Shift:
        return plan_shift(room, actor=request.user, at=at, **form.cleaned_data)

    if planned := carried_out(form, act):
        notices.success(request, _("%(name)s is planned.") % {"name": planned.user.name})
        return redirect(_address(room, timezone.localdate(planned.starts_at)))
    context: dict[str, Any] = {
        "form": form,
        "at": at,
        "days": overview.week_of(room, monday),
        "today": timezone.localdate(at),
        "swaps": list(waiting_for(request.user, at)),
        **_week_context(monday),
        **room_context(request, room),
    }
    return render(request, "dispatch/duty/roster.html", context, status=422 if form.is_bound else 200)


@keeps_form
@require_http_methods(["GET", "POST"])
def roster_week(request: UserRequest) -> HttpResponse:
    """Plan a week in one form: a name for each slot, from the last planned week unless another pattern is chosen."""
    _check_dispatches(request.user)
    at, room, monday = clock.now(), room_or_404(request), _monday(request)
    if not may_plan(request.user, room):
        raise PermissionDenied
    before = last_planned_week(room, monday)
    patterns = [each for each in Pattern if before or each != Pattern.LIKE_BEFORE]
    wanted = request.GET.get("pattern", "")
    facts: dict[str, Any] = {
        "pattern": Pattern(wanted) if wanted in patterns else patterns[0],
        "monday": monday,
        "members": list(members_of(room, max(monday, timezone.localdate(at)))),
        "known": list(shifts_between(room, rules.start_of(monday), rules.start_of(monday + timedelta(days=WEEK)))),
        "before": before,
        "at": at,
    }
    form = WeekForm(request.POST if request.method == "POST" else None, **facts)
    planned = carried_out(form, lambda form: plan_week(room, actor=request.user, turns=form.turns(), at=at))
    if planned is not None:
        said = ngettext("%(count)d shift planned.", "%(count)d shifts planned.", len(planned))
        notices.success(request, said % {"count": len(planned)})
        return redirect(_address(room, monday))
    context = {
        "form": form,
        "pattern": facts["pattern"],
        "patterns": patterns,
        "planned_before": monday_of(timezone.localdate(before[0].starts_at)) if before else None,
        **_week_context(monday),
        **room_context(request, room),
    }
    return render(request, "dispatch/duty/week.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_holders_of(Ability.DISPATCH)
def shift_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Strike one shift off the roster."""
    shift = _shift_or_404(request.user, pk)
    try:
        cancel_shift(shift, actor=request.user)
    except Refused as refusal:
        notices.error(request, refusal.message)
    else:
        notices.success(request, _("Struck off the roster."))
    return redirect(_address(shift.street, timezone.localdate(shift.starts_at)))


@keeps_form
@require_http_methods(["GET", "POST"])
def shift_swap(request: UserRequest, pk: int) -> HttpResponse:
    """Offer an own shift for a colleague's."""
    _check_dispatches(request.user)
    at, shift = clock.now(), _shift_or_404(request.user, pk)
    if shift.user_id != request.user.pk:
        raise PermissionDenied(_("You can offer your own shifts only."))
    form = bound(request, SwapForm, shifts=overview.to_swap_for(request.user, shift.street, at))

    def act(form: SwapForm) -> ShiftSwap:
        return propose_swap(shift, actor=request.user, at=at, **form.cleaned_data)

    if swap := carried_out(form, act):
        notices.success(request, _("%(name)s is asked to swap.") % {"name": swap.for_shift.user.name})
        return redirect(_address(shift.street, timezone.localdate(shift.starts_at)))
    back = _address(shift.street, timezone.localdate(shift.starts_at))
    context = {"form": form, "shift": shift, "back": back}
    return render(request, "dispatch/duty/swap.html", context, status=422 if form.is_bound else 200)


@keeps_form
@require_http_methods(["GET", "POST"])
def shift_stand_in(request: UserRequest, pk: int) -> HttpResponse:
    """Ask a colleague to take a shift, the own one or one of the roster that the user plans."""
    _check_dispatches(request.user)
    at, shift = clock.now(), _shift_or_404(request.user, pk)
    form = bound(request, StandInForm, colleagues=overview.free_for(shift).exclude(pk=request.user.pk))

    def act(form: StandInForm) -> ShiftSwap:
        return ask_stand_in(shift, actor=request.user, at=at, **form.cleaned_data)

    back = _address(shift.street, timezone.localdate(shift.starts_at))
    if asked := carried_out(form, act):
        notices.success(request, _("%(name)s is asked to stand in.") % {"name": asked.colleague.name})
        return redirect(back)
    context = {"form": form, "shift": shift, "back": back}
    return render(request, "dispatch/duty/stand_in.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_holders_of(Ability.DISPATCH)
def swap_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Accept an offer, decline it, or withdraw the own one."""
    swap = waiting_for(request.user, clock.now()).filter(pk=pk).first()
    if swap is None:
        notices.error(request, _("This offer has been answered already, or one of the shifts has begun."))
        return redirect("dispatch:roster")
    try:
        answer_swap(swap, actor=request.user, accept=request.POST.get("accept") == "yes")
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        notices.error(request, refusal.message)
    else:
        notices.success(request, _("Answered. Your colleague is told."))
    return redirect(_address(swap.shift.street, timezone.localdate(swap.shift.starts_at)))


def _check_dispatches(user: User) -> None:
    if Ability.DISPATCH not in abilities_of(user):
        raise PermissionDenied


def _monday(request: UserRequest) -> date:
    """The Monday of the week in the address; of this week where it says nothing or nonsense."""
    today = clock.today()
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = today
    return monday_of(day if abs(day - today) < _NEAR else today)


def _week_context(monday: date) -> dict[str, Any]:
    week = timedelta(days=WEEK)
    return {
        "monday": monday,
        "sunday": monday + week - timedelta(days=1),
        "before": monday - week,
        "after": monday + week,
    }


def _address(room: Room, day: date) -> str:
    street = f"&street={room.code}" if room else ""
    return f"{reverse('dispatch:roster')}?week={day.isoformat()}{street}"


def _shift_or_404(user: User, pk: int) -> Shift:
    shift = Shift.objects.filter(pk=pk, cancelled_at=None).select_related("street", "user").first()
    if shift is None or not may_plan(user, shift.street):
        raise Http404(_("There is no such shift on the roster."))
    return shift
