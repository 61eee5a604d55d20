"""Who is away, and who stands in: so that what climbs the ladder reaches somebody (design, section 7).

A stand-in is told in place of the holder. The rights of the post don't pass: who stands in acts by posts of their own
(`docs/decisions/0015-stand-ins-are-told.md`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell
from accounts.models import User
from grids.models import Ability, Absence, Post
from grids.posts import current, has_ability_at


class Holder(NamedTuple):
    """Who is reached under a post on a day; nobody when `user` is None."""

    user: User | None
    stands_in: bool


def holder_at(post: Post, day: date) -> Holder:
    """Who is reached under the post on that day: its holder, or the stand-in when the holder is away."""
    return holders_at([post], day)[post.pk]


def holders_at(posts: Iterable[Post], day: date) -> dict[int, Holder]:
    """The same for many posts, by their keys; two queries, and the posts' users if they aren't loaded.

    Nobody is reached under a post that isn't held that day, whose account is switched off, or whose holder is away
    without a stand-in. A stand-in who is away as well reaches nobody either: the ladder goes on to the next rung.
    """
    posts = list(posts)
    away = {absence.post_id: absence for absence in absences_on(day).filter(post__in=posts)}
    stand_ins = [absence.stand_in_id for absence in away.values() if absence.stand_in_id]
    absent = set(absences_on(day).filter(post__user__in=stand_ins).values_list("post__user", flat=True))
    return {post.pk: _holder(post, away.get(post.pk), absent, day) for post in posts}


def absences_on(day: date) -> QuerySet[Absence]:
    """The absences that hold on a day. One that was cancelled on the way held until the day before that."""
    holds = Q(cancelled_at=None) | Q(cancelled_at__date__gt=day)
    return Absence.objects.filter(holds, starts_on__lte=day, ends_on__gte=day).select_related("stand_in")


def absences_of(posts: Iterable[Post], day: date) -> dict[int, list[Absence]]:
    """What is reported for these posts from that day on, by post, the next one first."""
    rows = Absence.objects.filter(post__in=list(posts), cancelled_at=None, ends_on__gte=day).select_related("stand_in")
    found: dict[int, list[Absence]] = {}
    for absence in rows.order_by("starts_on", "pk"):
        found.setdefault(absence.post_id, []).append(absence)
    return found


@transaction.atomic
def report_absence(
    post: Post,
    *,
    actor: User,
    starts_on: date,
    ends_on: date,
    stand_in: User | None = None,
    at: datetime | None = None,
) -> Absence:
    """Note that the holder of the post is away between two days, both included, and who stands in; tells the stand-in.

    The same report sent twice is one. Raises `Forbidden` when it is neither the actor's own post nor one that they
    manage, `Refused` when days or stand-in make no sense or an absence is noted for some of these days already.
    """
    at = at or clock.now()
    post = _locked(post)
    check_right(post, actor)
    if other := _overlapping(post, starts_on, ends_on):
        if (other.starts_on, other.ends_on, other.stand_in_id) == (
            starts_on,
            ends_on,
            stand_in.pk if stand_in else None,
        ):
            return other
        raise Refused(
            _("An absence is noted from %(first)s to %(last)s already. Cancel it first.")
            % {"first": other.starts_on, "last": other.ends_on},
            code="overlap",
            field="starts_on",
        )
    _check_days(post, starts_on, ends_on, timezone.localdate(at))
    if stand_in is not None:
        _check_stand_in(post, stand_in, starts_on, ends_on)
        said = gettext_lazy("You stand in for {person} ({post}) from {first} to {last}.")
        tell(stand_in, format_lazy(said, person=post.user.name, post=post, first=starts_on, last=ends_on), at=at)
    return Absence.objects.create(
        post=post, stand_in=stand_in, starts_on=starts_on, ends_on=ends_on, made_by=actor, made_at=at
    )


@transaction.atomic
def cancel_absence(absence: Absence, *, actor: User, at: datetime | None = None) -> Absence:
    """The holder is back, or doesn't go: from this day on the absence holds no longer. Cancelling twice is once.

    Raises `Forbidden` as `report_absence`, and `Refused` when the absence is over.
    """
    at = at or clock.now()
    post = _locked(absence.post)
    absence = Absence.objects.select_related("stand_in").get(pk=absence.pk)
    check_right(post, actor)
    if absence.cancelled_at is not None:
        return absence
    if absence.ends_on < timezone.localdate(at):
        raise Refused(_("This absence is over."), code="over")
    absence.cancelled_at = at
    absence.save(update_fields=["cancelled_at"])
    if absence.stand_in is not None:
        said = gettext_lazy("You need not stand in for {person} ({post}) any more.")
        tell(absence.stand_in, format_lazy(said, person=post.user.name, post=post), at=at)
    return absence


def stand_ins_for(post: Post, on: date) -> QuerySet[User]:
    """Who may stand in: active users with a post of that day in the same street; in the district for a post there."""
    street = _street_of(post)
    posts = Post.objects.filter(Q(district__isnull=False) | Q(department__isnull=False, department__street=None))
    if street is not None:
        posts = Post.objects.filter(Q(unit__street=street) | Q(department__street=street))
    users = User.objects.filter(is_active=True, pk__in=current(posts, on).values("user"))
    return users.exclude(pk=post.user_id).order_by("name", "username")


def check_right(post: Post, actor: User) -> None:
    """Raise `Forbidden` unless the post is the actor's own or lies where the actor manages posts."""
    if post.user_id != actor.pk and not has_ability_at(actor, Ability.MANAGE_POSTS, post.serves):
        raise Forbidden(_("No post of yours lets you note absences here."), code="forbidden")


