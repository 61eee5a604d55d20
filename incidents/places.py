"""Where somebody may report: the communities and grids of their posts, in the order of the tree."""

from django.db.models import Q, QuerySet

from accounts.models import User
from grids.models import Ability, Kind, Post, Unit
from grids.posts import area_filter, posts_with

_WITHIN_COMMUNITY = (Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID)


def reporting_posts(user: User) -> list[Post]:
    """Today's posts that let the user report."""
    return posts_with(user, Ability.REPORT)


def communities_for(user: User) -> QuerySet[Unit]:
    """The live communities that the user's posts cover or lie in, street by street."""
    posts = reporting_posts(user)
    where = area_filter(posts)
    communities = Unit.objects.filter(kind=Kind.COMMUNITY, retired_at=None)
    if where is not None:
        above = [post.unit.community_id for post in posts if post.unit and post.unit.community_id]
        communities = communities.filter(where | Q(pk__in=above))
    return communities.select_related("street").order_by("code")


def places_for(user: User, community: Unit) -> QuerySet[Unit]:
    """Where in one community the user may report: the community itself, its grids, its micro-grids."""
    where = area_filter(reporting_posts(user))
    units = Unit.objects.filter(community=community, kind__in=_WITHIN_COMMUNITY, retired_at=None)
    if where is not None:
        units = units.filter(where)
    return units.select_related("street", "community", "grid", "micro_grid").order_by("code")


def own_unit(user: User) -> Unit | None:
    """Where the user is at home: the community, grid or micro-grid of the first post that has one."""
    units = [post.unit for post in reporting_posts(user) if post.unit is not None]
    return next((unit for unit in units if unit.kind in _WITHIN_COMMUNITY), None)
