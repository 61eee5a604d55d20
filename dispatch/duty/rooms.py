"""The command rooms: who belongs to one, and who may plan for it."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Forbidden
from accounts.models import User
from grids.models import Ability, Kind, Post, Unit
from grids.posts import current, has_ability, posts_of, posts_with

Room = Unit | None
"""A street, or None for the district centre."""


def rooms_of(user: User) -> list[Room]:
    """The rooms that the user belongs to by a post of today."""
    posts = posts_with(user, Ability.DISPATCH)
    streets = {post.unit.pk: post.unit for post in posts if post.unit and post.unit.kind == Kind.STREET}
    return [*([None] if any(post.district_id for post in posts) else []), *streets.values()]


def members_of(room: Room, on: date | None = None) -> QuerySet[User]:
    """Who may be on duty there on a day: the holders of a dispatching post of exactly that place."""
    posts = Post.objects.filter(role__abilities__contains=[Ability.DISPATCH])
    posts = posts.filter(district__isnull=False) if room is None else posts.filter(unit=room)
    return User.objects.filter(pk__in=current(posts, on).values("user"), is_active=True).order_by("pk")


def belongs_to(user: User, room: Room, on: date | None = None) -> bool:
    """True when the user holds a dispatching post of exactly that room on that day."""
    for post in posts_of(user, on):
        if Ability.DISPATCH in post.role.abilities and (post.unit_id == room.pk if room else post.district_id):
            return True
    return False


def may_plan(user: User, room: Room) -> bool:
    """The room itself, and the district centre for its streets."""
    return belongs_to(user, None) if room is None else has_ability(user, Ability.DISPATCH, room)


def check_belongs(actor: User, room: Room, on: date) -> None:
    """Raise `Forbidden` unless the actor works in this room on that day."""
    if not belongs_to(actor, room, on):
        raise Forbidden(_("Only who works in this command room does that."), code="who")


def check_plans(actor: User, room: Room) -> None:
    """Raise `Forbidden` unless the actor may plan the roster of this room."""
    if not may_plan(actor, room):
        raise Forbidden(_("No post of yours lets you plan the shifts of this room."), code="who")
