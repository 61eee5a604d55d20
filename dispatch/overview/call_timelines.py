"""What happened to a supervision item or a whistle, as lines of a timeline."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import DeadlineShift, Supervision, Whistle
from grids.posts import label_said
from incidents.timeline import Event, in_order

_TONES = {
    "issue": "dispatched",
    "call": "dispatched",
    "reject": "returned",
    "rectify": "handled",
    "confirm": "closed",
    "close": "closed",
    "finish": "handled",
    "sign": "in_progress",
    "contact": "in_progress",
    "arrive": "in_progress",
    "withdraw": "void",
}


def supervision_events(item: Supervision) -> list[Event]:
    """Its acts, and its clock running out; the demand itself stands on the page already."""
    shifts = {row.at: row for row in DeadlineShift.objects.filter(deadline__supervision=item)}
    events = [
        Event(
            step.at,
            _shifted(step.get_act_display(), shifts.get(step.at) if step.act == "extend" else None),
            _TONES.get(step.act, "idle"),
            str(step.actor),
            label_said(step.post_label),
            "" if step.act == "issue" else step.note,
        )
        for step in item.steps.select_related("actor")
    ]
    missed = item.deadlines.exclude(missed_at=None)
    return in_order([*events, *(_missed(row.missed_at, row.get_clock_display()) for row in missed)])


def whistle_events(whistle: Whistle) -> list[Event]:
    """The acts of the caller and of each department, and clocks that ran out."""
    steps = whistle.steps.select_related("actor", "party__department")
    events = [
        Event(
            step.at,
            f"{step.get_act_display()} · {step.party.department}" if step.party else str(step.get_act_display()),
            _TONES.get(step.act, "idle"),
            str(step.actor),
            label_said(step.post_label),
            "" if step.act == "call" else step.note,
        )
        for step in steps
    ]
    for party in whistle.parties.all():
        for row in party.deadlines.all():
            if row.missed_at is not None:
                events.append(_missed(row.missed_at, f"{row.get_clock_display()} · {party.department}"))
    return in_order(events)


def _missed(at: datetime | None, clock: str) -> Event:
    assert at is not None  # noqa: S101  (the rows that were found missed)
    return Event(at, _("Time limit passed: %(clock)s") % {"clock": clock}, "overdue")


def _shifted(title: str, shift: DeadlineShift | None) -> str:
    return f"{title} · {timezone.localtime(shift.due_is):%Y-%m-%d %H:%M}" if shift else title
