"""The model card, for whoever configures the tagger or works with what it says."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

import clock
from accounts.requests import UserRequest
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from tagging import card_sheet
from tagging.card import card

_READS = for_holders_of(Ability.CONFIGURE, Ability.DISPATCH)
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@_READS
def model_card(request: UserRequest) -> HttpResponse:
    at = clock.now()
    may_configure = Ability.CONFIGURE in abilities_of(request.user)
    return render(request, "tagging/card.html", {"card": card(at=at), "at": at, "may_configure": may_configure})


@require_GET
@_READS
def model_card_file(request: UserRequest) -> HttpResponse:
    """The card's tables as a workbook."""
    at = clock.now()
    name = f"tagger-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    return HttpResponse(
        card_sheet.write(card(at=at, most=None), at),
        content_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
