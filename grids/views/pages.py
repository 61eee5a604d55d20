"""Looking at the tree: what lies where, how much, and who serves it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

import clock
from accounts.models import User
from accounts.requests import UserRequest
from grids import selectors
from grids.models import Ability, Kind, Unit, UnitChange
from grids.posts import has_ability
from grids.rules import CHILD_KINDS
from grids.standing_orders import around
from grids.views.access import manages_district, unit_or_404

Trail = list[tuple[str, str]]
MOST_CHANGES = 30
_TONES = {UnitChange.What.MADE: "done", UnitChange.What.RETIRED: "idle"}


@login_required
@require_GET
def tree(request: UserRequest) -> HttpResponse:
    """The user's own units, or what lies below one of them (`?at=CODE`), or what a search finds (`?q=`)."""
    text, code = _typed(request, "q"), _typed(request, "at")
    if text:
        context = _search(request.user, text)
    elif code:
        context = _below(request.user, unit_or_404(request.user, code))
    else:
        context = _tops(request.user)
    units = [branch.unit for branch in context["branches"]]
    return render(request, "grids/tree.html", context | {"text": text, "kinds": selectors.kinds_below(units)})


@login_required
@require_GET
def unit(request: UserRequest, code: str) -> HttpResponse:
    """One unit: facts, who serves it, what lies below, how it came to be so, and what the user may do about it."""
    shown = unit_or_404(request.user, code)
    below = list(selectors.children(shown, also_retired=True))
    live = [child for child in below if child.is_live]
    context = {
        "unit": shown,
        "today": clock.today(),
        "trail": trail_to(shown, request.user),
        "posts": selectors.with_absence(selectors.posts_at(shown)),
        "orders": around([shown], clock.now()),
        "branches": selectors.branches(live),
        "kinds": selectors.kinds_below(live),
        "retired": [child for child in below if not child.is_live],
        "history": [_event(change) for change in selectors.changes_of(shown)[:MOST_CHANGES]],
        "successions": selectors.successions_of(shown),
        "may": _may(request.user, shown),
    }
    return render(request, "grids/unit.html", context)


def trail_to(unit: Unit, user: User, *, in_tree: bool = False) -> Trail:
    """The line from the street down to the unit, leading to the units' pages or down the tree.

    What lies above the user's own area is named but leads nowhere.
    """
    address = _tree_url if in_tree else _unit_url
    above = [(step.name, address(step) if is_own else "") for step, is_own in selectors.line_above(unit, user)]
    return [*above, (unit.name, address(unit))]


def _unit_url(unit: Unit) -> str:
    return reverse("grids:unit", args=[unit.code])


def _tree_url(unit: Unit) -> str:
    return f"{reverse('grids:tree')}?at={unit.code}"


def _typed(request: UserRequest, name: str) -> str:
    """A parameter of the address; the database takes no NUL."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:60]


def _tops(user: User) -> dict[str, Any]:
    return {"branches": selectors.branches(selectors.home_units(user)), "may_add_street": manages_district(user)}


def _below(user: User, unit: Unit) -> dict[str, Any]:
    trail = trail_to(unit, user, in_tree=True)
    return {"unit": unit, "trail": trail, "branches": selectors.branches(selectors.children(unit))}


def _search(user: User, text: str) -> dict[str, Any]:
    found = list(selectors.search(user, text))
    return {"branches": selectors.branches(found), "is_cut": len(found) == selectors.MOST_FOUND}


def _may(user: User, unit: Unit) -> dict[str, bool]:
    """The acts that make sense for the unit as it stands and that the user may do."""
    manages = unit.is_live and has_ability(user, Ability.MANAGE_TREE, unit)
    is_door = unit.kind == Kind.HOUSEHOLD
    return {
        "add": manages and bool(CHILD_KINDS[unit.kind]),
        "change": manages,
        "move": manages and unit.kind != Kind.STREET,
        "posts": has_ability(user, Ability.MANAGE_POSTS, unit),
        "board": not is_door and has_ability(user, Ability.SEE_BOARD, unit),
        "mode": unit.is_live and not is_door and has_ability(user, Ability.ORDER_MODE, unit),
        "household": is_door and has_ability(user, Ability.SEE_REGISTER, unit),
        "households": not is_door and has_ability(user, Ability.SEE_REGISTER, unit),
        "whistle": unit.is_live and not is_door and has_ability(user, Ability.WHISTLE, unit),
        "supervise": unit.is_live and not is_door and has_ability(user, Ability.SUPERVISE, unit),
        "add_household": unit.is_live
        and unit.kind == Kind.MICRO_GRID
        and has_ability(user, Ability.EDIT_REGISTER, unit),
    }


def _event(change: UnitChange) -> dict[str, Any]:
    """One change as the timeline shows it."""
    return {
        "at": change.at,
        "title": change.get_what_display(),
        "tone": _TONES.get(UnitChange.What(change.what), "running"),
        "actor": change.actor or _("the system"),
        "note": "\n".join([change.reason, *_differences(change)]),
    }


def _differences(change: UnitChange) -> list[str]:
    labels = {
        "name": pgettext("of a unit", "Name"),
        "form": _("Form"),
        "use": _("Use"),
        "responsible_org": _("Responsible organisation"),
        "parent": _("Belongs to"),
    }
    return [
        _("%(fact)s: %(before)s → %(after)s")
        % {"fact": labels[fact], "before": _said(fact, before), "after": _said(fact, change.after.get(fact, ""))}
        for fact, before in change.before.items()
        if fact in labels
    ]


def _said(fact: str, value: str) -> str:
    """A value of the history in the reader's words."""
    if fact in ("form", "use") and value:
        return str(dict(Unit._meta.get_field(fact).flatchoices).get(value, value))
    return value or _("none")
