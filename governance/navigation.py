"""What the menu offers to the user of a page: only places that the user's posts open, with what waits there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.requests import UserRequest
from dispatch.overview.calls import CallNeed
from dispatch.overview.needs import Need, count_needs_once
from grids.models import Ability
from grids.posts import abilities_of, posts_of
from public.waiting import ResidentNeed

FIELD_WORK: Final = "field_work"
PARTY: Final = "party"
EXPLAINS: Final = "explains"
LEADS: Final = "leads"
"""Marks beside the abilities: reports from the street without a command room's desk; handles for a department; may be
asked about a close-out that others close; sees the board and gives commands without a desk of their own."""
MOST_ON_PHONE: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu. It opens for whoever has one of `open_to`; its badge counts what waits by `needs`."""

    url: str
    label: Promise
    icon: str
    open_to: frozenset[str]
    needs: frozenset[Need | CallNeed | ResidentNeed] = frozenset()
    also_at: frozenset[str] = frozenset()
    is_primary: bool = False


def _place(url: str, label: Promise, icon: str, *open_to: str, **more: Any) -> Place:
    sets: dict[str, Any] = {name: frozenset(more.pop(name, ())) for name in ("needs", "also_at")}
    return Place(url, label, icon, frozenset(open_to), **sets, **more)


_WORKING: Final = (
    Ability.REPORT,
    Ability.DISPATCH,
    Ability.HANDLE,
    Ability.VERIFY,
    Ability.EVALUATE,
    Ability.SEE_BOARD,
)
_HOLDING: Final = (Ability.HANDLE, Ability.DISPATCH, Ability.VERIFY)
"""By one of these somebody holds an incident (`dispatch.holding`)."""
_BOARD: Final = (
    "dispatch:board_unit",
    "dispatch:board_incidents",
    "dispatch:board_district_incidents",
    "dispatch:replay",
    "dispatch:replay_incidents",
)
_CLOSE_OUT: Final = (
    "dispatch:close_out_day",
    "dispatch:close_out_report",
    "dispatch:close_out_sheet",
    "dispatch:close_out_trend",
    "dispatch:close_out_line",
    "dispatch:to_explain",
)
_LOADING: Final = (
    "households:load",
    "households:load_columns",
    "households:load_places",
    "households:load_rows",
    "households:load_apply",
    "households:load_undo",
    "households:load_discard",
)
_REGISTER: Final = (
    *("households:found", "households:household", "households:history", "households:add", "households:correct"),
    *("households:move", "households:split", "households:merge", "households:close", "households:reveal_landlord"),
    *("households:resident", "households:resident_history", "households:add_resident", "households:correct_resident"),
    *("households:move_resident", "households:move_out", "households:move_back", "households:reveal"),
    *("households:tag", "households:end_tag"),
)
_LEDGERS: Final = (
    "households:register",
    "households:exports",
    "households:ask_export",
    "households:export",
    "households:quality",
    "households:quality_problem",
    "households:sheet",
    *("households:add_organisation", "households:organisation", "households:close_organisation"),
    *("households:add_resource", "households:resource", "households:withdraw_resource"),
)
_UNITS: Final = (
    *("grids:unit", "grids:add", "grids:add_street", "grids:edit", "grids:move", "grids:retire"),
    *("grids:give_post", "grids:end_post"),
)

_DUTY: Final = (
    "dispatch:handover",
    "dispatch:handovers",
    "dispatch:roster",
    "dispatch:roster_week",
    "dispatch:shift_swap",
)
_ORDERS: Final = (
    "modes:order",
    "modes:renew",
    "modes:end",
    "zones:list",
    "zones:choose",
    "zones:order",
    "zones:zone",
    "zones:end",
)
_COMMANDS: Final = (
    "dispatch:command",
    "dispatch:command_new",
    "dispatch:command_owing",
    "dispatch:command_withdraw",
)

_OVERVIEW: Final = (
    "dispatch:leader_unit",
    "dispatch:leader_cases",
    "dispatch:leader_brief",
    "dispatch:leader_unit_brief",
)

