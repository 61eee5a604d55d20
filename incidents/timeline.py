"""What happened to an incident, in one line of time: acts, remarks, answers, requests, and what was merged into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

import clock
from clock import said
from grids.models.unit import localized
from grids.posts import label_said
from incidents.kept import merges_into
from incidents.models import Assignment, Attachment, Category, Evaluation, Incident, Note, Result, StatusChange
from incidents.workflow import Act

_TITLES: Final = {
    Act.REPORT: pgettext_lazy("history", "Reported"),
    Act.SETTLE: gettext_lazy("Handled on the spot"),
    Act.TRIAGE: gettext_lazy("Level or category changed"),
    Act.SIGN: gettext_lazy("Signed"),
    Act.RETURN: gettext_lazy("Returned"),
    Act.HANDLE: gettext_lazy("Reported as handled"),
    Act.VERIFY: gettext_lazy("Verified"),
    Act.REJECT: gettext_lazy("Verification failed"),
    Act.SUSPEND: gettext_lazy("Suspended"),
    Act.RESUME: gettext_lazy("Resumed"),
    Act.REOPEN: gettext_lazy("Re-opened"),
    Act.REOPEN_TO_TRIAGE: gettext_lazy("Re-opened"),
    Act.ARCHIVE: gettext_lazy("Archived"),
    Act.VOID: gettext_lazy("Declared void"),
}
_TONES: Final = {Act.REJECT: "returned", Act.REOPEN: "returned", Act.REOPEN_TO_TRIAGE: "returned"}


@dataclass(slots=True)
class Event:
    """One line of the timeline, as `components/_timeline.html` shows it. `actor` empty is the system itself."""

    at: datetime
    title: str
    tone: str = "idle"
    actor: str = ""
    post: str = ""
    note: str = ""
    gap: str = ""


def events_of(incident: Incident) -> list[Event]:
    """Everything this app knows of an incident that is loaded (`load_kept`), in no order.

    `in_order` makes a timeline of it and of what others add.
    """
    told = [*_changes(incident), *_notes(incident), *_answers(incident), *_requests(incident), *_merged(incident)]
    return [*told, *_files(incident)]


def in_order(events: Iterable[Event]) -> list[Event]:
    """Newest first, each with the time that passed since the one before it, from a minute up."""
    line = sorted(events, key=lambda event: event.at)
    for before, event in pairwise(line):
        if event.at - before.at >= timedelta(minutes=1):
            event.gap = _("%(time)s later") % {"time": said.duration(event.at - before.at)}
    return line[::-1]


def _changes(incident: Incident) -> list[Event]:
    changes = sorted(incident.changes.all(), key=lambda change: change.pk)
    results = {result.at: result for result in incident.results.all()}
    names = _category_names(changes)
    return [
        Event(
            change.at,
            _title(change),
            _TONES.get(Act(change.act), change.new),
            _actor(change),
            label_said(change.post_label),
            _note(change, results.get(change.at), names),
        )
        for change in changes
    ]


def _actor(change: StatusChange) -> str:
    if change.by_resident:
        return _("Resident")
    return str(change.actor) if change.actor else _("The system")


def _title(change: StatusChange) -> str:
    act, data = Act(change.act), change.data
    if act in {Act.DISPATCH, Act.REDISPATCH}:
        return _("Dispatched to %(party)s") % {"party": _party(data.get("lead"))}
    if act == Act.MERGE:
        return _("Merged into %(number)s") % {"number": data.get("into", "")}
    if act == Act.EVALUATE:
        return _("Evaluated: %(score)s") % {"score": Evaluation.Score(data["score"]).label}
    if act == Act.SUSPEND and "until" in data:
        return _("Suspended until %(moment)s") % {"moment": moment_of(datetime.fromisoformat(data["until"]))}
    return str(_TITLES[act])


def _note(change: StatusChange, result: Result | None, names: dict[str, str]) -> str:
    act, data = Act(change.act), change.data
    lines: list[str] = []
    if act in {Act.HANDLE, Act.SETTLE} and result is not None:
        return _said_of(result)
    if data.get("assisting") and act in {Act.DISPATCH, Act.REDISPATCH}:
        parties = pgettext("between names", ", ").join(_party(party) for party in data["assisting"])
        lines.append(_("Assisting: %(parties)s") % {"parties": parties})
    if data.get("rule"):
        lines.append(_("By the rule “%(rule)s”") % {"rule": data["rule"]})
    if act == Act.TRIAGE:
        lines += _triaged(data, names)
    if act == Act.SUSPEND and data.get("reason"):
        lines.append(data["reason"])
    return "\n".join([*lines, change.note]).strip()


def _said_of(result: Result) -> str:
    lines = [
        _("Handled at %(moment)s") % {"moment": moment_of(result.done_at)},
        _("Contacted: %(who)s") % {"who": result.contacted} if result.contacted else "",
        result.measures,
        _("Result: %(outcome)s") % {"outcome": result.outcome} if result.outcome else "",
    ]
    return "\n".join(line for line in lines if line)


def _triaged(data: dict[str, Any], names: dict[str, str]) -> list[str]:
    lines = []
    if levels := data.get("level"):
        lines.append(_("Level %(old)s → %(new)s") % {"old": levels[0], "new": levels[1]})
    if codes := data.get("category"):
        lines.append(" → ".join(names.get(code, code) for code in codes))
    return lines


def _category_names(changes: list[StatusChange]) -> dict[str, str]:
    codes = {code for change in changes if change.act == Act.TRIAGE for code in change.data.get("category", [])}
    rows = Category.objects.filter(code__in=codes).order_by("version") if codes else []
    return {row.code: str(row) for row in rows}


def _party(party: dict[str, str] | None) -> str:
    return localized(party.get("name", ""), party.get("name_en", "")) if party else ""


def _notes(incident: Incident) -> list[Event]:
    return [
        Event(row.at, _note_title(row), "idle", str(row.by or _("Resident")), label_said(row.post_label), row.text)
        for row in incident.notes.all()
    ]


def _note_title(note: Note) -> str:
    return _("Added in place of a second report") if note.client_uuid else _("Remark")


def _answers(incident: Incident) -> list[Event]:
    """What assisting parties answered."""
    return [
        Event(
            row.answered_at,
            _("%(party)s answered") % {"party": row.party},
            "in_progress",
            str(row.answered_by or ""),
            note=row.answer,
        )
        for row in incident.assignments.all()
        if row.part == Assignment.Part.ASSIST and row.answered_at
    ]


def _requests(incident: Incident) -> list[Event]:
    """Requests for suspension, and refusals of them; an approval is an act of its own."""
    events = []
    for row in incident.suspensions.all():
        title = _("Asked for suspension until %(moment)s") % {"moment": moment_of(row.until)}
        events.append(Event(row.asked_at, title, "idle", str(row.asked_by), note=row.reason))
        if row.decided_at and not row.is_approved:
            decider = str(row.decided_by or "")
            events.append(Event(row.decided_at, _("Suspension refused"), "returned", decider, note=row.decision_note))
    return events


def _files(incident: Incident) -> list[Event]:
    """What was added after the report, in one line for what one sender added within the same minute.

    The files of the report itself stand in what was reported.
    """
    sent: dict[tuple[datetime, int | None], list[Attachment]] = {}
    for file in incident.attachments.all():
        if file.draft_key != incident.client_uuid:
            sent.setdefault((file.at.replace(second=0, microsecond=0), file.uploaded_by_id), []).append(file)
    return [
        Event(files[0].at, _files_said(files), "idle", str(files[0].uploaded_by or _("Resident")))
        for files in sent.values()
    ]


def _files_said(files: list[Attachment]) -> str:
    photos = sum(file.kind == Attachment.Kind.PHOTO for file in files)
    papers = len(files) - photos
    said_photos = ngettext("%(count)d photo added", "%(count)d photos added", photos) % {"count": photos}
    said_papers = ngettext("%(count)d document added", "%(count)d documents added", papers) % {"count": papers}
    return " · ".join(text for text, count in ((said_photos, photos), (said_papers, papers)) if count)


def _merged(incident: Incident) -> list[Event]:
    """Other incidents that were merged into this one."""
    return [
        Event(
            row.at,
            _("%(number)s was merged into this one") % {"number": row.incident.number},
            "merged",
            _actor(row),
            label_said(row.post_label),
            row.note,
        )
        for row in merges_into(incident)
    ]


def moment_of(at: datetime) -> str:
    """As a title or a remark says it."""
    return said.day_and_time(timezone.localtime(at), now=timezone.localtime(clock.now()))
