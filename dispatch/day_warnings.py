"""Before the close-out: at 15:00 and at 15:30 each street hears what must still be closed (handbook, practice 73).

Beat asks each minute what is owed. A warning that comes late is sent while its line has not passed, and only the newest
one: at 15:40 nobody needs to hear what was due at 15:00. After the line there is nothing to warn of. A warning without
anything to say is settled as well, so that a gap in the rows is a gap in the service.
"""

import logging
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import ngettext

import clock
from accounts.inbox import tell
from dispatch import rules, wording
from dispatch.announcing import announce
from dispatch.digest import TOP, line_of
from dispatch.faults import log_failure
from dispatch.holding import HoldingParty, counts_by_person, holding_party
from dispatch.limits import close_out_time
from dispatch.models import DayWarning, Deadline
from dispatch.models.deadline import Clock
from dispatch.selectors import RUNNING, with_due
from grids.models import Kind, Unit
from incidents.models import Assignment, Incident
from incidents.workflow import OPEN, Status

logger = logging.getLogger(__name__)

BEFORE: Final = (timedelta(minutes=60), timedelta(minutes=30))
"""How long before the line the warnings are due, the earliest first."""


def warn(now: datetime | None = None) -> int:
    """Settle the newest warning that each street is owed; returns how many were settled by this call."""
    now = now or clock.now()
    line = rules.next_line(now, close_out_time())
    due_at = moment_owed(now, line)
    if due_at is None:
        return 0
    settled = DayWarning.objects.filter(due_at=due_at).values("street")
    streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).exclude(pk__in=settled).order_by("code")
    return sum(_settle(street, due_at, line, now) for street in streets)


def moment_owed(now: datetime, line: datetime) -> datetime | None:
    """The newest moment of warning that has come, while the line has not; None when there is none. Pure."""
    due = [line - before for before in BEFORE if line - before <= now < line]
    return max(due, default=None)


def moments_between(since: datetime, until: datetime, at: time) -> list[datetime]:
    """The moments of warning after `since` and up to `until`, when each day closes `at` that time. Pure."""
    first, last = timezone.localdate(since), timezone.localdate(until) + timedelta(days=1)  # a line may be at midnight
    lines = [rules.line_of(first + timedelta(days=index), at) for index in range((last - first).days + 1)]
    return [line - before for line in lines for before in BEFORE if since < line - before <= until]


def good_until(due_at: datetime, line: datetime) -> datetime:
    """Until when the warning of `due_at` may still go out, if its robot is mute: the next one, or the line. Pure."""
    return min((line - before for before in BEFORE if line - before > due_at), default=line)


def owed_at(street: Unit, line: datetime) -> QuerySet[Incident]:
    """The open incidents of a street whose close-out falls due by the line, the most pressing first.

    What stands still, and what by its own rule may stay open longer, is not among them.
    """
    due = Deadline.objects.filter(RUNNING, incident=OuterRef("pk"), clock=Clock.CLOSE_OUT, due_at__lte=line)
    incidents = with_due(Incident.objects.filter(Exists(due), street=street, status__in=OPEN))
    incidents = incidents.annotate(is_unsigned=Q(status=Status.DISPATCHED))
    return incidents.order_by(F("due_at").asc(nulls_last=True), "-level", "pk")


def _settle(street: Unit, due_at: datetime, line: datetime, now: datetime) -> int:
    """1 when this call settled the warning of a street, 0 when it was settled already or couldn't be."""
    try:
        with transaction.atomic():
            return _settle_once(street, due_at, line, now)
    except Exception as error:
        # The other streets go on; the next minute's beat tries this one again.
        log_failure(logger, f"The warning of {street.code} before the close-out", error)
        return 0


def _settle_once(street: Unit, due_at: datetime, line: datetime, now: datetime) -> int:
    incidents = owed_at(street, line)
    statuses = Counter(incidents.order_by().values_list("status", flat=True))
    facts = {"ran_at": now, "incidents": statuses.total()}
    # A second worker waits here for the first one's commit and then finds its row.
    _row, is_first = DayWarning.objects.get_or_create(street=street, due_at=due_at, defaults=facts)
    if not is_first:
        return 0
    if statuses:
        _tell_group(street, due_at, line, now, incidents, statuses)
        _tell_holders(incidents, line, now)
    return 1


def _tell_group(
    street: Unit,
    due_at: datetime,
    line: datetime,
    now: datetime,
    incidents: QuerySet[Incident],
    statuses: Counter[str],
) -> None:
    top = incidents.select_related("category", "street", "community", "grid").defer("description")[:TOP]
    lines = [line_of(incident, names_street=False) for incident in top]
    figures = {"due": statuses.total(), "unsigned": statuses[Status.DISPATCHED]}
    message = wording.day_warning(street.name, line, now, figures, lines, path="close-out/")
    key = f"day_warning:{street.code}:{due_at:%Y%m%dT%H%MZ}"
    announce(message, kind="day_warning", key=key, street=street, at=now, good_until=good_until(due_at, line))


def _tell_holders(incidents: QuerySet[Incident], line: datetime, now: datetime) -> None:
    """One notice a person, with the number that their departments and units hold, not one an incident."""
    for user, count in counts_by_person(_held_now(incidents), now).items():
        tell(user, _notice(count, f"{timezone.localtime(line):%H:%M}"), url=reverse("home"), tone="warning", at=now)


def _sentence(count: int, line: str) -> str:
    return ngettext(
        "%(count)d incident that you hold is due at the close-out at %(time)s and still open.",
        "%(count)d incidents that you hold are due at the close-out at %(time)s and still open.",
        count,
    ) % {"count": count, "time": line}


_notice = lazy(_sentence, str)


def _held_now(incidents: QuerySet[Incident]) -> Counter[HoldingParty]:
    held = list(incidents.order_by().values_list("pk", "status", "street_id"))
    leads = Assignment.objects.filter(
        incident__in=incidents.order_by().values("pk"), part=Assignment.Part.LEAD, ended_at=None
    )
    by_incident = {lead.incident_id: lead for lead in leads}
    return Counter(holding_party(status, street, by_incident.get(pk)) for pk, status, street in held)
