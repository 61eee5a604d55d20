"""The lists of work: what a department or unit has to do, and what waits for a second pair of eyes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch.overview import needs
from dispatch.overview.calls import CallNeed
from dispatch.overview.needs import Need, owed_now
from dispatch.selectors import by_minutes_left
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from incidents.models import Incident
from incidents.selectors import with_place


class WorkList(NamedTuple):
    """One tab: its name in the address, its label, its rows; for rows of one need, that need is the name."""

    name: str
    label: Promise
    incidents: QuerySet[Incident]

    def count(self, waiting: Mapping[str, int]) -> int:
        return waiting.get(self.name, 0) if self.name in Need.values else self.incidents.count()


@for_holders_of(Ability.HANDLE)
def tasks(request: UserRequest) -> HttpResponse:
    """What the user's departments and units have in hand, by what it needs next."""
    owed = owed_now(request, CallNeed.RECTIFY, CallNeed.RESPOND)
    return _work(request, "dispatch/tasks.html", _tasks_of(request.user), {"owed": owed})


@for_holders_of(Ability.VERIFY, Ability.APPROVE, Ability.EVALUATE)
def verify(request: UserRequest) -> HttpResponse:
    """What waits for others than who did it: results, suspensions, extensions, the word of the person concerned."""
    return _work(request, "dispatch/verify.html", _checks_of(request.user))


def _tasks_of(user: User) -> list[WorkList]:
    needing = needs.needing(user)
    return [
        WorkList(Need.SIGN, _("To sign"), needing.filter(need=Need.SIGN)),
        WorkList(Need.HANDLE, _("To handle"), needing.filter(need=Need.HANDLE)),
        WorkList(Need.ANSWER, _("To answer"), needing.filter(need=Need.ANSWER)),
        WorkList("handed_on", _("Waiting for verification"), needs.handed_on_by(user)),
        WorkList("returned", _("Returned by us"), needs.sent_back_by(user)),
    ]


def _checks_of(user: User) -> list[WorkList]:
    needing, abilities = needs.needing(user), abilities_of(user)
    lists = [
        (Ability.VERIFY, WorkList(Need.VERIFY, _("Results to verify"), needing.filter(need=Need.VERIFY))),
        (Ability.APPROVE, WorkList(Need.DECIDE, _("Suspensions to decide"), needing.filter(need=Need.DECIDE))),
        (Ability.APPROVE, WorkList(Need.EXTEND, _("Extensions to decide"), needing.filter(need=Need.EXTEND))),
        (Ability.EVALUATE, WorkList("evaluate", _("To evaluate"), needs.to_evaluate(user, at=clock.now()))),
    ]
    return [work for ability, work in lists if ability in abilities]


def _work(
    request: UserRequest, template: str, lists: Sequence[WorkList], also: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Render the list that the address names; without a name the first that holds anything."""
    waiting = needs.count_needs_once(request)
    counts = {work.name: work.count(waiting) for work in lists}
    wanted = request.GET.get("tab")
    chosen = next((work for work in lists if work.name == wanted), None)
    chosen = chosen or next((work for work in lists if counts[work.name]), lists[0])
    rows = by_minutes_left(needs.with_rework(with_place(chosen.incidents)))
    context: dict[str, Any] = {
        "at": clock.now(),
        "tab": chosen.name,
        "tabs": [
            {"url": f"?tab={work.name}", "label": work.label, "count": counts[work.name], "active": work is chosen}
            for work in lists
        ],
        "page": page_of(request, rows, counts[chosen.name]),
        "to_explain": waiting.get(Need.EXPLAIN, 0),
        **(also or {}),
    }
    return render(request, template, context)
