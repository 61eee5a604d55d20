"""The front door: each user's own first page, and on a phone the list of all places."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import UserRequest
from governance.navigation import FIELD_WORK, LEADS, PARTY, marks_of
from grids.models import Ability
from grids.posts import posts_of

FIRST_PAGES: Final = (
    (Ability.DISPATCH, "dispatch:queue"),
    (PARTY, "dispatch:tasks"),
    (FIELD_WORK, "dispatch:today"),
    (Ability.CONFIGURE, "admin:index"),
    (Ability.AUDIT, "auditing:log"),
    (Ability.LOAD_REGISTER, "households:loads"),
    (Ability.MANAGE_TREE, "grids:tree"),
    (Ability.VERIFY, "dispatch:verify"),
    (LEADS, "dispatch:leader"),
    (Ability.SEE_BOARD, "dispatch:board"),
)
"""The first that fits: what waits for somebody comes before what is only looked at."""


@login_required
def home(request: UserRequest) -> HttpResponse:
    """Lead to the first page of the user's work; who has none sees the profile, with the reason."""
    marks = marks_of(request.user)
    for mark, page in FIRST_PAGES:
        if mark in marks:
            return redirect(page)
    messages.info(request, _why_nothing(request.user))
    return redirect("accounts:profile")


@login_required
def places(request: UserRequest) -> HttpResponse:
    """Every place of the menu on one page, for phones, where the bar has room for five."""
    return render(request, "governance/places.html")


def _why_nothing(user: User) -> str:
    if posts_of(user):
        return _("Your post has no daily pages: it doesn't see incidents. Your profile is here.")
    return _("You hold no post today, so there is nothing to show. Ask whoever looks after the posts of your unit.")
