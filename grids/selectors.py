"""Which units, in which order, for whom."""

from django.db.models import QuerySet

from accounts.models import User
from grids.models import Unit
from grids.posts import area_filter, posts_of


def visible_to(user: User) -> QuerySet[Unit]:
    """The units that a user may see: the subtrees of today's posts, and the street of a department's post."""
    posts = posts_of(user)
    where = area_filter(posts)
    if where is None:
        return Unit.objects.all()
    streets = {post.department.street_id for post in posts if post.department and post.department.street_id}
    if any(post.department and post.department.street_id is None for post in posts):
        return Unit.objects.all()
    return (
        Unit.objects.filter(where)
        if not streets
        else Unit.objects.filter(where) | Unit.objects.filter(street__in=streets)
    )
