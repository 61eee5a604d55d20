"""Who serves what today, and what that lets them do. Every right in the product is decided here."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

import clock
from accounts.models import User
from grids.catalogue import english_names
from grids.models import Ability, Department, District, Kind, Post, Unit
from grids.models.unit import localized
from grids.rules import lies_in

_CACHE = "_own_posts"


def current(posts: QuerySet[Post], on: date | None = None) -> QuerySet[Post]:
    """The posts of `posts` that are held on that day (today unless told)."""
    on = on or clock.today()
    return posts.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


def posts_of(user: User, on: date | None = None) -> list[Post]:
    """The posts that a user holds on a day, the oldest first; asked of the database once per user object."""
    if not user.is_authenticated or not user.is_active:
        return []
    on = on or clock.today()
    if _CACHE not in user.__dict__:
        related = ("role", "unit__street", "department", "department__street", "district")
        user.__dict__[_CACHE] = list(Post.objects.filter(user=user).select_related(*related).order_by("pk"))
    held: list[Post] = user.__dict__[_CACHE]
    return [post for post in held if post.starts_on <= on and (post.ends_on is None or on <= post.ends_on)]


def covers(post: Post, unit: Unit) -> bool:
    """True when the post's place is the unit or lies above it."""
    if post.district_id:
        return post.district_id == unit.district_id
    return post.unit is not None and lies_in(unit, post.unit)


def post_for(user: User, ability: Ability, unit: Unit | None = None, *, on: date | None = None) -> Post | None:
    """The post that gives `user` the ability over `unit`; over any place at all when no unit is named."""
    for post in posts_of(user, on):
        if ability in post.role.abilities and (unit is None or covers(post, unit)):
            return post
    return None


def has_ability(user: User, ability: Ability, unit: Unit | None = None) -> bool:
    return post_for(user, ability, unit) is not None


def has_ability_at(user: User, ability: Ability, place: Unit | Department | District) -> bool:
    """The ability over what a post serves: a unit, the street of a department, or the whole district."""
    unit = place.street if isinstance(place, Department) else place
    if isinstance(unit, Unit):
        return has_ability(user, ability, unit)
    return any(post.district_id and ability in post.role.abilities for post in posts_of(user))


def posts_with(user: User, ability: Ability) -> list[Post]:
    """Those of today's posts that give the ability."""
    return [post for post in posts_of(user) if ability in post.role.abilities]


def abilities_of(user: User) -> set[str]:
    """Everything that the user may do somewhere, for menus."""
    return {ability for post in posts_of(user) for ability in post.role.abilities}


def post_at_party(
    user: User, party: Department | Unit, ability: Ability = Ability.HANDLE, *, on: date | None = None
) -> Post | None:
    """The user's post with the ability at exactly this department or unit."""
    for post in posts_of(user, on):
        served = post.department_id if isinstance(party, Department) else post.unit_id
        if served == party.pk and ability in post.role.abilities:
            return post
    return None


def serves_party(user: User, party: Department | Unit, *, on: date | None = None) -> bool:
    """True when the user holds any post at this department or unit, whatever the role."""
    if isinstance(party, Department):
        return any(post.department_id == party.pk for post in posts_of(user, on))
    return any(post.unit_id == party.pk for post in posts_of(user, on))


def places_of(user: User, *abilities: Ability, on: date | None = None) -> list[Unit] | None:
    """Where the user works: the units of the posts and the streets of the departments; None for the whole district.

    With `abilities`: of the posts that give one of them.
    """
    places = []
    for post in posts_of(user, on):
        if abilities and not set(abilities) & set(post.role.abilities):
            continue
        place = post.unit or (post.department.street if post.department else None)
        if place is None:
            return None
        places.append(place)
    return places


def area_filter(posts: Iterable[Post], *, own: str = "pk") -> Q | None:
    """The places of `posts` as a filter over ancestor columns; None when the posts cover the whole district.

    `own` is the column that names a door itself: the key of a unit, the `unit_id` of an incident. A post at a
    department covers no place.
    """
    wanted = Q(pk__in=[])
    for post in posts:
        if post.district_id:
            return None
        if post.unit is None:
            continue
        wanted |= _subtree(post.unit, own)
    return wanted


def _subtree(unit: Unit, own: str) -> Q:
    if unit.kind in {Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID}:
        return Q(**{f"{unit.kind}_id": unit.pk})
    if unit.kind == Kind.AREA:
        communities = Unit.objects.filter(
            tree_id=unit.tree_id, lft__gt=unit.lft, rght__lt=unit.rght, kind=Kind.COMMUNITY
        )
        return Q(community_id__in=communities.values("pk"))
    return Q(**{own: unit.pk})


def label(post: Post) -> str:
    """A post in words for the history, in Chinese: it is copied as the record of the day."""
    return f"{post.serves.name} {post.role.name}"


def label_said(recorded: str) -> str:
    """What `label` recorded, in the language of the reader: names of places stay, and those that a deployment has
    given its own roles and departments stay as they were that day."""
    place, _space, role = recorded.rpartition(" ")
    return " ".join(localized(part, english_names().get(part, "")) for part in (place, role) if part)


def serving(unit: Unit, ability: Ability, on: date | None = None) -> QuerySet[Post]:
    """Who serves exactly this unit with the ability on a day."""
    held = current(Post.objects.filter(unit=unit, role__abilities__contains=[ability]), on)
    return held.select_related("user", "role")
