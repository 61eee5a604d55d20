"""Where a report stands, in the resident's words, with nothing about anybody: no staff, no neighbours, no numbers.

What is told comes from the incident's history as it is; which rows are told, and how, stands in the tables here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

import clock
from accounts.discreet_logs import starred
from accounts.models import User
from incidents.models import Evaluation, Incident, StatusChange
from incidents.services.closing import EVALUATION_WINDOW
from incidents.standing import lead_of
from incidents.timeline import Event
from incidents.workflow import OPEN, Act, Status
from public.models import ResidentReport
from public.reporting import additions_of, followed
from public.waiting import UNSETTLED

_NOW: Final[Mapping[str, Promise]] = {
    Status.REPORTED: gettext_lazy("We have your report. The command room is about to pass it on."),
    Status.DISPATCHED: gettext_lazy("It was passed on. Those responsible are about to take it up."),
    Status.IN_PROGRESS: gettext_lazy("Those responsible are working on it."),
    Status.HANDLED: gettext_lazy("The work is done. Somebody else is checking it."),
    Status.RETURNED: gettext_lazy(
        "It had reached the wrong party. The command room is passing it on to the right one."
    ),
    Status.SUSPENDED: gettext_lazy("It takes longer than usual. It is taken up again on the day named below."),
    Status.CLOSED: gettext_lazy("It was handled and checked. Please tell us what you think."),
    Status.ARCHIVED: gettext_lazy("The matter is closed. Thank you for telling us."),
    Status.VOID: gettext_lazy("The command room could not take this up. Its answer is below, or follows."),
}
_TOLD: Final[Mapping[str, Promise]] = {
    Act.REPORT: gettext_lazy("You reported it"),
    Act.DISPATCH: gettext_lazy("Passed on to those responsible"),
    Act.REDISPATCH: gettext_lazy("Passed on to others"),
    Act.SIGN: gettext_lazy("Taken up"),
    Act.HANDLE: gettext_lazy("Work done, to be checked"),
    Act.REJECT: gettext_lazy("Checked: not good enough yet, back to work"),
    Act.SUSPEND: gettext_lazy("Put off"),
    Act.RESUME: gettext_lazy("Taken up again"),
    Act.VERIFY: gettext_lazy("Checked and closed"),
    Act.SETTLE: gettext_lazy("Handled and closed"),
    Act.REOPEN: gettext_lazy("Opened again"),
    Act.REOPEN_TO_TRIAGE: gettext_lazy("Opened again"),
    Act.MERGE: gettext_lazy("Put together with another report of the same matter"),
    Act.VOID: gettext_lazy("Not taken up"),
}
"""What is told of the history. Triage, returns and archiving are the house's own business."""
STEPS: Final = (
    (pgettext_lazy("of a report", "Received"), (Status.REPORTED, Status.RETURNED)),
    (pgettext_lazy("of a report", "Passed on"), (Status.DISPATCHED,)),
    (pgettext_lazy("of a report", "In work"), (Status.IN_PROGRESS, Status.SUSPENDED)),
    (pgettext_lazy("of a report", "Checking"), (Status.HANDLED,)),
    (pgettext_lazy("of a report", "Done"), (Status.CLOSED, Status.ARCHIVED)),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps of the line on top: behind us, here, or to come."""

    label: Promise
    state: str


@dataclass(frozen=True)
class Progress:
    """One report as its sender sees it. `matter` is the incident itself or the one it was merged into."""

    report: ResidentReport
    matter: Incident
    at: datetime

    @property
    def is_merged(self) -> bool:
        return self.matter.pk != self.report.incident.pk

    @property
    def says(self) -> Promise:
        return _NOW[self.matter.status]

    @property
    def party(self) -> str:
        """The department or unit that holds it; never a person."""
        lead = lead_of(self.matter) if self.matter.status in OPEN else None
        return str(lead.party) if lead else ""

    @property
    def steps(self) -> list[Step]:
        here = next((index for index, (_label, codes) in enumerate(STEPS) if self.matter.status in codes), None)
        if here is None:
            return []
        return [
            Step(label, "done" if index < here else "here" if index == here else "ahead")
            for index, (label, _codes) in enumerate(STEPS)
        ]

    @property
    def owes_answer(self) -> bool:
        """Whether the promise of a first answer still stands: nobody has answered, and it isn't closed either."""
        return self.report.answered_at is None and self.matter.status in UNSETTLED

    @property
    def is_answer_late(self) -> bool:
        return self.owes_answer and self.at > self.report.answer_due_at

    @property
    def takes_additions(self) -> bool:
        return self.matter.status in (*OPEN, Status.CLOSED)

    @property
    def score(self) -> str:
        """What the resident has said of the present outcome; empty when nothing yet."""
        since = self.report.incident.closed_at
        if since is None:
            return ""
        said = self.report.incident.evaluations.filter(at__gte=since).last()
        return said.score if said else ""

    @property
    def is_rated(self) -> bool:
        """Whether the page asks what the resident thinks. Of a merged report the other sender is asked."""
        return self.report.incident.status == Status.CLOSED

    @property
    def is_dissatisfied(self) -> bool:
        return self.is_rated and self.score == Evaluation.Score.DISSATISFIED

    @property
    def rated_until(self) -> datetime | None:
        """After that the incident is archived, and neither rated nor opened again."""
        closed_at = self.report.incident.closed_at
        return closed_at + EVALUATION_WINDOW if closed_at else None


def progress_of(report: ResidentReport, *, at: datetime | None = None) -> Progress:
    return Progress(report, followed(report.incident), at or clock.now())


def events_of(progress: Progress) -> list[Event]:
    """What happened, newest first: the acts that are told, the answers, and what the resident has added."""
    own = progress.report.incident
    incidents = {own.pk, progress.matter.pk}
    changes = StatusChange.objects.filter(incident__in=incidents, act__in=_TOLD).order_by("pk")
    shown = [row for row in changes if row.incident_id == own.pk or row.at >= progress.report.sent_at]
    events = [Event(row.at, str(_TOLD[row.act]), _tone(row)) for row in shown if _is_told(row, own)]
    events += [Event(row.at, _("Answer to you"), "done", note=row.text) for row in progress.report.answers.all()]
    events += [Event(row.at, _("You added"), note=row.text) for row in additions_of(progress.report)]
    events += [
        Event(row.at, _("You said: %(score)s") % {"score": row.get_score_display()}, note=row.text)
        for row in own.evaluations.all()
        if row.recorded_by_id is None
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def done_of(progress: Progress) -> str:
    """What was done, once somebody has checked it. Numbers are starred, and whoever works here is "staff"."""
    if progress.matter.status not in (Status.CLOSED, Status.ARCHIVED):
        return ""
    result = progress.matter.results.last()
    if result is None:
        return ""
    said = "\n".join(text for text in (result.measures, result.outcome) if text)
    acting = StatusChange.objects.filter(incident=progress.matter, actor__isnull=False).values("actor")
    return without_people(said, User.objects.filter(pk__in=acting).values_list("name", flat=True))


def without_people(text: str, names: Iterable[str]) -> str:
    """`text` without these names and without anything that looks like a phone or document number."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, _("staff"))
    return starred(text)


def _tone(change: StatusChange) -> str:
    return "returned" if change.act in (Act.REJECT, Act.VOID) else change.new


def _is_told(change: StatusChange, own: Incident) -> bool:
    """Of the incident that this one was merged into, its own report is somebody else's."""
    return change.incident_id == own.pk or change.act != Act.REPORT