def _holder(post: Post, absence: Absence | None, absent: set[int], day: date) -> Holder:
    if day < post.starts_on or (post.ends_on is not None and post.ends_on < day):
        return Holder(None, stands_in=False)
    if absence is None:
        return Holder(post.user if post.user.is_active else None, stands_in=False)
    stand_in = absence.stand_in
    if stand_in is None or not stand_in.is_active or stand_in.pk in absent:
        return Holder(None, stands_in=False)
    return Holder(stand_in, stands_in=True)


def _locked(post: Post) -> Post:
    """The post's row is the lock of its absences."""
    rows = Post.objects.select_related("user", "role", "unit", "department__street", "district")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=post.pk)


def _overlapping(post: Post, starts_on: date, ends_on: date) -> Absence | None:
    rows = Absence.objects.filter(post=post, cancelled_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
    return rows.order_by("starts_on").first()


def _check_days(post: Post, starts_on: date, ends_on: date, today: date) -> None:
    if ends_on < starts_on:
        raise Refused(_("The last day can't be before the first."), code="order", field="ends_on")
    if starts_on < today:
        raise Refused(_("An absence is noted from today on, not for days gone by."), code="past", field="starts_on")
    if ends_on < post.starts_on or (post.ends_on is not None and post.ends_on < starts_on):
        raise Refused(_("The post isn't held in these days."), code="not_held", field="starts_on")


def _check_stand_in(post: Post, stand_in: User, starts_on: date, ends_on: date) -> None:
    if not stand_ins_for(post, starts_on).filter(pk=stand_in.pk).exists():
        raise Refused(
            _("A stand-in is somebody else with an account in use and a post in the same sub-district."),
            code="stand_in",
            field="stand_in",
        )
    away = Absence.objects.filter(
        post__user=stand_in, cancelled_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).exists()
    if away:
        raise Refused(_("%(name)s is away in these days too.") % {"name": stand_in.name}, code="away", field="stand_in")


def _street_of(post: Post) -> int | None:
    """The street that a post belongs to; None for a post at the district or at a department of the district."""
    if post.unit is not None:
        return post.unit.street_id
    return post.department.street_id if post.department else None
