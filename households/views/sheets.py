"""“Know your grid” (应知应会): what whoever serves a unit should know by heart, on one screen and one sheet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import clock
from accounts.requests import UserRequest
from accounts.together import ALL, PERSON, Rows, fetch_together
from grids.models import Ability, Kind, Post, Unit
from grids.posts import current, has_ability
from grids.views.access import for_holders_of
from households.figures import assets_of, figures_of
from households.models import TagKind
from households.registers.columns import Scope
from households.registers.organisations import open_organisations
from households.registers.resources import resources_at_hand
from households.views.areas import area_with
from households.views.registers import scope_for

MOST_LISTED = 6
MOST_NAMED = 3


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_safe
def sheet(request: UserRequest, code: str) -> HttpResponse:
    """The sheet of one unit."""
    unit = area_with(request.user, code, Ability.SEE_REGISTER)
    scope = scope_for(request.user, unit)
    figures = figures_of(unit, on=scope.on)
    line = [step for step in unit.path[1:-1] if step.kind in (Kind.COMMUNITY, Kind.GRID)]
    known = fetch_together(unit, _rows_of([unit, *line], scope))
    context = {
        "at": clock.now(),
        "unit": unit,
        "figures": figures,
        "may_board": has_ability(request.user, Ability.SEE_BOARD, unit),
        "assets": assets_of(unit, on=scope.on),
        "posts": [post for post in known["posts"] if post.unit_id == unit.pk],
        "above": [(step, _names(known["posts"], step)) for step in line],
        "kinds": [(kind, figures.by_kind[kind.code]) for kind in known["kinds"] if figures.by_kind.get(kind.code)],
        "organisations": known["organisations"],
        "resources": known["resources"],
    }
    return render(request, "households/sheets/sheet.html", context)


def _rows_of(units: list[Unit], scope: Scope) -> dict[str, Rows]:
    """Who serves the unit and, to turn to, those above it down to the grid; and what the sheet lists."""
    posts = current(Post.objects.filter(unit__in=units), scope.on).order_by("role_id", "starts_on", "pk")
    organisations = open_organisations(scope).order_by("-is_key", "name", "pk")
    resources = resources_at_hand(scope).order_by("kind", "name", "pk")
    return {
        "posts": Rows(posts, along={"user": (*PERSON, "phone"), "role": ALL}),
        "kinds": Rows(TagKind.objects.all()),
        "organisations": Rows(organisations[:MOST_LISTED], ("id", "name", "kind", "hazards")),
        "resources": Rows(resources[:MOST_LISTED], ("id", "name", "quantity", "measure", "place")),
    }


def _names(posts: list[Post], unit: Unit) -> list[str]:
    shown = [post for post in posts if post.unit_id == unit.pk][:MOST_NAMED]
    return [_("%(name)s (%(word)s)") % {"name": post.user.name, "word": post.role} for post in shown]
