"""Giving and ending posts. A post is never deleted: it says for good who served where, and in which role."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids import tree
from grids.models import Ability, Post, Role, Unit
from grids.posts import has_ability

# Who holds one of these changes what others may do or looks over their shoulder. Graded protection wants system,
# security and audit work apart, so such a role is passed on only by somebody who holds the same at the place.
GUARDED = (Ability.CONFIGURE, Ability.AUDIT, Ability.MANAGE_POSTS, Ability.MANAGE_TREE)


@transaction.atomic
def give_post(
    user: User,
    *,
    role: Role,
    unit: Unit,
    starts_on: date,
    actor: User | None,
    ends_on: date | None = None,
    employment: str = Post.Employment.FULL_TIME,
) -> Post:
    """Let `user` serve the unit in the role between two days, both included.

    Raises `Forbidden` when the actor may not give this role here, `Refused` when the post makes no sense or is held.
    """
    tree.lock_street(unit)  # nobody retires the unit meanwhile, and the same form sent twice finds the first one's post
    unit = Unit.objects.get(pk=unit.pk)
    if actor is not None:
        _check_giver(actor, user, role, unit)
    if not user.is_active:
        raise Refused(_("This account is switched off."), code="inactive", field="user")
    if not unit.is_live:
        raise Refused(_("%(name)s is retired and takes nobody in.") % {"name": unit.name}, code="retired")
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("The last day can't be before the first."), code="order", field="ends_on")
    overlapping = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        overlapping &= Q(starts_on__lte=ends_on)
    if Post.objects.filter(overlapping, user=user, role=role, unit=unit).exists():
        raise Refused(
            _("%(name)s holds this post here already in these days.") % {"name": user.name}, code="held", field="user"
        )
    return Post.objects.create(
        user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, employment=employment
    )


@transaction.atomic
def end_post(post: Post, *, last_day: date, actor: User | None) -> Post:
    """Let the post end with `last_day`. Ending it on the day on which it ends anyway changes nothing.

    Yesterday is the earliest last day: it ends the rights at once, and leaves the past as it was.
    """
    post = Post.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "role").get(pk=post.pk)
    if actor is not None and (post.unit is None or not has_ability(actor, Ability.MANAGE_POSTS, post.unit)):
        raise Forbidden(_("No post of yours lets you end posts here."), code="forbidden")
    if post.ends_on == last_day:
        return post
    if last_day < post.starts_on:
        raise Refused(_("The last day can't be before the first."), code="order", field="last_day")
    if last_day < clock.today() - timedelta(days=1):
        raise Refused(
            _("A post can't end in the past. Yesterday is the earliest last day."), code="past", field="last_day"
        )
    if post.ends_on is not None and post.ends_on < last_day:
        raise Refused(
            _("The post ends sooner already. Give a new one instead of prolonging it."),
            code="ended",
            field="last_day",
        )
    post.ends_on = last_day
    post.save(update_fields=["ends_on"])
    return post


def _check_giver(actor: User, user: User, role: Role, unit: Unit) -> None:
    if not has_ability(actor, Ability.MANAGE_POSTS, unit):
        raise Forbidden(_("No post of yours lets you give posts here."), code="forbidden")
    if actor.pk == user.pk:
        raise Refused(_("Nobody gives posts to themselves. Ask a colleague."), code="own", field="user")
    missing = [ability for ability in GUARDED if ability in role.abilities and not has_ability(actor, ability, unit)]
    if missing:
        raise Refused(
            _("This role may do what you may not: %(abilities)s. The system administrator gives it.")
            % {"abilities": ", ".join(str(Ability(ability).label) for ability in missing)},
            code="guarded",
            field="role",
        )
