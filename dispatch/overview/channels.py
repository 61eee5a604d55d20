"""How each channel stands: well, in trouble, silent or quiet, with what waits and what could not be delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch import pacing
from dispatch.message_words import explained
from dispatch.models import Channel, OutboxMessage
from dispatch.outbox import DEAD
from grids.models import Ability
from grids.modes import orders_in_force
from grids.posts import area_filter, posts_with
from grids.rules import lies_in

State = OutboxMessage.State


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel for the page. `tone` is one of the plain tones of `_status.html`."""

    channel: Channel
    code: str
    tone: str
    words: Promise
    why: Promise | str = ""
    until: datetime | None = None
    waiting: int = 0
    failed: int = 0

    @property
    def is_pressing(self) -> bool:
        """Whether somebody has to do something: a mute passes by itself."""
        return self.code == "trouble" or self.failed > 0


def visible_messages(user: User) -> QuerySet[OutboxMessage]:
    """The messages about the user's streets; all of them for whoever configures the channels or serves the district."""
    streets = _streets_of(user)
    return OutboxMessage.objects.all() if streets is None else OutboxMessage.objects.filter(street__in=streets)


def visible_channels(user: User) -> QuerySet[Channel]:
    """The channels of the user's streets, or all; without their keys, which no page shows."""
    streets = _streets_of(user)
    channels = Channel.objects.defer("token", "secret", "mentions").select_related("street")
    return channels if streets is None else channels.filter(street__in=streets)


def _streets_of(user: User) -> set[int | None] | None:
    """The streets that the user reads the messages of; None: of all, and of the district."""
    posts = posts_with(user, Ability.CLOSE_OUT)
    if posts_with(user, Ability.CONFIGURE) or area_filter(posts) is None:
        return None
    # Of streets served as a whole: the ids of lower units name no street, and messages tell of all of it.
    return {post.unit_id for post in posts if post.unit}


def standings(channels: Iterable[Channel], at: datetime) -> list[Standing]:
    """How these channels stand, the pressing ones first; two queries, however many there are."""
    channels = list(channels)
    # Both states have few rows; counting what was sent would read the whole table.
    undone = OutboxMessage.objects.filter(channel__in=channels, state__in=(State.PENDING, State.FAILED)).order_by()
    counted = undone.values_list("channel").annotate(
        waiting=Count("pk", filter=Q(state=State.PENDING)), failed=Count("pk", filter=DEAD)
    )
    counts = {pk: (waiting, failed) for pk, waiting, failed in counted}
    emergencies = [order.unit for order in orders_in_force(at)]
    found = [_standing(channel, at, *counts.get(channel.pk, (0, 0)), emergencies) for channel in channels]
    return sorted(found, key=lambda each: (not each.is_pressing, each.channel.pk))


def _standing(channel: Channel, at: datetime, waiting: int, failed: int, emergencies: list) -> Standing:
    def stands(code: str, tone: str, words: Promise, **more: object) -> Standing:
        return Standing(channel, code, tone, words, waiting=waiting, failed=failed, **more)  # type: ignore[arg-type]

    if not channel.is_active:
        return stands("off", "idle", _("Not in use"))
    if channel.trouble:
        why = explained(channel.kind, channel.trouble) or channel.trouble
        return stands("trouble", "overdue", _("In trouble"), why=why)
    if muted := pacing.held_until(channel, at):
        return stands("muted", "soon", _("Muted until"), until=muted)
    is_emergency = any(channel.street is None or lies_in(channel.street, unit) for unit in emergencies)
    if (quiet := pacing.quiet_until(channel, at)) and not is_emergency:
        return stands("quiet", "waiting", _("Quiet until"), until=quiet)
    return stands("ok", "done", _("In order"))
