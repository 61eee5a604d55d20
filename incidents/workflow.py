"""What may follow what, and who may do it: the incident's life as one table. Pure: no database.

`docs/workflow.md` draws the diagram of this table; a test keeps the two alike. The service `incidents.services.moves`
is the only reader that acts on it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Forbidden, Refused

MOST_RETURNS: Final = 2
"""After two returns the command room's decision stands (design, section 6): it stops the ping-pong between parties."""


class Status(models.TextChoices):
    REPORTED = "reported", gettext_lazy("To triage")
    DISPATCHED = "dispatched", gettext_lazy("To sign")
    IN_PROGRESS = "in_progress", gettext_lazy("In progress")
    HANDLED = "handled", gettext_lazy("To verify")
    CLOSED = "closed", gettext_lazy("Closed")
    ARCHIVED = "archived", gettext_lazy("Archived")
    RETURNED = "returned", gettext_lazy("Returned")
    SUSPENDED = "suspended", gettext_lazy("Suspended")
    MERGED = "merged", gettext_lazy("Merged")
    VOID = "void", gettext_lazy("Void")


OPEN: Final = (
    Status.REPORTED,
    Status.DISPATCHED,
    Status.IN_PROGRESS,
    Status.HANDLED,
    Status.RETURNED,
    Status.SUSPENDED,
)
"""Somebody still owes something. A suspended incident is open, though its clock stands still."""
RUNNING: Final = tuple(status for status in OPEN if status != Status.SUSPENDED)
ENDED: Final = tuple(status for status in Status if status not in OPEN)


class Act(models.TextChoices):
    """What people do to an incident. Each is one row of history; most change the status, two leave it as it is."""

    REPORT = "report", gettext_lazy("Report")
    SETTLE = "settle", gettext_lazy("Handled on the spot")
    TRIAGE = "triage", gettext_lazy("Triage")
    DISPATCH = "dispatch", gettext_lazy("Dispatch")
    REDISPATCH = "redispatch", gettext_lazy("Dispatch to others")
    SIGN = "sign", gettext_lazy("Sign")
    RETURN = "return", gettext_lazy("Return")
    HANDLE = "handle", gettext_lazy("Report as handled")
    VERIFY = "verify", gettext_lazy("Verified")
    REJECT = "reject", gettext_lazy("Verification failed")
    SUSPEND = "suspend", gettext_lazy("Suspend")
    RESUME = "resume", gettext_lazy("Resume")
    EVALUATE = "evaluate", gettext_lazy("Evaluate")
    REOPEN = "reopen", gettext_lazy("Re-open")
    REOPEN_TO_TRIAGE = "reopen_to_triage", gettext_lazy("Re-open for triage")
    ARCHIVE = "archive", gettext_lazy("Archive")
    MERGE = "merge", gettext_lazy("Merge")
    VOID = "void", gettext_lazy("Void")


