"""Everything people do to an incident on its page, as one table: the form, the service behind it, when it is offered.

A new act is one row here, a form in `incidents.forms.acts`, and a service; what an app above this one adds (`add_acts`)
is kept there. Who may do it and from which status comes
from `incidents.workflow` wherever the act moves the incident; the service decides again, under the lock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents import services
from incidents.forms import acts as forms
from incidents.forms.merging import MergeForm
from incidents.models import Assignment, Incident
from incidents.situation import Situation
from incidents.workflow import Act, Status, Who

Test = Callable[[Situation], bool]


@dataclass(frozen=True)
class ActPage:
    """One act as a page: its word on the button, and what is said when it is done.

    Offered when the status `fits`, the user `may`, and nothing else speaks against it (`also`). `leads`: it may be the
    one primary button of the page; the first such row of the table that is offered becomes it.
    """

    slug: str
    label: Promise
    done: Promise
    icon: str
    form: type[forms.ActForm]
    perform: Callable[..., Any]
    fits: Test
    may: Test
    also: Test = lambda now: True
    leads: bool = False
    is_danger: bool = False
    by_api: bool = True
    """Also one of the API's moves; a remark has an address of its own there."""

    def is_offered(self, now: Situation) -> bool:
        return self.fits(now) and self.may(now) and self.also(now)

    @property
    def is_one_press(self) -> bool:
        """Nothing to fill in: the button of the incident page does it."""
        return not self.form.base_fields


def _by_table(slug: str, act: Act, label: Any, done: Any, icon: str, form: Any, perform: Any, **rest: Any) -> ActPage:
    """A row whose status and standing are those of the workflow table."""
    return ActPage(
        slug,
        label,
        done,
        icon,
        form,
        perform,
        fits=lambda now: now.follows(act),
        may=lambda now: now.stands(act),
        **rest,
    )


def _answer(incident: Incident, *, actor: User, assignment: Assignment, answer: str) -> None:
    services.answer_assist(assignment, actor=actor, answer=answer)


def _release(incident: Incident, *, actor: User, assignment: Assignment, note: str) -> None:
    services.release_assist(assignment, actor=actor, note=note)


def _has_assists_running(now: Situation) -> bool:
    return now.incident.status in {Status.DISPATCHED, Status.IN_PROGRESS}


def _reopens(now: Situation) -> bool:
    return now.reopens_until is not None and now.at <= now.reopens_until


def _archives(now: Situation) -> bool:
    return now.is_evaluated or (now.archived_from is not None and now.at >= now.archived_from)


