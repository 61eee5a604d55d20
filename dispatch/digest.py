"""The hourly digest: one message a channel and hour, about what must not be forgotten (practice 72 of the handbook).

From minute :05 on, because DingTalk and its like are crowded on the full hour. Only the present hour is sent: a beat
that was away for a morning sends one digest when it is back, not five; the hours in between have no `DigestRun`, so the
gap can be seen.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

import clock
from clock.said import DUE_SOON
from dispatch import rules, wording
from dispatch.announcing import announce
from dispatch.faults import log_failure
from dispatch.models import Deadline, DigestRun, Supervision
from dispatch.models.deadline import Clock
from dispatch.selectors import RUNNING as RUNNING_CLOCK
from dispatch.selectors import SERIOUS, with_due
from dispatch.wording import ItemLine, Items, Line, Totals
from grids.models import Kind, Unit
from grids.models.unit import in_one_line
from incidents.models import Incident
from incidents.workflow import RUNNING, Status

logger = logging.getLogger(__name__)

FROM_MINUTE: Final = 5
TOP: Final = 15
TOP_ITEMS: Final = 5


def push_reminders(now: datetime | None = None) -> int:
    """Settle the digest of the present hour for every street and for the district; returns how many were settled.

    A place where nothing is owed is settled without a message. Settled once: a second call, a second beat or a second
    worker finds the `DigestRun` and does nothing.
    """
    now = now or clock.now()
    if timezone.localtime(now).minute < FROM_MINUTE:
        return 0
    hour = rules.hour_of(now)
    settled = set(DigestRun.objects.filter(hour=hour).values_list("street_id", flat=True))
    streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code")
    places: list[Unit | None] = [*streets, None]
    return sum(_settle(place, hour, now) for place in places if (place.pk if place else None) not in settled)


def owed(street: Unit | None, now: datetime) -> QuerySet[Incident]:
    """What a digest is about, the most pressing first: overdue, due within the hour, and level 3 and up until closed.

    For the district (`street` None) level 3 and up alone. A suspended incident isn't pushed: its clock stands still.
    """
    unsigned = Deadline.objects.filter(RUNNING_CLOCK, incident=OuterRef("pk"), clock=Clock.SIGN, due_at__lt=now)
    running = with_due(Incident.objects.filter(status__in=RUNNING))
    pressing = Q(level__gte=SERIOUS)
    if street is not None:
        running = running.filter(street=street)
        pressing |= Q(due_at__lte=now + DUE_SOON)
    is_unsigned = Q(Exists(unsigned), status=Status.DISPATCHED)
    return running.filter(pressing).annotate(is_unsigned=is_unsigned).order_by(F("due_at").asc(nulls_last=True), "pk")


def overdue_items(street: Unit | None, now: datetime) -> QuerySet[Deadline]:
    """The clocks of supervision items that are to be put right and are overdue, the longest first (practice 75)."""
    clocks = Deadline.objects.filter(RUNNING_CLOCK, supervision__state=Supervision.State.ISSUED, due_at__lt=now)
    if street is not None:
        clocks = clocks.filter(supervision__street=street)
    return clocks.order_by("due_at", "pk")


def _settle(street: Unit | None, hour: datetime, now: datetime) -> int:
    """1 when this call settled the digest of a place, 0 when it was settled already or couldn't be."""
    try:
        with transaction.atomic():
            return _settle_once(street, hour, now)
    except Exception as error:
        # The other places go on; the next minute's beat tries this one again.
        log_failure(logger, f"The digest of {street.code if street else 'the district'}", error)
        return 0


def _settle_once(street: Unit | None, hour: datetime, now: datetime) -> int:
    incidents = owed(street, now)
    totals = _totals(incidents, now)
    facts = {"ran_at": now, "incidents": totals.total}
    # A second worker waits here for the first one's commit and then finds its row.
    _run, is_first = DigestRun.objects.get_or_create(street=street, hour=hour, defaults=facts)
    if not is_first:
        return 0
    items = _items(street, now)
    if totals.total or items.total:
        _send(street, hour, now, incidents, totals, items)
    return 1


def _totals(incidents: QuerySet[Incident], now: datetime) -> Totals:
    soon = now + timedelta(hours=1)
    return Totals(
        **incidents.order_by().aggregate(
            total=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            soon=Count("pk", filter=Q(due_at__gte=now, due_at__lte=soon)),
            unsigned=Count("pk", filter=Q(is_unsigned=True)),
            serious=Count("pk", filter=Q(level__gte=SERIOUS)),
        )
    )


def _items(street: Unit | None, now: datetime) -> Items:
    clocks = overdue_items(street, now)
    total = clocks.count()
    if not total:
        return Items()
    units = (f"supervision__unit__{kind}" for kind in ("street", "community", "grid", "micro_grid"))
    facts = ("supervision__issue_type", "supervision__department", "supervision__street")
    top = clocks.select_related(*facts, *units).defer("supervision__demand")[:TOP_ITEMS]
    items = [(row.supervision, row.due_at) for row in top if row.supervision]
    lines = [
        ItemLine(item.number, item.issue_type.name, _target_of(item, names_street=street is None), due_at)
        for item, due_at in items
    ]
    return Items(total, lines)


def _target_of(item: Supervision, *, names_street: bool) -> str:
    """Who has to put it right; the district's group reads of which street."""
    if item.unit:
        return in_one_line(item.unit.path) if names_street else item.unit.full_name
    return f"{item.street.name} {item.target.name}" if names_street else item.target.name


def _send(
    street: Unit | None,
    hour: datetime,
    now: datetime,
    incidents: QuerySet[Incident],
    totals: Totals,
    items: Items,
) -> None:
    top = incidents.select_related("category", "street", "community", "grid").defer("description")[:TOP]
    lines = [line_of(incident, names_street=street is None) for incident in top]
    message = wording.digest(street.name if street else "全区", hour, now, totals, lines, items)
    place = street.code if street else "district"
    key = f"digest:{place}:{hour:%Y%m%dT%H%MZ}"
    announce(message, kind="digest", key=key, street=street, at=now, good_until=hour + timedelta(hours=1))


def line_of(incident: Any, *, names_street: bool) -> Line:
    """An incident as it reads in a chat group (with `due_at`, `is_unsigned`, its category and places)."""
    return Line(
        number=incident.number,
        category=incident.category.name,
        place=area_of(incident, names_street=names_street),
        level=incident.level,
        due_at=incident.due_at,
        is_unsigned=incident.is_unsigned,
    )


def area_of(incident: Incident, *, names_street: bool) -> str:
    """Community and grid say enough: the micro-grid is a stairwell and the unit may be a door.

    A grid whose name begins with that of its community (青林村第2网格) says both.
    """
    names = [unit.name for unit in (incident.community, incident.grid) if unit]
    if len(names) == 2 and names[1].startswith(names[0]):
        del names[0]
    return " ".join([incident.street.name, *names] if names_street or not names else names)
