"""The clocks of one incident as its page shows them: what moved each, and what was asked for and decided."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from dispatch.models import Deadline, DeadlineShift
from incidents.models import Incident
from incidents.timeline import Event, moment_of


def clocks_of(incident: Incident) -> list[Deadline]:
    """All clocks the incident ever had, each with what moved it; two queries, none where they are loaded."""
    shifts = DeadlineShift.objects.select_related("approved_by")
    clocks = sorted(incident.deadlines.all(), key=lambda row: row.pk)
    prefetch_related_objects(clocks, Prefetch("shifts", queryset=shifts))
    return clocks


def nearest(clocks: Iterable[Deadline]) -> Deadline | None:
    """The clock that counts now: of the undone ones, a running one before a stopped one, the nearest first."""
    undone = [row for row in clocks if row.is_undone]
    return min(undone, key=lambda row: (row.suspended_at is not None, row.due_at), default=None)


def events_of(incident: Incident, clocks: Iterable[Deadline]) -> list[Event]:
    """As lines of the history: time limits that passed, requests for extension, and what moved a clock."""
    return [*_missed(clocks), *_extensions(incident), *_moved(clocks)]


def _missed(clocks: Iterable[Deadline]) -> list[Event]:
    """Time limits that passed, also those that were moved later and so are missed no more."""
    events = []
    for row in clocks:
        forgiven = [shift.data["missed_at"] for shift in row.shifts.all() if "missed_at" in shift.data]
        moments = [*map(datetime.fromisoformat, forgiven), *([row.missed_at] if row.missed_at else [])]
        title = _("Time limit passed: %(clock)s") % {"clock": row.get_clock_display()}
        events += [Event(moment, title, "overdue") for moment in moments]
    return events


def _extensions(incident: Incident) -> list[Event]:
    events = []
    for row in incident.extensions.all():
        title = _("Asked for an extension until %(moment)s") % {"moment": moment_of(row.until)}
        events.append(Event(row.asked_at, title, "idle", str(row.asked_by), note=row.reason))
        if row.decided_at:
            title = _("Extension approved") if row.is_approved else _("Extension refused")
            tone = "in_progress" if row.is_approved else "returned"
            events.append(Event(row.decided_at, title, tone, str(row.decided_by or ""), note=row.decision_note))
    return events


def _moved(clocks: Iterable[Deadline]) -> list[Event]:
    """What no other line tells of: a standstill and an extension have lines of their own, an order has not."""
    return [
        Event(
            shift.at,
            _("%(clock)s due %(moment)s by emergency order")
            % {"clock": row.get_clock_display(), "moment": moment_of(shift.due_is)},
            "idle",
            str(shift.approved_by or ""),
            note=shift.reason,
        )
        for row in clocks
        for shift in row.shifts.all()
        if shift.kind == DeadlineShift.Kind.MODE
    ]
