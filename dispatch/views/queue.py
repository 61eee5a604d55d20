"""The command room's queue. The list never moves under the cursor: new rows wait behind a link."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

import clock
from accounts.models import User
from accounts.paging import ROWS, page_of
from accounts.requests import UserRequest, page_behind
from dispatch.live import LivePage, live_page
from dispatch.models import SavedFilter
from dispatch.overview.calls import calls_about
from dispatch.overview.queue import QueueFilter, Tab, arrived, condition, count_tabs, open_queue
from dispatch.saved_filters import FIELDS, in_order
from dispatch.saved_filters import MOST as MOST_FILTERS
from dispatch.selectors import by_minutes_left, with_due
from grids.models import Ability
from grids.modes import orders_around
from grids.posts import places_of
from grids.views.access import for_holders_of
from incidents.acts import ACTS
from incidents.likeness import likely_same
from incidents.models import Incident
from incidents.selectors import PLACE, get_visible_or_404, numbered, visible_to, with_place
from incidents.situation import situation_of
from tagging.hints import advice_for

_QUICK_ACTS = ("triage", "dispatch")
_HINT = ("hint__lead", "hint__suggestion__category")


@for_holders_of(Ability.DISPATCH)
def queue(request: UserRequest) -> HttpResponse:
    """One tab of the queue, narrowed by the filter of the address."""
    live, at, tab = _live(request), clock.now(), _tab(request)
    narrowed = QueueFilter(request.GET, user=request.user)
    incidents = narrowed.narrow(open_queue(request.user))
    counts = count_tabs(incidents, at=at)
    page = page_of(request, _rows(incidents.filter(condition(tab, at=at))), counts[tab])
    emergencies = orders_around(places_of(request.user, Ability.DISPATCH), at)
    context = {"filter": narrowed, "page": page, "rows": page.object_list, "since": at, "emergencies": emergencies}
    context |= {"live": live} | _own_filters(request, narrowed, tab)
    return render(request, "dispatch/queue.html", context | _head(request, tab, counts, at))


@for_holders_of(Ability.DISPATCH)
def queue_news(request: UserRequest) -> HttpResponse:
    """The rows that a screen shows (`shown`), as they stand now and in the order in which it shows them.

    What came into the tab after the screen was loaded (`since`) is only counted; what has left it stays, marked.
    """
    live, at, tab = _live(request), clock.now(), _tab(request)
    incidents = QueueFilter(request.GET, user=request.user).narrow(open_queue(request.user))
    since = _moment(request.GET.get("since", "")) or at
    counts = count_tabs(incidents, at=at, news=arrived(tab, since=since, at=at))
    standing = incidents.filter(condition(tab, at=at))
    rows = _as_shown(request.user, request.GET.getlist("shown")[:ROWS], standing)
    context = {"rows": rows, "since": since, "news": counts["news"], "live": live}
    head = _head(request, tab, counts, at)
    return render(request, "dispatch/queue.html#live", context | head)


@for_holders_of(Ability.DISPATCH)
def queue_panel(request: UserRequest, number: str) -> HttpResponse:
    """One incident beside the list: what it is, what looks like it, and the forms that dispatch it.

    The forms are those of the incident's own pages and are sent there; afterwards the queue comes back as it was.
    """
    known = get_visible_or_404(request.user, number)
    incident = with_due(visible_to(request.user)).select_related(*PLACE, "category__lead").get(pk=known.pk)
    now = situation_of(request.user, incident)
    offered = [slug for slug in _QUICK_ACTS if ACTS[slug].is_offered(now)]
    # Ids of their own: both forms have a field for a note, and a label must lead to its own.
    forms = {slug: ACTS[slug].form(situation=now, auto_id=f"{slug}_%s") for slug in offered}
    context = {
        "incident": incident,
        "similar": likely_same(incident, among=visible_to(request.user)),
        "advice": advice_for(incident, at=now.at) if "triage" in offered else None,
        "calls": calls_about(request.user, incident, at=now.at),
        "forms": forms,
        "may_merge": ACTS["merge"].is_offered(now),
        "back": _page_behind(request),
    }
    return render(request, "dispatch/_panel.html", context)


def _own_filters(request: UserRequest, narrowed: QueueFilter, tab: Tab) -> dict[str, Any]:
    """The officer's own tabs, and whether this filter may become another."""
    fields = {name: request.GET.get(name, "") for name in FIELDS} | {"tab": tab.value}
    own, this = list(SavedFilter.objects.filter(user=request.user)), in_order(fields)
    may_keep = bool(narrowed.changed_data) and len(own) < MOST_FILTERS and this not in {row.query for row in own}
    return {
        "own_filters": own,
        "this_filter": this,
        "may_keep_filter": may_keep,
        "filter_fields": [pair for pair in fields.items() if pair[1]],
    }


def _live(request: UserRequest) -> LivePage:
    places = places_of(request.user, Ability.DISPATCH)
    return live_page(*places) if places else live_page()


def _tab(request: UserRequest) -> Tab:
    wanted = request.GET.get("tab", "")
    return Tab(wanted) if wanted in Tab.values else Tab.TO_TRIAGE


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
        return timezone.localtime(moment) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):  # well formed, but no day of any calendar, or of ours
        return None


def _page_behind(request: UserRequest) -> str:
    """The queue as the screen shows it, to come back to."""
    behind, queue_path = page_behind(request), reverse("dispatch:queue")
    return f"{queue_path}?{behind.query}" if behind.path == queue_path and behind.query else queue_path


def _head(request: UserRequest, chosen: Tab, counts: Mapping[str, int], at: datetime) -> dict[str, Any]:
    query = request.GET.copy()
    for name in ("page", "shown", "since"):
        query.pop(name, None)
    tabs = []
    for tab in Tab:
        query["tab"] = tab.value
        tabs.append({"url": f"?{query.urlencode()}", "label": tab.label, "count": counts[tab], "active": tab == chosen})
    return {"at": at, "tab": chosen, "tabs": tabs, "counts": counts}


def _rows(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    return by_minutes_left(with_place(incidents)).select_related("category__lead", *_HINT)


def _as_shown(user: User, numbers: Sequence[str], standing: QuerySet[Incident]) -> list[Incident]:
    """The incidents in the order of `numbers`; `has_left` marks those that stand in the tab no longer."""
    known = {row.number: row for row in _rows(numbered(standing, numbers))}
    gone = [number for number in numbers if number not in known]
    left = {row.number: row for row in _rows(numbered(visible_to(user), gone))} if gone else {}
    for row in left.values():
        row.has_left = True  # type: ignore[attr-defined]
    return [found for number in numbers if (found := known.get(number) or left.get(number))]
