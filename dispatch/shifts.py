"""The one way in which a deadline comes to be due at another moment: the row moves, and a line says from when, to when,
why and who allowed it. The lines are appended, never edited.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from dispatch.models import Deadline, DeadlineShift


def move(
    deadline: Deadline,
    *,
    kind: DeadlineShift.Kind,
    due_is: datetime,
    at: datetime,
    reason: str,
    approved_by: User | None,
    since: datetime | None = None,
    rule: Mapping[str, Any] | None = None,
) -> DeadlineShift:
    """Let a running deadline, locked by its incident's row, be due at `due_is`; it runs again if it stood still.

    Found missed before, it is missed no more when it is due after `at`: the sweep will find it at its new moment.
    `since`: when it began to stand still. `rule`: the copy of another limit, which replaces the one it was set by.
    What the row loses by it is kept in the line's `data`.
    """
    data: dict[str, Any] = {}
    shift = DeadlineShift(
        deadline=deadline,
        kind=kind,
        at=at,
        since=since,
        due_was=deadline.due_at,
        due_is=due_is,
        reason=reason,
        approved_by=approved_by,
        data=data,
    )
    if deadline.missed_at is not None and due_is > at:
        data["missed_at"] = deadline.missed_at.isoformat()
        deadline.missed_at = None
    if rule is not None:
        data["rule_was"] = deadline.rule
        deadline.rule = dict(rule)
    deadline.due_at, deadline.suspended_at = due_is, None
    deadline.save(update_fields=["due_at", "suspended_at", "missed_at", "rule"])
    shift.save()
    return shift


def due_as_of(deadline: Deadline, moment: datetime) -> datetime:
    """When the deadline was due as things stood at `moment`: what moved it later doesn't count yet."""
    later = (shift for shift in deadline.shifts.all() if shift.at > moment)
    first = next(later, None)
    return first.due_was if first else deadline.due_at
