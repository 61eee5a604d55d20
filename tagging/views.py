"""The model card, for whoever configures the tagger or works with what it says."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

import clock
from accounts.requests import UserRequest
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from tagging.card import card


@require_GET
@for_holders_of(Ability.CONFIGURE, Ability.DISPATCH)
def model_card(request: UserRequest) -> HttpResponse:
    at = clock.now()
    may_configure = Ability.CONFIGURE in abilities_of(request.user)
    return render(request, "tagging/card.html", {"card": card(at=at), "at": at, "may_configure": may_configure})