class Who(Enum):
    """In what standing somebody acts on one incident; `incidents.standing` finds it out for a user."""

    STAFF = "staff"  # may report in this area
    REPORTER = "reporter"  # reported this very incident
    DISPATCHER = "dispatcher"  # the command room of this area
    LEAD = "lead"  # serves the lead party
    VERIFIER = "verifier"  # may verify here and had no hand in the handling
    EVALUATOR = "evaluator"  # records the residents' word
    RESIDENT = "resident"  # reported it without an account, and comes back with the secret of the report
    APPROVER = "approver"  # decides on suspensions and did not ask for this one
    SYSTEM = "system"  # the clock


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from these statuses, this act, by any of these, needing these facts, leads there.

    `to` None: the status stays as it is.
    """

    act: Act
    origin: frozenset[Status | None]
    to: Status | None
    who: frozenset[Who]
    needs: frozenset[str] = frozenset()


def _move(act: Act, origin: Collection[Status | None], to: Status | None, *who: Who, needs: str = "") -> Move:
    return Move(act, frozenset(origin), to, frozenset(who), frozenset(needs.split()))


S = Status
TABLE: Final[Mapping[Act, Move]] = {
    move.act: move
    for move in (
        _move(Act.REPORT, [None], S.REPORTED, Who.STAFF, Who.RESIDENT),
        _move(Act.SETTLE, [S.REPORTED], S.CLOSED, Who.REPORTER, needs="level_1 result"),
        _move(Act.TRIAGE, [S.REPORTED, S.RETURNED], None, Who.DISPATCHER),
        _move(Act.DISPATCH, [S.REPORTED, S.RETURNED], S.DISPATCHED, Who.DISPATCHER, Who.SYSTEM, needs="lead"),
        _move(Act.REDISPATCH, [S.DISPATCHED], S.DISPATCHED, Who.DISPATCHER, needs="lead note"),
        _move(Act.SIGN, [S.DISPATCHED], S.IN_PROGRESS, Who.LEAD),
        _move(Act.RETURN, [S.DISPATCHED], S.RETURNED, Who.LEAD, needs="note returns_left"),
        _move(Act.HANDLE, [S.IN_PROGRESS], S.HANDLED, Who.LEAD, needs="result assists_answered"),
        _move(Act.VERIFY, [S.HANDLED], S.CLOSED, Who.VERIFIER),
        _move(Act.REJECT, [S.HANDLED], S.IN_PROGRESS, Who.VERIFIER, needs="note"),
        _move(Act.SUSPEND, [S.IN_PROGRESS], S.SUSPENDED, Who.APPROVER, needs="request"),
        _move(Act.RESUME, [S.SUSPENDED], S.IN_PROGRESS, Who.LEAD, Who.APPROVER, Who.SYSTEM),
        _move(Act.EVALUATE, [S.CLOSED], None, Who.EVALUATOR, Who.RESIDENT),
        _move(
            Act.REOPEN,
            [S.CLOSED],
            S.IN_PROGRESS,
            Who.EVALUATOR,
            Who.RESIDENT,
            Who.VERIFIER,
            needs="note window had_lead",
        ),
        _move(
            Act.REOPEN_TO_TRIAGE,
            [S.CLOSED],
            S.REPORTED,
            Who.EVALUATOR,
            Who.RESIDENT,
            Who.VERIFIER,
            needs="note window no_lead",
        ),
        _move(Act.ARCHIVE, [S.CLOSED], S.ARCHIVED, Who.DISPATCHER, Who.SYSTEM, needs="evaluated_or_window_over"),
        _move(
            Act.MERGE,
            [S.REPORTED, S.DISPATCHED, S.IN_PROGRESS, S.RETURNED],
            S.MERGED,
            Who.DISPATCHER,
            needs="target",
        ),
        _move(
            Act.VOID,
            [S.REPORTED, S.DISPATCHED, S.IN_PROGRESS, S.RETURNED, S.SUSPENDED],
            S.VOID,
            Who.DISPATCHER,
            needs="note",
        ),
    )
}

_NEEDS: Final = {
    "note": gettext_lazy("Say why: this act needs a reason."),
    "level_1": gettext_lazy(
        "Only a level 1 incident is closed on the spot. Report it, and the command room dispatches it."
    ),
    "result": gettext_lazy("Say what was done."),
    "lead": gettext_lazy("Choose the lead party."),
    "returns_left": gettext_lazy(
        "This incident was returned twice already: the command room's decision stands. Sign it, or call the room."
    ),
    "assists_answered": gettext_lazy("An assisting party has neither answered nor been released yet."),
    "request": gettext_lazy("Nobody has asked for a suspension."),
    "window": gettext_lazy("The time to re-open it is over. Report a new incident and name this number."),
    "had_lead": gettext_lazy("No party handled this incident: re-open it for triage instead."),
    "no_lead": gettext_lazy("A party handled this incident: re-open it with that party instead."),
    "evaluated_or_window_over": gettext_lazy("It is archived once it is evaluated or the evaluation window is over."),
    "target": gettext_lazy("Choose the open incident that this one is merged into."),
}


def may_follow(status: Status | str | None) -> list[Act]:
    """The acts that the table allows from `status`, in the table's order."""
    return [act for act, move in TABLE.items() if status in move.origin]


def target(act: Act, status: Status | str) -> Status:
    """The status after `act`; the present one for acts that leave it."""
    return TABLE[act].to or Status(status)


def check_move(status: Status | str | None, act: Act, *, standing: Collection[Who], facts: Mapping[str, Any]) -> None:
    """Raise unless `act` may follow `status` for somebody in `standing`, with every needed fact true.

    Raises `Refused` (code `status` or the name of the missing fact) or `Forbidden` (wrong standing). The status is
    checked first: who comes too late learns where the incident stands now.
    """
    move = TABLE[act]
    if status not in move.origin:
        now_is = Status(status).label if status else _("not reported yet")
        raise Refused(
            _("“%(act)s” is not possible: the incident is %(status)s.") % {"act": act.label, "status": now_is},
            code="status",
        )
    if not move.who & set(standing):
        raise Forbidden(_("“%(act)s” is for others to do on this incident.") % {"act": act.label}, code="who")
    for need in sorted(move.needs):
        if not facts.get(need):
            raise Refused(str(_NEEDS[need]), code=need)
