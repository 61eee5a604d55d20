"""The outbox: what was sent to which group, what the robot said, and what would be sent if a robot were set."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages as notices
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

import clock
from accounts.errors import Refused
from accounts.paging import uncounted_page_of
from accounts.requests import UserRequest
from dispatch.message_words import KINDS, explained
from dispatch.models import Channel, OutboxMessage
from dispatch.outbox import DEAD, send_again, send_all_again
from dispatch.overview.channels import Standing, standings, visible_channels, visible_messages
from dispatch.trials import try_channel
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of

State = OutboxMessage.State
MOST_DEAD_LETTERS: Final = 10
"""How many stand on top of the page; all of them are under their tab."""
MOST_PRESSING: Final = 6


class MessageFilter(forms.Form):
    """Which messages: of one channel, of one kind. What makes no sense filters nothing."""

    channel = forms.ModelChoiceField(
        Channel.objects.none(), required=False, label=gettext_lazy("Channel"), empty_label=gettext_lazy("All channels")
    )
    kind = forms.ChoiceField(
        choices=[("", gettext_lazy("All kinds")), *KINDS.items()], required=False, label=gettext_lazy("Kind of message")
    )
    state = forms.ChoiceField(choices=State.choices, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, channels: QuerySet[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["channel"]
        field.queryset = channels  # type: ignore[attr-defined]
        self.is_valid()

    def narrow(self, messages: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
        wanted = {name: self.cleaned_data.get(name) for name in ("channel", "kind")}
        return messages.filter(**{name: value for name, value in wanted.items() if value})

    @property
    def state_wanted(self) -> str:
        return self.cleaned_data.get("state", "")

    def address(self, state: str = "") -> str:
        """The address of the same choice in another state."""
        query = {name: self.data.get(name, "") for name in ("channel", "kind")} | {"state": state}
        return f"?{urlencode({name: value for name, value in query.items() if value})}"


@for_holders_of(Ability.CLOSE_OUT, Ability.CONFIGURE)
def messages(request: UserRequest) -> HttpResponse:
    """The channels and how they stand, dead letters, and then the newest first, all of them or a choice."""
    at = clock.now()
    may_configure = Ability.CONFIGURE in abilities_of(request.user)
    channels = visible_channels(request.user)
    chosen = MessageFilter(request.GET, channels=channels)
    known = chosen.narrow(visible_messages(request.user))
    counts = _count_undone(known)
    rows = _rows(request, known, chosen.state_wanted, counts["dead"], may_configure)
    context = {
        "at": at,
        "tabs": _tabs(chosen, counts),
        "filter": chosen,
        "may_configure": may_configure,
        **_channels_in_parts(standings(channels, at)),
        "shows_only": _has_place_without_robot(rows["page"], channels),
        **rows,
    }
    return render(request, "dispatch/messages.html", context)


def _has_place_without_robot(page: Iterable[OutboxMessage], channels: Iterable[Channel]) -> bool:
    """Whether the page shows what would have been sent to a street that has no robot to this day."""
    served = {channel.street_id for channel in channels if channel.is_active}
    return any(message.state == State.SHOWN and message.street_id not in served for message in page)


def _count_undone(known: QuerySet[OutboxMessage]) -> dict[str, int]:
    """How many are to be sent, how many could not be, and how many of these are "dead" letters.

    Few, and found by their index. What was sent grows for ever: counting it took longer than the whole page.
    """
    undone = known.filter(state__in=(State.PENDING, State.FAILED)).order_by()
    wanted = {State.PENDING.value: Q(state=State.PENDING), State.FAILED.value: Q(state=State.FAILED), "dead": DEAD}
    return undone.aggregate(**{name: Count("pk", filter=which) for name, which in wanted.items()})


def _tabs(chosen: MessageFilter, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """All states; with a number those that wait for something."""
    wanted = chosen.state_wanted
    everything = {"url": chosen.address(), "label": _("All"), "count": None, "active": not wanted}
    return [everything] + [
        {"url": chosen.address(each), "label": each.label, "count": counts.get(each), "active": each == wanted}
        for each in State
    ]


def _channels_in_parts(found: list[Standing]) -> dict[str, list[Standing]]:
    """Those that want somebody's eye, as many as leave the messages in sight, and the others."""
    pressing = [each for each in found if each.is_pressing][:MOST_PRESSING]
    return {"pressing": pressing, "at_rest": found[len(pressing) :]}


def _rows(
    request: UserRequest,
    known: QuerySet[OutboxMessage],
    state: str,
    dead_letters: int,
    may_configure: bool,
) -> dict[str, Any]:
    """One page of messages; dead letters come before everything else, and so are not among it again."""
    related = known.select_related("street").prefetch_related(*(["tries"] if may_configure else []))
    # Beside the message stands the channel's name alone: sealed keys stay sealed.
    related = related.select_related("channel").defer("channel__token", "channel__secret", "channel__mentions")
    if state:
        return {"page": uncounted_page_of(request, related.filter(state=state)), "dead": []}
    dead = list(related.filter(DEAD)[:MOST_DEAD_LETTERS]) if dead_letters else []
    page = uncounted_page_of(request, related.exclude(DEAD))
    return {"page": page, "dead": dead, "more_dead": dead_letters - len(dead)}


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


@require_POST
@for_holders_of(Ability.CLOSE_OUT, Ability.CONFIGURE)
def channel_send_again(request: UserRequest, pk: int) -> HttpResponse:
    """Put whatever a channel could not deliver back into its queue."""
    count = send_all_again(_channel_or_404(request, pk), actor=request.user)
    said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    (notices.success if count else notices.info)(request, said % {"count": count})
    return redirect("dispatch:messages")


@require_POST
@for_holders_of(Ability.CONFIGURE)
def channel_test(request: UserRequest, pk: int) -> HttpResponse:
    """Try a channel and show at once what its robot says; somebody waits eight seconds at most."""
    tell_trial(request, _channel_or_404(request, pk))
    return redirect("dispatch:messages")


def tell_trial(request: UserRequest, channel: Channel) -> None:
    """Try a channel and say above the next page what came of it."""
    try:
        message = try_channel(channel, actor=request.user)
    except Refused as error:
        notices.error(request, error.message)
        return
    said = {"channel": channel.name, "reply": message.reply, "why": explained(channel.kind, message.reply)}
    if message.state == State.SENT:
        notices.success(request, _("%(channel)s: the test message arrived. The answer: %(reply)s") % said)
    else:
        notices.error(request, _("%(channel)s: the test message didn't arrive. %(why)s The answer: %(reply)s") % said)


def _channel_or_404(request: UserRequest, pk: int) -> Channel:
    channel = visible_channels(request.user).filter(pk=pk).first()
    if channel is None:
        raise Http404(_("No channel with this number is known here."))
    return channel
