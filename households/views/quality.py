"""The data quality page: how much is missing or odd, and the records behind each number."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import clock
from accounts.masking import mask_name
from accounts.paging import ROWS, counted_page
from accounts.requests import UserRequest
from grids.models import Ability, Unit
from grids.selectors import with_line
from grids.views.access import for_holders_of
from households.figures import figures_of, figures_of_all
from households.models import Household, Resident
from households.quality import (
    MENDING,
    OF_PERSONS,
    OutOfSize,
    Problem,
    count_of,
    households_empty,
    persons_with,
    units_out_of_size,
)
from households.views.areas import Place, place_of
from households.views.registers import scope_for


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_safe
def quality(request: UserRequest) -> HttpResponse:
    """Every problem with its number, for one unit and for each that lies directly below it."""
    place = place_of(request)
    figures = figures_of(place.area)
    below = figures_of_all(place.below)
    shown = [problem for problem in Problem if problem != Problem.OUT_OF_SIZE]
    context = {
        "at": clock.now(),
        "place": place,
        "trail": place.trail,
        "problems": [(problem, count_of(problem, figures, place.area), MENDING[problem]) for problem in Problem],
        "columns": shown,
        "rows": [(unit, [(problem, getattr(below[unit.pk], problem)) for problem in shown]) for unit in place.below],
        "figures": figures,
    }
    return render(request, "households/quality/overview.html", context)


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_safe
def problem(request: UserRequest, problem: str) -> HttpResponse:
    """The records that have one problem, page by page."""
    if problem not in Problem.values:
        raise Http404
    found, place = Problem(problem), place_of(request)
    page = _page(request, found, place)
    context: dict[str, Any] = {
        "at": clock.now(),
        "place": place,
        "trail": place.trail,
        "problem": found,
        "mending": MENDING[found],
        "page": page,
        "is_of_persons": found in OF_PERSONS,
    }
    if context["is_of_persons"]:
        context["people"] = _people(request, place, list(page.object_list))
    elif found == Problem.OUT_OF_SIZE:
        context["units"] = _with_lines(list(page.object_list))
    return render(request, "households/quality/problem.html", context)


def _page(request: UserRequest, problem: Problem, place: Place) -> Page:
    if problem == Problem.OUT_OF_SIZE:
        return Paginator(units_out_of_size(place.area), ROWS).get_page(request.GET.get("page"))
    on = clock.today()
    count = count_of(problem, figures_of(place.area, on=on), place.area)
    if problem == Problem.EMPTY:
        homes = households_empty(place.area, on).select_related("unit__micro_grid", "unit__community")
        return counted_page(request, homes, count)
    people = persons_with(problem, place.area, on)
    related = ("household__unit__micro_grid", "household__unit__community")
    return counted_page(request, people.select_related("household", *related).defer("document_number", "phone"), count)


def _people(request: UserRequest, place: Place, people: Sequence[Resident]) -> list[tuple[Resident, Household, str]]:
    """Each with the household and the name as this reader may see it."""
    is_shown = scope_for(request.user, place.area).names
    return [(each, each.household, each.name if is_shown else mask_name(each.name)) for each in people]


def _with_lines(found: Sequence[OutOfSize]) -> list[tuple[OutOfSize, Unit]]:
    """Each with its unit as it is written out, the line above it loaded for one page only."""
    lines = with_line(Unit.objects.all()).in_bulk([each.unit.pk for each in found])
    return [(each, lines[each.unit.pk]) for each in found]
