"""The command room's own page: who is on duty, handing over, taking over."""

from typing import Any

from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import clock
from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.duty import hand_over, on_duty, take_over
from dispatch.duty.handover import open_in, waiting_in
from dispatch.duty.rooms import Room, belongs_to, may_plan, rooms_of
from dispatch.forms.duty import HandOverForm
from dispatch.models import Handover
from dispatch.overview import duty as overview
from grids.models import Ability, Kind, Unit
from grids.posts import abilities_of, area_filter, posts_with
from grids.views.access import for_holders_of
from grids.views.changes import bound, carried_out

_LATEST = 10


@keeps_form
@require_http_methods(["GET", "POST"])
def duty(request: UserRequest) -> HttpResponse:
    """Who is on duty in a room (`?street=CODE`), what would be handed over now, and the latest handovers."""
    if Ability.DISPATCH not in abilities_of(request.user):
        raise PermissionDenied
    at, room = clock.now(), room_or_404(request)
    form = bound(request, HandOverForm)

    def act(form: HandOverForm) -> Handover:
        return hand_over(room, actor=request.user, note=form.cleaned_data["note"], at=at)

    if carried_out(form, act):
        notices.success(request, _("Handed over. The others of the room are told."), extra_tags="draft:hand-over")
        return redirect(request.get_full_path())
    context: dict[str, Any] = {
        "form": form,
        "at": at,
        "on_duty": on_duty(room, at),
        "next": overview.next_shift(room, at),
        "waiting": waiting_in(room),
        "is_own": belongs_to(request.user, room),
        "facts": open_in(room, at=at),
        "handovers": _with_closed(list(overview.handovers_of(room)[:_LATEST])),
        **room_context(request, room),
    }
    return render(request, "dispatch/duty/duty.html", context, status=422 if form.is_bound else 200)


@for_holders_of(Ability.DISPATCH)
def handovers(request: UserRequest) -> HttpResponse:
    """All handovers of a room."""
    room = room_or_404(request)
    rows = overview.handovers_of(room)
    page = page_of(request, rows, rows.count())
    listed = _with_closed(list(page.object_list))
    context = {"page": page, "handovers": listed, "at": clock.now(), **room_context(request, room)}
    return render(request, "dispatch/duty/handovers.html", context)


@for_holders_of(Ability.DISPATCH)
def handover(request: UserRequest, pk: int) -> HttpResponse:
    """One handover: the note, what was open then, and where it stands now. Also to be printed."""
    handover = _visible_or_404(request.user, pk)
    incidents = overview.named_in(handover.open["numbers"])
    context = {
        "handover": handover,
        "facts": handover.open,
        "at": clock.now(),
        "incidents": incidents,
        "closed_since": overview.closed_since(handover),
        "may_take": handover.taken_at is None
        and handover.handed_by_id != request.user.pk
        and belongs_to(request.user, handover.street),
        **room_context(request, handover.street),
    }
    return render(request, "dispatch/duty/handover.html", context)


@require_POST
@for_holders_of(Ability.DISPATCH)
def handover_take_over(request: UserRequest, pk: int) -> HttpResponse:
    """接班."""
    handover = _visible_or_404(request.user, pk)
    try:
        take_over(handover, actor=request.user)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        notices.error(request, refusal.message)
    else:
        notices.success(request, _("You have taken the room over."))
    return redirect("dispatch:handover", pk)


def room_or_404(request: UserRequest) -> Room:
    """The room of the address, if the user plans or works there; without one the user's own."""
    code = request.GET.get("street", "")
    if code:
        street = _streets_of(request.user).filter(code=code).first()
        if street is None:
            raise Http404(_("No unit with this code is known here."))
        return street
    rooms = rooms_of(request.user)
    if not rooms:
        raise PermissionDenied(_("You belong to no command room."))
    return rooms[0]


def room_context(request: UserRequest, room: Room) -> dict[str, Any]:
    """What every page of a room shows on its head: its name, and the other rooms that the user may look at."""
    own = rooms_of(request.user)
    others = list(_streets_of(request.user)) if None in own or len(own) > 1 else []
    return {
        "street": room,
        "query": f"?street={room.code}" if room else "",
        "may_plan": may_plan(request.user, room),
        "streets": others,
        "has_centre": None in own,
    }


def _with_closed(handovers: list[Handover]) -> list[tuple[Handover, int, int]]:
    """Each with how many of the incidents that it names have ended since, and how many are open."""
    open_now = overview.still_open(handovers)
    return [(each, len(each.open["numbers"]) - open_now[each.pk], open_now[each.pk]) for each in handovers]


def _visible_or_404(user: User, pk: int) -> Handover:
    handover = Handover.objects.filter(pk=pk).select_related("street", "handed_by", "taken_by").first()
    if handover is None or not may_plan(user, handover.street):
        raise Http404(_("No handover with this number is known here."))
    return handover


def _streets_of(user: User) -> Any:
    posts = posts_with(user, Ability.DISPATCH)
    streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code")
    where = area_filter(posts)
    return streets if where is None else streets.filter(where)
