"""The four registers on the screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import clock
from accounts.models import User
from accounts.paging import counted_page
from accounts.requests import UserRequest
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from households.figures import assets_of, figures_of, figures_of_all
from households.models import ExportRequest, TagKind
from households.registers import REGISTERS
from households.registers.areas import Area, may
from households.registers.columns import Register, Scope, cells
from households.uscc import doubts_about
from households.views.areas import place_of

Code = ExportRequest.Register


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_safe
def overview(request: UserRequest) -> HttpResponse:
    """The four registers of a unit with how much stands in each, and its figures."""
    place = place_of(request)
    figures, assets = figures_of(place.area), assets_of(place.area)
    below = figures_of_all(place.below)
    counts = {
        Code.RESIDENTS: figures.residents,
        Code.KEY_PEOPLE: figures.key_people,
        Code.ORGANISATIONS: assets.organisations,
        Code.RESOURCES: assets.resources,
    }
    context = {
        "at": clock.now(),
        "place": place,
        "trail": place.trail,
        "registers": [(register, counts[Code(code)]) for code, register in REGISTERS.items()],
        "figures": figures,
        "below": [(unit, below[unit.pk]) for unit in place.below],
        "may": _may(request.user, place.area),
    }
    return render(request, "households/registers/overview.html", context)


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_safe
def listing(request: UserRequest, register: str) -> HttpResponse:
    """One register, page by page, of one unit and perhaps one kind (`?kind=`)."""
    shown = REGISTERS.get(register)
    if shown is None:
        raise Http404
    place = place_of(request)
    kinds = [(value, str(label)) for value, label in shown.kinds()]
    kind = request.GET.get("kind", "")
    scope = scope_for(request.user, place.area, kind if kind in dict(kinds) else "")
    values = shown.values(scope, shown.page_columns)
    page = counted_page(request, values, _count(shown, scope))
    context: dict[str, Any] = {
        "at": clock.now(),
        "register": shown,
        "place": place,
        "trail": place.trail,
        "kinds": kinds,
        "kind": scope.kind,
        "page": page,
        "lines": list(_lines(shown, scope, list(page.object_list), _may(request.user, place.area))),
        "may": _may(request.user, place.area),
        "import_url": _import_url(request.user, shown.code),
    }
    if shown.code == Code.KEY_PEOPLE:
        context["counts"] = _tag_counts(scope)
        context["sees_sensitive"] = scope.sees_sensitive
    return render(request, "households/registers/list.html", context)


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of the page: what stands over it, what stands in it, what it opens, what is odd about it."""

    header: str
    text: object
    url: str = ""
    doubt: str = ""
    is_title: bool = False


def _lines(
    register: Register, scope: Scope, rows: Sequence[Sequence[Any]], may_do: dict[str, bool]
) -> Iterator[list[Shown]]:
    """The rows of a page. The title opens the record: a person's for every reader, an organisation's for its keeper."""
    view, _path = register.record
    opens = may_do["edit"] or register.code in (Code.RESIDENTS, Code.KEY_PEOPLE)
    for row, texts in zip(rows, cells(register.page_columns, scope, rows), strict=True):
        yield [
            Shown(
                header=str(column.header),
                text=text.isoformat() if isinstance(text, date) else text,
                url=reverse(view, args=[row[0]]) if opens and column.key == "name" else "",
                doubt=doubts_about(str(text)) if column.key == "uscc" else "",
                is_title=column.key == "name",
            )
            for column, text in zip(register.page_columns, texts, strict=True)
        ]


def scope_for(user: User, area: Area, kind: str = "") -> Scope:
    """What this reader may see of the area today; numbers stay masked on the screen."""
    return Scope(
        area=area,
        on=clock.today(),
        kind=kind,
        sees_sensitive=may(user, Ability.SEE_SENSITIVE, area),
        names=may(user, Ability.EDIT_REGISTER, area) or may(user, Ability.REVEAL_NUMBERS, area),
    )


def _count(register: Register, scope: Scope) -> int:
    """People were counted for the figures of the area already; organisations and resources are few."""
    if register.code == Code.RESIDENTS:
        figures = figures_of(scope.area, on=scope.on)
        return int(getattr(figures, scope.kind) if scope.kind else figures.residents)
    if register.code == Code.KEY_PEOPLE:
        seen = [(kind, count) for kind, count in _tag_counts(scope) if scope.sees_sensitive or not kind.is_sensitive]
        return sum(count for kind, count in seen if scope.kind in ("", kind.code))
    return register.rows(scope).order_by().count()


def _tag_counts(scope: Scope) -> list[tuple[TagKind, int]]:
    """How many of each kind live in the area, the sensitive kinds too: a number names nobody."""
    by_kind = figures_of(scope.area, on=scope.on).by_kind
    return [(kind, by_kind.get(kind.code, 0)) for kind in TagKind.objects.filter(is_active=True)]


def _import_url(user: User, register: str) -> str:
    """Where a whole file of organisations or resources comes in."""
    screens = {Code.ORGANISATIONS: "organisation", Code.RESOURCES: "resource"}
    if Ability.LOAD_REGISTER not in abilities_of(user) or Code(register) not in screens:
        return ""
    return reverse(f"admin:households_{screens[Code(register)]}_import")


def _may(user: User, area: Area) -> dict[str, bool]:
    return {
        "edit": may(user, Ability.EDIT_REGISTER, area),
        "export": may(user, Ability.EXPORT_REGISTER, area),
    }
