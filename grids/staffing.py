"""Giving and ending posts. A post is never deleted: it says for good who served where, and in which role."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids import tree
from grids.models import Ability, Department, District, Post, Role, Unit
from grids.posts import has_ability_at

Place = Unit | Department | District

# A role with one of these changes what others may do, or looks over their shoulders. Who passes it on must hold, over
# the same place, the ability on the right: otherwise a street's register administrator could make anybody the system
# administrator. An auditor is appointed by the system administrator, who can't be one: nobody appoints themselves.
GUARDED = {
    Ability.CONFIGURE: Ability.CONFIGURE,
    Ability.AUDIT: Ability.CONFIGURE,
    Ability.MANAGE_POSTS: Ability.MANAGE_POSTS,
    Ability.MANAGE_TREE: Ability.MANAGE_TREE,
}


@transaction.atomic
def give_post(
    user: User,
    *,
    role: Role,
    place: Place,
    starts_on: date,
    actor: User | None,
    ends_on: date | None = None,
    employment: str = Post.Employment.FULL_TIME,
) -> Post:
    """Let `user` serve the place in the role between two days, both included. Raises as `check_post`."""
    if isinstance(place, Unit):
        tree.lock_street(place)  # nobody retires the unit meanwhile
        place = Unit.objects.get(pk=place.pk)
    # The row of the person is the lock: the same form sent twice finds the first one's post.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    check_post(user, role=role, place=place, starts_on=starts_on, ends_on=ends_on, actor=actor)
    return Post.objects.create(
        user=user,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        employment=employment,
        given_by=actor,
        **_serving(place),
    )


def check_post(
    user: User, *, role: Role, place: Place, starts_on: date, ends_on: date | None, actor: User | None
) -> None:
    """Raise `Forbidden` when the actor may not give this role here, `Refused` when it makes no sense or is held."""
    if actor is not None:
        _check_giver(actor, user, role, place)
    if not user.is_active:
        raise Refused(_("This account is switched off."), code="inactive", field="user")
    if isinstance(place, Unit) and not place.is_live:
        raise Refused(_("%(name)s is retired and takes nobody in.") % {"name": place.name}, code="retired")
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("The last day can't be before the first."), code="order", field="ends_on")
    overlapping = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    if ends_on is not None:
        overlapping &= Q(starts_on__lte=ends_on)
    if Post.objects.filter(overlapping, user=user, role=role, **_serving(place)).exists():
        raise Refused(
            _("%(name)s holds this post here already in these days.") % {"name": user.name}, code="held", field="user"
        )


@transaction.atomic
def end_post(post: Post, *, last_day: date, actor: User | None) -> Post:
    """Let the post end with `last_day`. Ending it on the day on which it ends anyway changes nothing.

    Raises as `check_end`.
    """
    rows = Post.objects.select_related("user", "role", "unit", "department__street", "district")
    post = rows.select_for_update(of=("self",), no_key=True).get(pk=post.pk)
    if post.ends_on == last_day:
        return post
    check_end(post, last_day=last_day, actor=actor)
    post.ends_on, post.ended_by = last_day, actor
    post.save(update_fields=["ends_on", "ended_by"])
    return post


def check_end(post: Post, *, last_day: date, actor: User | None) -> None:
    """Raise `Forbidden` when the actor may end no post here, `Refused` when the day would rewrite what was.

    Yesterday is the earliest last day: it ends the rights at once, and leaves the past as it was.
    """
    if actor is not None and not has_ability_at(actor, Ability.MANAGE_POSTS, post.serves):
        raise Forbidden(_("No post of yours lets you end posts here."), code="forbidden")
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


def _check_giver(actor: User, user: User, role: Role, place: Place) -> None:
    if not has_ability_at(actor, Ability.MANAGE_POSTS, place):
        raise Forbidden(_("No post of yours lets you give posts here."), code="forbidden")
    if actor.pk == user.pk:
        raise Refused(_("Nobody gives posts to themselves. Ask a colleague."), code="own", field="user")
    guarded = [ability for ability in GUARDED if ability in role.abilities]
    missing = [ability.label for ability in guarded if not has_ability_at(actor, GUARDED[ability], place)]
    if missing:
        raise Refused(
            _("This role may do what you may not: %(abilities)s. The system administrator gives it.")
            % {"abilities": pgettext("between the items of a list", ", ").join(map(str, missing))},
            code="guarded",
            field="role",
        )


def _serving(place: Place) -> dict[str, Place]:
    names = {Unit: "unit", Department: "department", District: "district"}
    return {names[type(place)]: place}
