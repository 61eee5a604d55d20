"""The area that a register is shown or exported for, and who may see it."""

from django.db.models import Q

from accounts.models import User
from grids.models import Ability, Kind, Unit
from grids.posts import covers, posts_of
from grids.rules import OWN_COLUMN

Area = Unit | None
"""A unit with everything below it; None for the whole district."""


def may(user: User, ability: Ability, area: Area) -> bool:
    """True when one of today's posts gives the user the ability over the whole area."""
    for post in posts_of(user):
        if ability in post.role.abilities and (post.district_id if area is None else covers(post, area)):
            return True
    return False


def home_area(user: User, ability: Ability) -> tuple[bool, Area]:
    """Whether the user has the ability anywhere, and the area of the first post that gives it."""
    for post in posts_of(user):
        if ability in post.role.abilities and (post.district_id or post.unit_id):
            return True, post.unit
    return False, None


def within(area: Area, unit: str = "unit__") -> Q:
    """Everything in the area, by the ancestor columns. `unit` leads to the unit from the model that is filtered.

    The tree's number stands beside the column so that lists in the order of the tree are read from its index.
    """
    if area is None:
        return Q()
    tree = Q(**{f"{unit}tree_id": area.tree_id})
    if area.kind == Kind.AREA:  # has no column of its own
        below = Unit.objects.filter(
            tree_id=area.tree_id, lft__gt=area.lft, rght__lt=area.rght, kind=Kind.COMMUNITY
        ).values("pk")
        return tree & Q(**{f"{unit}community_id__in": below})
    column = OWN_COLUMN.get(area.kind)
    return tree & Q(**{f"{unit}{column}": area.pk} if column else {f"{unit.removesuffix('__')}": area.pk})


def in_order(unit: str = "unit__") -> tuple[str, str]:
    """The order of the tree."""
    return (f"{unit}tree_id", f"{unit}lft")