_ROWS: Final[list[ActPage]] = [
    _by_table("sign", Act.SIGN, _("Sign"), _("Signed."), "edit", forms.SignForm, services.sign, leads=True),
    _by_table(
        "handle",
        Act.HANDLE,
        _("Report as handled"),
        _("Reported as handled. Somebody else verifies it now."),
        "check",
        forms.HandleForm,
        services.handle,
        also=lambda now: not now.owing,
        leads=True,
    ),
    ActPage(
        "answer",
        _("Answer as assisting party"),
        _("Your answer is recorded."),
        "message",
        forms.AnswerForm,
        _answer,
        fits=_has_assists_running,
        may=lambda now: bool(now.own_assists),
        leads=True,
    ),
    _by_table(
        "verify",
        Act.VERIFY,
        _("Accept the result"),
        _("Verified. The incident is closed."),
        "eye-check",
        forms.VerifyForm,
        services.verify,
        leads=True,
    ),
    _by_table(
        "reject",
        Act.REJECT,
        _("Reject the result"),
        _("Sent back to the lead party."),
        "refresh",
        forms.RejectForm,
        services.reject,
    ),
    ActPage(
        "decide",
        _("Decide on the suspension"),
        _("Your decision is recorded."),
        "clipboard-check",
        forms.DecideForm,
        services.decide_suspension,
        fits=lambda now: now.follows(Act.SUSPEND) and now.request is not None,
        may=lambda now: Who.APPROVER in now.standing,
        leads=True,
    ),
    _by_table(
        "dispatch",
        Act.DISPATCH,
        _("Dispatch"),
        _("Dispatched."),
        "send",
        forms.DispatchForm,
        services.dispatch,
        leads=True,
    ),
    _by_table(
        "settle",
        Act.SETTLE,
        _("Handled on the spot"),
        _("Closed on the spot."),
        "check",
        forms.SettleForm,
        services.settle,
        also=lambda now: now.incident.level == 1,
        leads=True,
    ),
    _by_table(
        "triage", Act.TRIAGE, _("Set level and kind"), _("Saved."), "category", forms.TriageForm, services.triage
    ),
    _by_table(
        "redispatch",
        Act.REDISPATCH,
        _("Dispatch to others"),
        _("Dispatched to others."),
        "transfer",
        forms.RedispatchForm,
        services.redispatch,
    ),
    _by_table(
        "return",
        Act.RETURN,
        _("Return"),
        _("Returned to the command room."),
        "arrow-back-up",
        forms.ReturnForm,
        services.return_incident,
        also=lambda now: now.returns_left > 0,
    ),
    ActPage(
        "ask-suspension",
        _("Ask for suspension"),
        _("Your request was sent for a decision."),
        "player-pause",
        forms.AskSuspensionForm,
        services.ask_suspension,
        fits=lambda now: now.incident.status == Status.IN_PROGRESS and now.request is None,
        may=lambda now: now.is_lead,
    ),
    _by_table(
        "resume",
        Act.RESUME,
        _("Resume"),
        _("Resumed. Its clocks run again."),
        "progress",
        forms.RemarkForm,
        services.resume,
        leads=True,
    ),
    _by_table(
        "evaluate",
        Act.EVALUATE,
        _("Record an evaluation"),
        _("The evaluation is recorded."),
        "star",
        forms.EvaluateForm,
        services.evaluate,
        also=lambda now: not now.is_evaluated,
        leads=True,
    ),
    _by_table(
        "archive",
        Act.ARCHIVE,
        _("Archive"),
        _("Archived."),
        "archive",
        forms.ArchiveForm,
        services.archive,
        also=_archives,
        leads=True,
    ),
    _by_table(
        "reopen",
        Act.REOPEN,
        _("Re-open"),
        _("Opened again."),
        "refresh",
        forms.ReasonForm,
        services.reopen,
        also=_reopens,
    ),
    ActPage(
        "release",
        _("Release a party"),
        _("The assisting party was released."),
        "user-check",
        forms.ReleaseForm,
        _release,
        fits=lambda now: _has_assists_running(now) and bool(now.owing),
        may=lambda now: now.is_lead or Who.DISPATCHER in now.standing,
    ),
    ActPage(
        "note",
        _("Add a remark"),
        _("Your remark is recorded."),
        "message",
        forms.NoteForm,
        services.add_note,
        fits=lambda now: True,
        may=lambda now: True,
        by_api=False,
    ),
    _by_table("merge", Act.MERGE, _("Merge"), _("Merged."), "arrow-merge", MergeForm, services.merge_together),
    _by_table("void", Act.VOID, _("Void"), _("Declared void."), "ban", forms.ReasonForm, services.void, is_danger=True),
]
ACTS: Final[dict[str, ActPage]] = {row.slug: row for row in _ROWS}
_ADDED_BEFORE: Final = "note"


def add_acts(*rows: ActPage) -> None:
    """Offer these on every incident's page, too, before the remark; called once, while the apps are made ready."""
    for row in rows:
        if row.slug not in ACTS:
            _ROWS.insert(_ROWS.index(ACTS[_ADDED_BEFORE]), row)
            ACTS[row.slug] = row


def offered(now: Situation) -> list[ActPage]:
    """The acts that this user may do now, the primary one first."""
    rows = [row for row in _ROWS if row.is_offered(now)]
    primary = next((row for row in rows if row.leads), None)
    return [primary, *(row for row in rows if row is not primary)] if primary else rows
