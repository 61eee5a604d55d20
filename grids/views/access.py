"""Who may open a page at all, and which unit for what. Which rows a page then shows is the selectors' business."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import UserRequest
from grids.models import Ability, Unit
from grids.posts import abilities_of, has_ability, posts_of
from grids.selectors import visible_to, with_line


def for_holders_of[**P](
    *abilities: Ability,
) -> Callable[[Callable[Concatenate[UserRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Log in first; then 403 unless one of today's posts gives one of `abilities`."""

    def decorate(view: Callable[Concatenate[UserRequest, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def guarded(request: UserRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not abilities_of(request.user) & set(abilities):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def unit_or_404(user: User, code: str) -> Unit:
    """A unit that the user may see. A foreign one and a missing one answer alike."""
    unit = with_line(visible_to(user)).filter(code=code).first()
    if unit is None:
        raise Http404
    return unit


def manages_district(user: User) -> bool:
    """True for who may add streets: who manages the tree of the whole district."""
    return any(post.district_id and Ability.MANAGE_TREE in post.role.abilities for post in posts_of(user))


def unit_for(user: User, code: str, ability: Ability) -> Unit:
    """A unit over which the user has the ability; 403 when they may see it only."""
    unit = unit_or_404(user, code)
    if not has_ability(user, ability, unit):
        raise PermissionDenied(_("No post of yours lets you do this here."))
    return unit
