"""Every page of the product, with who opens it and what it shows: the one list that `script/screens` makes its pictures
from and that `tests/walk/test_every_page.py` walks. A new address stands here, or with a reason among those `LEFT_OUT`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import ViewportSize

from incidents.acts import ACTS
from tests.browser import DESK, PHONE
from tests.walk.examples import Examples

VISITOR: Final = ""
Address = Callable[[Examples], str]


@dataclass(frozen=True)
class Page:
    """A page as one account sees it. `name` is that of its pictures."""

    name: str
    who: str
    address: Address
    size: ViewportSize = field(default_factory=lambda: DESK)
    """What it was drawn for first; it has to fit the other size as well."""
    types: str = ""
    """Typed into the search field first."""
    press: str = ""
    """Pressed before the page is looked at: a row that opens a panel, or a button that brings a form back."""
    awaits: str = ""
    """What has to stand there then."""
    status: int = 200
    is_main: bool = False
    """A step of one of the main journeys: its pictures are kept with the project."""
    is_room: bool = False
    """Stands on the walls and desks of the command room: looked at in the dark and on a large screen, too."""


def to(view: str, *arguments: object, query: str = "") -> str:
    return reverse(view, args=arguments) + query


def _act(slug: str, who: str, size: ViewportSize = DESK) -> Page:
    return Page(f"act-{slug}", who, lambda of: to("incidents:act", of.incident_for(slug, who), slug), size)


def _panel(selector: str = "[data-panel]") -> dict[str, str]:
    return {"press": selector, "awaits": "#queue-panel h2"}


_SEND: Final = "main form .btn-primary"

_OF_VISITORS: Final = (
    Page("login", VISITOR, lambda of: to("accounts:login"), is_main=True),
    Page("login-wrong", VISITOR, lambda of: to("accounts:login"), press="main form button", status=200),
    Page("logged-out", VISITOR, lambda of: to("accounts:logged_out")),
    Page("nowhere", VISITOR, lambda of: "/no-such-page/", PHONE, status=404),
    Page("resident-door", VISITOR, lambda of: to("public:door"), PHONE),
    Page("resident-report", VISITOR, lambda of: to("public:report", of.place_code), PHONE, is_main=True),
    Page(
        "resident-report-wrong",
        VISITOR,
        lambda of: to("public:report", of.place_code),
        PHONE,
        press=_SEND,
        awaits=".error",
    ),
    Page("resident-code-unknown", VISITOR, lambda of: to("public:report", "ZZZZZZ"), PHONE, status=404),
    Page("resident-track", VISITOR, lambda of: to("public:track"), PHONE),
    Page("resident-progress", VISITOR, lambda of: to("public:progress", of.report_link), PHONE),
    Page("resident-evaluates", VISITOR, lambda of: to("public:progress", of.closed_report_link), PHONE, is_main=True),
    Page("feedback", VISITOR, lambda of: to("public:feedback"), PHONE),
    Page("feedback-sent", VISITOR, lambda of: to("public:feedback_sent", of.feedback_link), PHONE),
    Page("offline", VISITOR, lambda of: to("offline"), PHONE),
)

_OF_WORKERS: Final = (
    Page("today", "worker", lambda of: to("dispatch:today"), PHONE, is_main=True, is_room=True),
    Page("report", "worker", lambda of: to("incidents:report"), PHONE, is_main=True),
    Page("report-wrong", "worker", lambda of: to("incidents:report"), PHONE, press=_SEND, awaits=".error"),
    Page("at-unit", "worker", lambda of: to("incidents:at_unit", of.micro_grid), PHONE),
    Page("my-area", "worker", lambda of: to("area"), PHONE, is_main=True),
    Page("worker-incident", "worker", lambda of: to("incidents:incident", of.incident_of_worker), PHONE, is_main=True),
    Page("worker-incidents", "worker", lambda of: to("incidents:list"), PHONE),
    Page("worker-verify", "worker", lambda of: to("dispatch:verify"), PHONE),
    Page("worker-household", "worker", lambda of: to("households:household", of.household), PHONE, is_main=True),
    Page("worker-units", "worker", lambda of: to("grids:tree"), PHONE),
    Page("worker-explains", "worker", lambda of: to("dispatch:to_explain"), PHONE),
    Page("worker-command", "worker", lambda of: to("dispatch:command", of.command), PHONE),
    Page("more", "worker", lambda of: to("places"), PHONE),
    Page("inbox", "worker", lambda of: to("inbox"), PHONE),
    Page("profile", "worker", lambda of: to("accounts:profile"), PHONE),
    Page("password", "worker", lambda of: to("accounts:password"), PHONE),
    Page("absences", "worker", lambda of: to("grids:absences", of.post_of_worker), PHONE),
    Page("refused", "worker", lambda of: to("dispatch:queue"), PHONE, status=403),
    _act("settle", "worker", PHONE),
    _act("note", "worker", PHONE),
)

_OF_THE_ROOM: Final = (
    Page("queue", "command", lambda of: to("dispatch:queue"), **_panel(), is_main=True, is_room=True),
    Page("queue-overdue", "command", lambda of: to("dispatch:queue", query="?tab=overdue")),
    Page("queue-empty", "command", lambda of: to("dispatch:queue", query="?tab=returned&level=4")),
    Page("queue-together", "command", lambda of: to("dispatch:queue_together", query=of.waiting_numbers)),
    Page("queue-filters", "command", lambda of: to("dispatch:queue_filters")),
    Page("incident", "command", lambda of: to("incidents:incident", of.incident_with_most), is_main=True),
    Page("incident-of-resident", "command", lambda of: to("incidents:incident", of.incident_of_resident)),
    Page("incident-sheet", "command", lambda of: to("incidents:sheet", of.incident_with_most)),
    Page("residents-waiting", "command", lambda of: to("public:waiting")),
    Page("incidents", "command", lambda of: to("incidents:list")),
    Page("board", "command", lambda of: to("dispatch:board_unit", of.street), is_main=True, is_room=True),
    Page("board-community", "command", lambda of: to("dispatch:board_unit", of.community)),
    Page("board-incidents", "command", lambda of: to("dispatch:board_incidents", of.street, "open")),
    Page("wall", "command", lambda of: to("dispatch:board_wall", of.street), is_main=True, is_room=True),
    Page("replay", "command", lambda of: to("dispatch:replay", of.street, of.past_moment), is_main=True),
    Page("replay-incidents", "command", lambda of: to("dispatch:replay_incidents", of.street, of.past_moment, "open")),
    Page("leader-brief", "command", lambda of: to("dispatch:leader_brief")),
    Page("close-out", "command", lambda of: to("dispatch:close_out"), is_main=True),
    Page("close-out-trend", "command", lambda of: to("dispatch:close_out_trend")),
    Page("close-out-day", "command", lambda of: to("dispatch:close_out_report", of.street, of.closed_day)),
    Page("close-out-sheet", "command", lambda of: to("dispatch:close_out_sheet", of.street, of.closed_day)),
    Page("to-explain", "command", lambda of: to("dispatch:to_explain", query="?whose=all")),
    Page("explain", "command", lambda of: to("dispatch:close_out_line", of.line_to_explain)),
    Page("commands", "command", lambda of: to("dispatch:commands")),
    Page("command-new", "command", lambda of: to("dispatch:command_new")),
    Page("command-new-wrong", "command", lambda of: to("dispatch:command_new"), press=_SEND, awaits=".error"),
    Page("command", "command", lambda of: to("dispatch:command", of.command)),
    Page("command-owing", "command", lambda of: to("dispatch:command_owing", of.command)),
    Page("command-withdraw", "leader", lambda of: to("dispatch:command_withdraw", of.command)),
    Page("duty", "command", lambda of: to("dispatch:duty"), is_main=True),
    Page("duty-wrong", "command", lambda of: to("dispatch:duty"), press=_SEND, awaits=".error"),
    Page("handovers", "command", lambda of: to("dispatch:handovers")),
    Page("handover", "command", lambda of: to("dispatch:handover", of.handover)),
    Page("roster", "command", lambda of: to("dispatch:roster")),
    Page("roster-week", "command", lambda of: to("dispatch:roster_week")),
    Page("shift-swap", "command", lambda of: to("dispatch:shift_swap", of.coming_shift)),
    Page("shift-stand-in", "command", lambda of: to("dispatch:shift_stand_in", of.coming_shift)),
    Page("supervision", "command", lambda of: to("dispatch:supervision")),
    Page("supervision-new", "command", lambda of: to("dispatch:supervision_new")),
    Page("supervision-item", "command", lambda of: to("dispatch:supervision_item", of.supervision)),
    Page("supervision-act", "command", lambda of: to("dispatch:supervision_act", of.supervision, "withdraw")),
    Page("whistles", "command", lambda of: to("dispatch:whistles")),
    Page("whistle-new", "command", lambda of: to("dispatch:whistle_new")),
    Page("whistle", "command", lambda of: to("dispatch:whistle", of.whistle)),
    Page("whistle-act", "command", lambda of: to("dispatch:whistle_act", of.whistle, "withdraw")),
    Page("messages", "command", lambda of: to("dispatch:messages")),
    Page("modes", "command", lambda of: to("modes:list")),
    Page("mode-order", "command", lambda of: to("modes:order")),
    Page("mode-renew", "command", lambda of: to("modes:renew", of.mode)),
    Page("mode-end", "command", lambda of: to("modes:end", of.mode)),
    Page("zones", "command", lambda of: to("zones:list")),
    Page("zone-choose", "command", lambda of: to("zones:choose")),
    Page("zone-order", "command", lambda of: to("zones:order", query=f"?zone=control&unit={of.community}")),
    Page("zone", "command", lambda of: to("zones:zone", of.zone)),
    Page("zone-end", "command", lambda of: to("zones:end", of.zone)),
    Page("tagger", "command", lambda of: to("tagging:card")),
    Page("health", "command", lambda of: to("health")),
    *(
        _act(slug, "command")
        for slug in (
            *(
                "triage",
                "dispatch",
                "redispatch",
                "decide",
                "evaluate",
                "reopen",
                "archive",
                "merge",
                "void",
                "release",
            ),
            *("report-up", "report-express", "decide-extension", "answer-resident"),
        )
    ),
)

_OF_OTHERS: Final = (
    Page("tasks", "department", lambda of: to("dispatch:tasks"), is_main=True),
    *(_act(slug, "department") for slug in ("sign", "handle", "return", "ask-suspension", "ask-extension")),
    *(_act(slug, "department") for slug in ("resume", "answer")),
    Page("verify", "verifier", lambda of: to("dispatch:verify"), PHONE, is_main=True),
    *(_act(slug, "verifier", PHONE) for slug in ("verify", "reject")),
    Page("leader", "leader", lambda of: to("dispatch:leader"), PHONE, is_main=True),
    Page("leader-community", "leader", lambda of: to("dispatch:leader_unit", of.community), PHONE),
    Page("leader-cases", "leader", lambda of: to("dispatch:leader_cases", of.street), PHONE),
    Page("leader-unit-brief", "leader", lambda of: to("dispatch:leader_unit_brief", of.street), is_main=True),
    Page("district-board", "district", lambda of: to("dispatch:board")),
    Page("district-board-incidents", "district", lambda of: to("dispatch:board_district_incidents", "open")),
    Page("district-wall", "district", lambda of: to("dispatch:board_wall")),
    Page("district-replay", "district", lambda of: to("dispatch:replay", of.past_moment)),
    Page("district-replay-incidents", "district", lambda of: to("dispatch:replay_incidents", of.past_moment, "open")),
    Page("district-close-out-sheet", "district", lambda of: to("dispatch:close_out_sheet", of.closed_day)),
    Page("access-log", "auditor", lambda of: to("auditing:log")),
    Page("configuration", "admin", lambda of: to("admin:index")),
    Page("configuration-list", "admin", lambda of: to("admin:dispatch_limitrule_changelist")),
    Page("configuration-form", "admin", lambda of: to("admin:dispatch_channel_add")),
    Page("configuration-import", "admin", lambda of: to("admin:incidents_category_import")),
    Page("street-add", "admin", lambda of: to("grids:add_street")),
)

_OF_REGISTERS: Final = (
    Page("loads", "register", lambda of: to("households:loads"), is_main=True),
    Page("load", "register", lambda of: to("households:load", of.load), is_main=True),
    Page("load-ended", "register", lambda of: to("households:load", of.applied_load)),
    Page("load-columns", "register", lambda of: to("households:load_columns", of.load), is_main=True),
    Page("load-places", "register", lambda of: to("households:load_places", of.load)),
    Page("load-rows", "register", lambda of: to("households:load_rows", of.load, "new")),
    Page("load-rows-refused", "register", lambda of: to("households:load_rows", of.load, "refused")),
    Page("load-apply", "register", lambda of: to("households:load_apply", of.load)),
    Page("load-undo", "register", lambda of: to("households:load_undo", of.applied_load)),
    Page("load-discard", "register", lambda of: to("households:load_discard", of.load)),
    Page("households", "register", lambda of: to("households:list")),
    Page("found", "register", lambda of: to("households:list"), types="陈桂", press=".filters[method=post] .btn"),
    Page("household", "register", lambda of: to("households:household", of.household)),
    Page("household-history", "register", lambda of: to("households:history", of.household)),
    Page("household-add", "register", lambda of: to("households:add", of.micro_grid)),
    Page("household-correct", "register", lambda of: to("households:correct", of.household)),
    Page("household-move", "register", lambda of: to("households:move", of.household)),
    Page("household-split", "register", lambda of: to("households:split", of.household)),
    Page("household-merge", "register", lambda of: to("households:merge", of.household)),
    Page("household-close", "register", lambda of: to("households:close", of.household)),
    Page("landlord-phone", "register", lambda of: to("households:reveal_landlord", of.household)),
    Page("resident", "register", lambda of: to("households:resident", of.resident)),
    Page("resident-history", "register", lambda of: to("households:resident_history", of.resident)),
    Page("resident-add", "register", lambda of: to("households:add_resident", of.household)),
    Page("resident-correct", "register", lambda of: to("households:correct_resident", of.resident)),
    Page("resident-move", "register", lambda of: to("households:move_resident", of.resident)),
    Page("resident-move-out", "register", lambda of: to("households:move_out", of.resident)),
    Page("resident-move-back", "register", lambda of: to("households:move_back", of.resident_gone)),
    Page("resident-tag", "register", lambda of: to("households:tag", of.resident)),
    Page("resident-tag-end", "register", lambda of: to("households:end_tag", *of.tag)),
    Page("resident-reveal", "register", lambda of: to("households:reveal", of.resident, "phone")),
    Page("registers", "register", lambda of: to("households:registers")),
    Page("register-organisations", "register", lambda of: to("households:register", "organisations")),
    Page("register-key-people", "register", lambda of: to("households:register", "key_people")),
    Page("organisation-add", "register", lambda of: to("households:add_organisation")),
    Page("organisation", "register", lambda of: to("households:organisation", of.organisation)),
    Page("organisation-close", "register", lambda of: to("households:close_organisation", of.organisation)),
    Page("resource-add", "register", lambda of: to("households:add_resource")),
    Page("resource", "register", lambda of: to("households:resource", of.resource)),
    Page("resource-withdraw", "register", lambda of: to("households:withdraw_resource", of.resource)),
    Page("exports", "register", lambda of: to("households:exports")),
    Page("export-ask", "register", lambda of: to("households:ask_export", query="?register=residents")),
    Page("export", "register", lambda of: to("households:export", of.export)),
    Page("quality", "register", lambda of: to("households:quality")),
    Page("quality-problem", "register", lambda of: to("households:quality_problem", "without_phone")),
    Page("unit-sheet", "register", lambda of: to("households:sheet", of.grid)),
    Page("units", "register", lambda of: to("grids:tree")),
    Page("unit", "register", lambda of: to("grids:unit", of.grid)),
    Page("unit-add", "register", lambda of: to("grids:add", of.grid)),
    Page("unit-edit", "register", lambda of: to("grids:edit", of.grid)),
    Page("unit-move", "register", lambda of: to("grids:move", of.grid)),
    Page("unit-retire", "register", lambda of: to("grids:retire", of.grid)),
    Page("post-give", "register", lambda of: to("grids:give_post", of.grid)),
    Page("post-end", "register", lambda of: to("grids:end_post", of.grid, of.post_of_worker)),
    Page("place-codes", "register", lambda of: to("public:communities")),
    Page("place-code-sheets", "register", lambda of: to("public:sheets", of.community)),
)

PAGES: Final = (*_OF_VISITORS, *_OF_WORKERS, *_OF_THE_ROOM, *_OF_OTHERS, *_OF_REGISTERS)

LEFT_OUT: Final[dict[str, tuple[str, ...]]] = {
    "takes a form and shows no page": (
        *("accounts:logout", "accounts:theme", "set_language", "dispatch:handover_take_over", "dispatch:shift_cancel"),
        *("dispatch:swap_answer", "dispatch:command_acknowledge", "dispatch:command_remind", "incidents:photos"),
        *("dispatch:message_send_again", "dispatch:channel_send_again", "dispatch:channel_test"),
        *("dispatch:queue_filter_keep", "dispatch:queue_filter_rename", "dispatch:queue_filter_delete"),
        *("dispatch:supervise_incident", "grids:cancel_absence", "households:search", "households:load_decide"),
        *("households:load_retry", "public:add", "public:rate", "public:open_again", "public:give", "public:renew"),
        *("public:withdraw", "public:phone", "public:elder"),
    ),
    "answers with a file": (
        *("dispatch:board_file", "dispatch:replay_file", "dispatch:leader_brief_file", "dispatch:supervision_file"),
        *("dispatch:leader_unit_brief_file", "auditing:file", "tagging:card_file", "households:load_template"),
        *(
            "households:load_errors",
            "households:export_file",
            "incidents:attachment",
            "incidents:thumb",
            "manifest",
            "service_worker",
        ),
        *("close-out/<day:day>/sheet.<file:kind>", "close-out/<slug:code>/<day:day>/sheet.<file:kind>"),
    ),
    "is part of another page": (
        *("dispatch:queue_news", "dispatch:queue_panel", "incidents:places", "households:load_progress"),
        *("households:load_errors_link", "offline_ready", "incidents:alike"),
    ),
    "leads on to another page": ("home", "households:front", "dispatch:replay_start", "dispatch:queue_merge"),
    "is for programs": ("api:",),
    "is what a press leads to, on a page of the list": ("households:found",),
    "lists several streets, and the demonstration has one": ("dispatch:close_out_day",),
    "shows the parts of pages, and has a test of its own": ("gallery",),
    "is made by Django's own machinery, of which one page of each kind is in the list": ("admin:",),
}


def patterns(resolver: URLResolver | None = None, prefix: str = "", space: str = "") -> dict[str, str]:
    """Every address of the product as a pattern, with its name."""
    found: dict[str, str] = {}
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            found[route] = f"{space}{each.name}"
        else:
            found |= patterns(each, route, f"{space}{each.namespace}:" if each.namespace else space)
    return found


def acts_without_a_page() -> set[str]:
    return set(ACTS) - {page.name.removeprefix("act-") for page in PAGES if page.name.startswith("act-")}
