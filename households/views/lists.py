"""The households of an area, and the box that finds a household or a person."""

import secrets
from typing import Any, Final, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

import clock
from accounts.errors import Refused
from accounts.models import User
from accounts.requests import UserRequest
from accounts.sealing import SealBroken, seal, unseal
from grids.models import Ability, Kind
from grids.views.access import for_holders_of
from households import selectors
from households.filters import AgeGroup, Wanted
from households.models import Household, Resident, TagKind
from households.paging import Stretch, stretch
from households.registers.areas import may, within
from households.searching import LONGEST, households_found, people_found, understood
from households.views.areas import Place, place_of
from households.views.shown import Person, homes, person

HOUSEHOLD_ORDER: Final = ("unit__tree_id", "unit__lft")
RESIDENT_ORDER: Final = ("household__unit__tree_id", "household__unit__lft", "pk")
_SESSION_KEY: Final = "register_searches"
_MOST_KEPT: Final = 10


class Hidden(NamedTuple):
    """A sensitive kind was asked for by somebody who may know only how many there are."""

    kind: TagKind
    people: int


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_GET
def listing(request: UserRequest) -> HttpResponse:
    """The households of a unit (`?unit=CODE`), narrowed by the filters, in the order of the tree."""
    place, on = place_of(request), clock.today()
    wanted = _wanted(request)
    hidden = _hidden(request.user, place, wanted)
    page: Stretch[Household] = Stretch([])
    if hidden is None:
        among = Household.objects.filter(within(place.area)).select_related("unit__micro_grid", "unit__community")
        page = stretch(wanted.households(among, on), HOUSEHOLD_ORDER, request.GET.get("page", ""))
    context = {
        "place": place,
        "trail": place.trail,
        "at": clock.now(),
        "page": page,
        "homes": homes(page.rows, selectors.Rights(request.user), on, wanted),
        "wanted": wanted,
        "hidden": hidden,
        "tags": selectors.tag_kinds(),
        "residences": Resident.Residence.choices,
        "ages": AgeGroup.choices,
        "dwellings": Household.Dwelling.choices,
        "may_add": place.area is not None
        and place.area.kind == Kind.MICRO_GRID
        and may(request.user, Ability.EDIT_REGISTER, place.area),
    }
    return render(request, "households/list.html", context)


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_POST
def search(request: UserRequest) -> HttpResponse:
    """Keep what was typed, sealed, in the session under a token of chance, and lead to what it finds.

    So paging and going back work, and neither a name nor a number stands in any address or log.
    """
    kept = request.session.get(_SESSION_KEY, {})
    token = secrets.token_urlsafe(9)
    kept[token] = seal(request.POST.get("q", "").replace("\x00", "")[:LONGEST])
    request.session[_SESSION_KEY] = dict(list(kept.items())[-_MOST_KEPT:])
    return redirect(f"{reverse('households:found')}?s={token}")


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_GET
def found(request: UserRequest) -> HttpResponse:
    """What the search under `?s=` finds in the whole area of the user."""
    typed = _typed(request)
    if typed is None:
        return redirect("households:list")
    context: dict[str, Any] = {"text": typed, "refusal": ""}
    try:
        search = understood(typed)
    except Refused as refusal:
        return render(request, "households/found.html", context | {"refusal": refusal.message}, status=422)
    on, rights = clock.today(), selectors.Rights(request.user)
    doors = selectors.households_visible_to(request.user).select_related("unit__micro_grid", "unit__community")
    residents = selectors.residents_visible_to(request.user).select_related("household__unit__micro_grid")
    home_page = stretch(households_found(search, doors), HOUSEHOLD_ORDER, request.GET.get("homes", ""), name="homes")
    people_page = stretch(
        people_found(search, residents.prefetch_related(selectors.living_tags(on))),
        RESIDENT_ORDER,
        request.GET.get("people", ""),
        name="people",
    )
    context |= {
        "home_page": home_page,
        "homes": homes(home_page.rows, rights, on),
        "people_page": people_page,
        "people": [_found_person(resident, rights, on) for resident in people_page.rows],
    }
    return render(request, "households/found.html", context)


def _found_person(resident: Resident, rights: selectors.Rights, on: Any) -> Person:
    return person(resident, resident.household.unit, rights, on)


def _typed(request: UserRequest) -> str | None:
    """The text kept under the token; None for a token of nobody or of another session."""
    sealed = request.session.get(_SESSION_KEY, {}).get(request.GET.get("s", ""))
    if sealed is None:
        return None
    try:
        return unseal(sealed)
    except SealBroken:
        return None


def _wanted(request: UserRequest) -> Wanted:
    """The filters of the address; what isn't one of the choices is left out."""
    asked = request.GET
    tag = selectors.tag_kinds().filter(code=asked.get("tag", "").replace("\x00", "")).first()
    return Wanted(
        tag=tag,
        residence=asked.get("residence", "") if asked.get("residence") in Resident.Residence.values else "",
        age=asked.get("age", "") if asked.get("age") in AgeGroup.values else "",
        dwelling=asked.get("dwelling", "") if asked.get("dwelling") in Household.Dwelling.values else "",
        also_closed=asked.get("closed") == "on",
    )


def _hidden(user: User, place: Place, wanted: Wanted) -> Hidden | None:
    """Who may not know the bearers of a sensitive tag gets their number alone."""
    if wanted.tag is None or not wanted.tag.is_sensitive or may(user, Ability.SEE_SENSITIVE, place.area):
        return None
    bearers = Wanted(tag=wanted.tag).people(
        Resident.objects.filter(within(place.area, "household__unit__")), clock.today()
    )
    return Hidden(wanted.tag, bearers.count())
