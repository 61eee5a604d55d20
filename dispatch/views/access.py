"""Who may open a page at all. Which rows it then shows is the selectors' business."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from accounts.requests import UserRequest
from grids.models import Ability
from grids.posts import abilities_of


def for_holders_of[**P](
    *abilities: Ability,
) -> Callable[[Callable[Concatenate[UserRequest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Log in first; then 403 unless one of today's posts gives one of `abilities`."""

    def decorate(view: Callable[Concatenate[UserRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: UserRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not abilities_of(request.user) & set(abilities):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
