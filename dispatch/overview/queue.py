"""The command room's queue: the open incidents of its area, in tabs, narrowed by a filter, by minutes left."""

from datetime import datetime

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch.overview.incident_filter import IncidentFilter
from dispatch.overview.needs import in_reach
from dispatch.selectors import with_due
from grids.models import Ability
from incidents.models import Incident
from incidents.workflow import OPEN, RUNNING, Status


class Tab(models.TextChoices):
    TO_TRIAGE = "to_triage", _("To triage")
    TO_SIGN = "to_sign", _("To sign")
    RUNNING = "running", _("In progress")
    TO_VERIFY = "to_verify", _("To verify")
    RETURNED = "returned", _("Returned")
    SUSPENDED = "suspended", _("Suspended")
    OVERDUE = "overdue", _("Overdue")

    @property
    def is_ours(self) -> bool:
        """Held by the command room itself: who reads it must decide, and wants to know what was reported."""
        return self in {Tab.TO_TRIAGE, Tab.RETURNED}


_STATUS = {
    Tab.TO_TRIAGE: Status.REPORTED,
    Tab.TO_SIGN: Status.DISPATCHED,
    Tab.RUNNING: Status.IN_PROGRESS,
    Tab.TO_VERIFY: Status.HANDLED,
    Tab.RETURNED: Status.RETURNED,
    Tab.SUSPENDED: Status.SUSPENDED,
}


def condition(tab: Tab, *, at: datetime) -> Q:
    """What stands in a tab, as a filter over incidents `with_due`."""
    if tab == Tab.OVERDUE:
        return Q(status__in=RUNNING, due_at__lt=at)
    return Q(status=_STATUS[tab])


def open_queue(user: User) -> QuerySet[Incident]:
    """Everything open where the user dispatches, with its nearest due moment."""
    return with_due(in_reach(user, Ability.DISPATCH).filter(status__in=OPEN))


def count_tabs(incidents: QuerySet[Incident], *, at: datetime, **also: Q) -> dict[str, int]:
    """How many stand in each tab, and of what else is asked for by name; one query."""
    wanted = {tab.value: condition(tab, at=at) for tab in Tab} | also
    return incidents.aggregate(**{name: Count("pk", filter=which) for name, which in wanted.items()})


def arrived(tab: Tab, *, since: datetime, at: datetime) -> Q:
    """What a screen loaded at `since` can't show yet; an incident gets overdue without entering another status."""
    news = Q(due_at__gte=since) if tab == Tab.OVERDUE else Q(state_entered_at__gt=since)
    return condition(tab, at=at) & news


class QueueFilter(IncidentFilter):
    """The filter of every list of incidents, without what the queue's tabs say already."""

    status = None  # type: ignore[assignment]
    since = None  # type: ignore[assignment]
    until = None  # type: ignore[assignment]
