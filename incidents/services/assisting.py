"""Assisting parties: their answer, or their release. Neither moves the incident; both stand in its notes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.models import Ability
from grids.posts import post_at_party, post_for
from incidents.models import Assignment
from incidents.services import moves
from incidents.services.notes import write_note
from incidents.standing import lead_of
from incidents.texts import clean_text
from incidents.workflow import Status


@transaction.atomic
def answer_assist(assignment: Assignment, *, actor: User, answer: str, at: datetime | None = None) -> Assignment:
    """An assisting party says what it did. Said again in the same words it changes nothing."""
    row, at = _locked(assignment), at or clock.now()
    answer = clean_text(answer, limit=2000, field="answer", required=True)
    if row.state == Assignment.State.ANSWERED and row.answer == answer and row.answered_by_id == actor.pk:
        return row
    post = post_at_party(actor, row.party)
    if post is None:
        raise Forbidden(_("Only the assisting party answers here."), code="who")
    _check_open(row)
    row.state, row.answer, row.answered_at, row.answered_by = Assignment.State.ANSWERED, answer, at, actor
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    return row


@transaction.atomic
def release_assist(assignment: Assignment, *, actor: User, note: str, at: datetime | None = None) -> Assignment:
    """The command room or the lead lets an assisting party go, with the reason; the lead can finish without it."""
    row, at = _locked(assignment), at or clock.now()
    note = clean_text(note, limit=500, field="note", required=True)
    if row.state == Assignment.State.RELEASED:
        return row
    lead = lead_of(row.incident)
    post = post_for(actor, Ability.DISPATCH, row.incident.unit) or (post_at_party(actor, lead.party) if lead else None)
    if post is None:
        raise Forbidden(_("The command room or the lead party releases an assisting party."), code="who")
    _check_open(row)
    row.state = Assignment.State.RELEASED
    row.save(update_fields=["state"])
    text = _("%(party)s was released: %(note)s") % {"party": row.party, "note": note}
    write_note(row.incident, actor=actor, post=post, text=text, at=at)
    return row


def _locked(assignment: Assignment) -> Assignment:
    """The row under the lock of its incident: every act on an incident queues at that one row."""
    incident = moves.locked(assignment.incident)
    row = Assignment.objects.select_related("department", "unit").get(pk=assignment.pk)
    row.incident = incident
    return row


def _check_open(row: Assignment) -> None:
    if row.part != Assignment.Part.ASSIST:
        raise Refused(_("This is the lead party: it reports the incident as handled instead."), code="part")
    if row.ended_at is not None or row.incident.status not in {Status.DISPATCHED, Status.IN_PROGRESS}:
        raise Refused(_("The incident has moved on; an answer is no longer needed."), code="status")
    if row.state == Assignment.State.RELEASED:
        raise Refused(_("This party was released already."), code="status")
