"""Posts for pages of the app below: the profile lists them, but accounts knows nothing of posts."""

from django import template

from accounts.models import User
from grids.models import Post
from grids.posts import label_said, posts_of

register = template.Library()


@register.simple_tag
def posts_held(user: User) -> list[Post]:
    """The posts that the user holds today."""
    return posts_of(user)


register.filter("post_said", label_said)
