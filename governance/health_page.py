"""`/health/`: the lamps of `/healthz` in words, with what to do, and the numbers behind them. For the command room."""

import string
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models import User
from accounts.requests import UserRequest
from clock import pulse
from dispatch import supervising, whistling
from dispatch.audit.outside import last_audit
from dispatch.audit.said import said
from dispatch.calendar import missing_year
from dispatch.overview import supervision, whistles
from dispatch.overview.channels import standings, visible_channels, visible_messages
from governance import health, health_figures
from governance.health_figures import WARN_SKEW, Broker
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from incidents.selectors import visible_to

LAMPS: Final[dict[str, tuple[Promise, Promise]]] = {
    "database": (_("Database"), _("Start the database again. Nothing that was committed is lost.")),
    "redis": (_("Broker"), _("Start Valkey again. Queued orders may be lost and need not be kept: beat asks again.")),
    "worker": (_("Worker"), _("Start the process “worker” again: without it nothing is found or sent.")),
    "beat": (_("Beat"), _("Start the process “beat” again: without it nobody asks what is owed.")),
    "oldest_due": (
        _("Overdue clocks are found"),
        _("The sweep doesn't come through: look at the worker, then at its log."),
    ),
    "oldest_unsent": (
        _("Messages go out"),
        _("Messages wait though nothing holds them: look at the worker, then at the channels below."),
    ),
    "audit": (_("Audit of the clocks"), _("See the last audit below. It looks again at a quarter past each hour.")),
}

_NUMBERED: Final[tuple[tuple[str, Callable[[User], QuerySet[Any]], str], ...]] = (
    (string.digits, visible_to, "incidents:incident"),
    (whistling.SIGN, whistles.visible_to, "dispatch:whistle"),
    (supervising.SIGN, supervision.visible_to, "dispatch:supervision_item"),
)
"""What a number that begins with one of these signs names: who may see it, and its page."""


@for_holders_of(Ability.CLOSE_OUT, Ability.CONFIGURE)
def health_page(request: UserRequest) -> HttpResponse:
    """The page, or for HTMX the part that renews itself."""
    now = clock.now()
    broker, audit = health_figures.broker_now(), last_audit(now)
    lamps, clocks = _lamps(now), health_figures.clocks_today(now)
    context = {
        "at": now,
        "lamps": lamps,
        "is_well": all(lamp["ok"] for lamp in lamps),
        "sent_today": health_figures.messages_today(visible_messages(request.user), now),
        "clocks": clocks,
        "channels": standings(visible_channels(request.user).filter(is_active=True), now),
        "queues": broker.queues,
        "skews": _skews(clocks["database_ahead"], broker),
        "beat_silent": _silence(),
        "audit": audit,
        "findings": _visible(request, said(audit.findings) if audit else []),
        "repairs": said(audit.repairs) if audit else [],
        "load": health_figures.last_load(),
        "missing_year": missing_year(now),
        "may_configure": Ability.CONFIGURE in abilities_of(request.user),
    }
    return render(
        request, "governance/health.html#live" if "HX-Request" in request.headers else "governance/health.html", context
    )


def _lamps(now: datetime) -> list[dict[str, Any]]:
    found = health.look(now)
    return [{"name": name, "label": label, "remedy": remedy, **found[name]} for name, (label, remedy) in LAMPS.items()]


def _silence() -> float | None:
    try:
        return pulse.silent_for(pulse.BEAT)
    except Exception:  # the cache's client has errors of its own, and the lamp of the broker is red already
        return None


def _skews(database_ahead: float, broker: Broker) -> list[dict[str, Any]]:
    """How far the clocks of the other machines are from this process's."""
    clocks = [(_("Database"), database_ahead)]
    if broker.ahead is not None:
        clocks.append((_("Broker"), broker.ahead))
    return [{"label": label, "ahead": ahead, "is_off": abs(ahead) >= WARN_SKEW} for label, ahead in clocks]


def _visible(request: UserRequest, findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers only to those who may see what they name; other examples are codes of streets, hours and seconds."""
    links = _links(request, [example for each in findings if each["has_numbers"] for example in each["examples"]])
    return [
        {
            **finding,
            "links": [(example, links[example]) for example in finding["examples"] if example in links],
            "others": [] if finding["has_numbers"] else finding["examples"],
        }
        for finding in findings
    ]


def _links(request: UserRequest, numbers: list[str]) -> dict[str, str]:
    """The page of each of the numbers that the user may see."""
    links = dict[str, str]()
    for signs, visible, page in _NUMBERED:
        asked = [each for each in numbers if each[0] in signs]
        if asked:
            seen = visible(request.user).filter(number__in=asked).values_list("number", flat=True)
            links |= {number: reverse(page, args=[number]) for number in seen}
    return links
