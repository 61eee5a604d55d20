"""“Know your grid” (应知应会): what whoever serves a unit should know by heart, on one screen and one sheet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import clock
from accounts.requests import UserRequest
from grids.models import Ability, Unit
from grids.posts import current, has_ability
from grids.selectors import posts_at
from grids.views.access import for_holders_of
from households.figures import assets_of, figures_of
from households.models import TagKind
from households.registers.organisations import open_organisations
from households.registers.resources import resources_at_hand
from households.views.areas import area_with
from households.views.registers import scope_for

MOST_LISTED = 6


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_safe
def sheet(request: UserRequest, code: str) -> HttpResponse:
    """The sheet of one unit."""
    unit = area_with(request.user, code, Ability.SEE_REGISTER)
    scope = scope_for(request.user, unit)
    figures = figures_of(unit, on=scope.on)
    organisations = open_organisations(scope).order_by("-is_key", "name", "pk")
    context = {
        "at": clock.now(),
        "unit": unit,
        "figures": figures,
        "may_board": has_ability(request.user, Ability.SEE_BOARD, unit),
        "assets": assets_of(unit, on=scope.on),
        "posts": current(posts_at(unit), scope.on),
        "above": _serving_above(unit),
        "kinds": [
            (kind, figures.by_kind[kind.code]) for kind in TagKind.objects.all() if figures.by_kind.get(kind.code)
        ],
        "organisations": organisations.only("name", "kind", "hazards")[:MOST_LISTED],
        "resources": resources_at_hand(scope).order_by("kind", "name").defer("contact_phone")[:MOST_LISTED],
    }
    return render(request, "households/sheets/sheet.html", context)


def _serving_above(unit: Unit) -> list[tuple[Unit, list[str]]]:
    """Who to turn to: the units of the line above, down to the grid, with the names of who serves them."""
    line = [step for step in unit.path[1:-1] if step.kind in ("community", "grid")]
    return [(step, [f"{post.user.name} ({post.role})" for post in current(posts_at(step))][:3]) for step in line]
