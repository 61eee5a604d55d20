"""The outbox: what was sent to which group, what the robot said, and what would be sent if a robot were set."""

from django.contrib import messages as notices
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import clock
from accounts.errors import Refused
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.models import OutboxMessage
from dispatch.outbox import send_again
from dispatch.overview.needs import posts_with
from grids.models import Ability
from grids.posts import abilities_of, area_filter
from grids.views.access import for_holders_of

State = OutboxMessage.State


@for_holders_of(Ability.CLOSE_OUT, Ability.CONFIGURE)
def messages(request: UserRequest) -> HttpResponse:
    """The newest first, all of them or those of one state."""
    known = visible_messages(request.user)
    counts = dict(known.order_by().values_list("state").annotate(Count("pk")))
    wanted = request.GET.get("state", "")
    state = State(wanted) if wanted in State.values else None
    rows = known.filter(state=state) if state else known
    total = counts.get(state, 0) if state else sum(counts.values())
    tabs = [{"url": "?", "label": _("All"), "count": sum(counts.values()), "active": state is None}]
    tabs += [
        {"url": f"?state={each}", "label": each.label, "count": counts.get(each, 0), "active": each == state}
        for each in State
    ]
    context = {
        "at": clock.now(),
        "tabs": tabs,
        "page": page_of(request, rows.select_related("channel", "street"), total),
        "may_configure": Ability.CONFIGURE in abilities_of(request.user),
        "shows_only": bool(counts.get(State.SHOWN)),
    }
    return render(request, "dispatch/messages.html", context)


@require_POST
@for_holders_of(Ability.CLOSE_OUT, Ability.CONFIGURE)
def message_send_again(request: UserRequest, pk: int) -> HttpResponse:
    """Put a message that was not delivered back into the queue of its channel."""
    message = visible_messages(request.user).filter(pk=pk).first()
    if message is None:
        raise Http404(_("No message with this number is known here."))
    try:
        send_again(message, actor=request.user)
    except Refused as error:
        notices.error(request, error.message)
    else:
        notices.success(request, _("It is sent again within a minute."))
    return redirect("dispatch:messages")


def visible_messages(user: User) -> QuerySet[OutboxMessage]:
    """The messages about the user's streets; all of them for whoever configures the channels or serves the district."""
    posts = posts_with(user, Ability.CLOSE_OUT)
    if posts_with(user, Ability.CONFIGURE) or area_filter(posts) is None:
        return OutboxMessage.objects.all()
    return OutboxMessage.objects.filter(street__in={post.unit.street_id for post in posts if post.unit})