PLACES: Final = (
    _place("dispatch:leader", pgettext_lazy("of a leader", "Overview"), "layout-dashboard", LEADS, also_at=_OVERVIEW),
    _place("dispatch:today", _("Today"), "list-check", FIELD_WORK, needs=[*Need, *CallNeed]),
    _place("dispatch:queue", _("Queue"), "inbox", Ability.DISPATCH, needs=[Need.TRIAGE]),
    _place(
        "dispatch:tasks",
        _("Tasks"),
        "clipboard-list",
        PARTY,
        needs=[Need.SIGN, Need.ANSWER, Need.HANDLE, CallNeed.RECTIFY, CallNeed.RESPOND],
    ),
    _place("incidents:report", _("Report"), "plus", Ability.REPORT, is_primary=True),
    _place("area", _("My area"), "map-2", FIELD_WORK),
    _place(
        "dispatch:verify",
        _("Verify"),
        "eye-check",
        Ability.VERIFY,
        Ability.APPROVE,
        Ability.EVALUATE,
        needs=[Need.VERIFY, Need.DECIDE, Need.EXTEND],
    ),
    _place("households:loads", _("Load files"), "database-import", Ability.LOAD_REGISTER, also_at=_LOADING),
    _place(
        "dispatch:board",
        _("Board"),
        "chart-bar",
        Ability.SEE_BOARD,
        also_at=_BOARD,
    ),
    _place(
        "dispatch:close_out",
        _("Close-out"),
        "clipboard-check",
        Ability.CLOSE_OUT,
        needs=[Need.EXPLAIN],
        also_at=_CLOSE_OUT,
    ),
    _place(
        "dispatch:to_explain",
        pgettext_lazy("a list of what to explain", "Explain"),
        "clipboard-check",
        EXPLAINS,
        needs=[Need.EXPLAIN],
        also_at=["dispatch:close_out_line"],
    ),
    _place(
        "public:waiting",
        pgettext_lazy("of the command room", "Residents"),
        "user-check",
        Ability.DISPATCH,
        needs=[ResidentNeed.ANSWER],
    ),
    # The command room writes the brief that its leaders read.
    _place(
        "dispatch:leader",
        pgettext_lazy("of a leader", "Overview"),
        "layout-dashboard",
        Ability.DISPATCH,
        also_at=_OVERVIEW,
    ),
    _place(
        "dispatch:supervision",
        _("Supervision"),
        "flag",
        Ability.SUPERVISE,
        Ability.HANDLE,
        needs=[CallNeed.RECTIFY, CallNeed.RECHECK],
        also_at=["dispatch:supervision_new", "dispatch:supervision_item", "dispatch:supervision_act"],
    ),
    _place(
        "dispatch:whistles",
        _("Whistles"),
        "speakerphone",
        Ability.WHISTLE,
        PARTY,
        needs=[CallNeed.RESPOND, CallNeed.RATE],
        also_at=["dispatch:whistle_new", "dispatch:whistle", "dispatch:whistle_act"],
    ),
    _place("modes:list", _("Modes and zones"), "urgent", Ability.ORDER_MODE, also_at=_ORDERS),
    _place("dispatch:commands", _("Commands"), "send", Ability.COMMAND, also_at=_COMMANDS),
    _place(
        "dispatch:duty",
        pgettext_lazy("of the command room", "Duty"),
        "calendar-event",
        Ability.DISPATCH,
        also_at=_DUTY,
    ),
    _place("households:list", pgettext_lazy("a list", "Households"), "users", Ability.SEE_REGISTER, also_at=_REGISTER),
    _place("households:registers", _("Registers"), "clipboard-list", Ability.SEE_REGISTER, also_at=_LEDGERS),
    _place("grids:tree", _("Units"), "sitemap", FIELD_WORK, Ability.MANAGE_TREE, also_at=_UNITS),
    _place("public:communities", _("Place codes"), "printer", Ability.MANAGE_TREE, also_at=["public:sheets"]),
    _place("incidents:list", _("Incidents"), "search", *_WORKING),
    _place("dispatch:messages", _("Messages"), "message", Ability.CLOSE_OUT, Ability.CONFIGURE),
    _place("tagging:card", pgettext_lazy("of the tagger", "Suggestions"), "bulb", Ability.CONFIGURE, Ability.DISPATCH),
    _place("health", _("Health"), "heartbeat", Ability.CLOSE_OUT, Ability.CONFIGURE),
    _place("auditing:log", _("Access log"), "lock", Ability.AUDIT),
    _place("admin:index", _("Configuration"), "settings", Ability.CONFIGURE, Ability.AUDIT),
)
PROFILE: Final = _place("accounts:profile", _("Me"), "user-circle")
MORE: Final = _place("places", _("More"), "menu-2")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`nav_items` for a desk, `phone_nav_items` for the bar at the thumb, `unread_notices` for the bell.

    The menus are worked out when a template asks for them: a fragment for HTMX shows none and so costs no query.
    """
    everything = SimpleLazyObject(lambda: _items(request))
    return {
        "nav_items": everything,
        "phone_nav_items": SimpleLazyObject(lambda: _for_phone(request, list(everything))),
        "unread_notices": request.user.unread_notices if _is_known(request) else 0,
    }


def places_of(user: User) -> list[Place]:
    """The places that the user's posts open, in the order of the menu."""
    marks = marks_of(user)
    return [place for place in PLACES if place.open_to & marks]


def marks_of(user: User) -> set[str]:
    """The user's abilities, with `FIELD_WORK`, `PARTY`, `EXPLAINS` and `LEADS` where they hold."""
    abilities = abilities_of(user)
    marks = set(map(str, abilities))
    if Ability.REPORT in abilities and Ability.DISPATCH not in abilities:
        marks.add(FIELD_WORK)
    if any(post.department_id and Ability.HANDLE in post.role.abilities for post in posts_of(user)):
        marks.add(PARTY)
    if not abilities.isdisjoint(_HOLDING) and Ability.CLOSE_OUT not in abilities:
        marks.add(EXPLAINS)
    if {Ability.SEE_BOARD, Ability.COMMAND} <= abilities and Ability.DISPATCH not in abilities:
        marks.add(LEADS)
    return marks


def _items(request: HttpRequest) -> list[dict[str, Any]]:
    if not _is_known(request):
        return []
    places = places_of(request.user)
    waiting = count_needs_once(request) if any(place.needs for place in places) else {}
    return [_item(place, request, waiting) for place in places]


def _for_phone(request: HttpRequest, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Five at most: the first places and the user's own page, or a page with all the others behind “More”."""
    if not _is_known(request):
        return []
    room = MOST_ON_PHONE - 1
    last = PROFILE if len(items) <= room else MORE
    return [*items[:room], _item(last, request, {})]


def _item(place: Place, request: HttpRequest, waiting: Mapping[str, int]) -> dict[str, Any]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "url": reverse(place.url),
        "label": place.label,
        "icon": place.icon,
        "active": here == place.url or here in place.also_at,
        "badge": sum(waiting.get(need, 0) for need in place.needs),
        "primary": place.is_primary,
    }


def _is_known(request: HttpRequest) -> TypeGuard[UserRequest]:
    """Whether somebody is logged in. A request refused early, for a wrong host say, has no user at all."""
    return hasattr(request, "user") and request.user.is_authenticated
