"""How an incident reads in a list of work: where it is, who has it in hand, what it waits for, by when."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _

import clock
from accounts.templatetags import ui
from clock import said
from dispatch.overview.needs import Need
from grids.models import Department, Unit
from grids.models.unit import localized
from incidents.models import Incident
from incidents.standing import lead_of
from incidents.workflow import Status

register = template.Library()


@register.filter
def place(incident: Incident) -> str:
    """The place as one line, from the community down (needs `incidents.selectors.with_place`)."""
    return incident.place_name


@register.filter
def spot(incident: Incident) -> str:
    """Where exactly, unless the place says so already."""
    note = incident.place_note
    return "" if note in place(incident) else note


@register.filter
def holder(incident: Incident) -> Department | Unit | str:
    """Who must move next: the command room, the lead party, or whoever verifies; nobody once it has ended."""
    if incident.status in {Status.REPORTED, Status.RETURNED}:
        return _("Command room")
    if incident.status == Status.HANDLED:
        return _("Verifiers")
    return lead_party(incident) if incident.is_open else ""


@register.filter
def lead_party(incident: Incident) -> Department | Unit | str:
    """The lead party of the present dispatch (needs `with_place`)."""
    lead = lead_of(incident)
    return lead.party if lead else ""


@register.filter
def need_label(incident: Incident) -> str:
    """What the incident waits for from this user, in words (needs `needs.needing`)."""
    return str(Need(incident.need).label)  # type: ignore[attr-defined]


@register.inclusion_tag("components/_clock.html")
def incident_clock(incident: Incident) -> dict[str, Any]:
    """The time left of an incident `with_due`; a suspended one says that its clock stands still, and until when."""
    if incident.suspended_until:
        return ui.clock(incident.suspended_until, paused=True)
    return ui.clock(incident.due_at)  # type: ignore[attr-defined]


@register.filter
def urgency(incident: Incident) -> str:
    """`overdue`, `soon` or `running`, for the colour at the edge of a card (needs `with_due`)."""
    due_at = incident.due_at  # type: ignore[attr-defined]
    return said.state(due_at - clock.now()) if due_at else "running"


@register.filter
def urgency_at(due_at: datetime) -> str:
    """The same for a moment by itself."""
    return said.state(due_at - clock.now())


@register.simple_tag
def localized_pair(name: str, name_en: str) -> str:
    """A name that was frozen in both languages, in the reader's."""
    return localized(name, name_en)


@register.filter
def status_label(code: str) -> str:
    """A status in words, from its code alone."""
    return str(Status(code).label)


@register.filter
def span(length: timedelta) -> str:
    """A length of time as people say it."""
    return said.duration(length)


@register.filter
def minutes(count: int) -> str:
    """A number of minutes as people say it; nothing for none."""
    return said.duration(timedelta(minutes=count)) if count else ""
