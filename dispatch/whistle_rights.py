"""In whose name somebody acts on a whistle: the caller's side, the one who rates, the department that was called."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from dispatch.models import Whistle, WhistleParty
from grids.models import Ability, Post
from grids.posts import post_at_party, post_for, serves_party


def caller_post(user: User, whistle: Whistle, at: datetime) -> Post | None:
    """The post by which somebody stands on the caller's side: any that whistles for the unit."""
    return post_for(user, Ability.WHISTLE, whistle.unit, on=timezone.localdate(at))


def department_post(user: User, party: WhistleParty, at: datetime) -> Post | None:
    """The post by which somebody answers for the department."""
    return post_at_party(user, party.department, on=timezone.localdate(at))


def rater_post(user: User, party: WhistleParty, at: datetime) -> Post | None:
    """The post by which somebody rates: the caller's own, or one that whistles at exactly this unit.

    When the caller whistles for the unit no more, whoever does may rate, so that no whistle stays open for good. Who
    serves the department never rates it.
    """
    whistle, on = party.whistle, timezone.localdate(at)
    post = caller_post(user, whistle, at)
    if post is None or serves_party(user, party.department, on=on):
        return None
    is_own = user.pk == whistle.called_by_id or post_at_party(user, whistle.unit, Ability.WHISTLE, on=on) is not None
    return post if is_own or caller_post(whistle.called_by, whistle, at) is None else None
