"""The party's acts: sign, return, report as handled."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import User
from incidents.models import Assignment, Incident, Result, StatusChange
from incidents.services import moves
from incidents.standing import current_assignments, lead_of
from incidents.texts import clean_text
from incidents.workflow import MOST_RETURNS, Act


@transaction.atomic
def sign(incident: Incident, *, actor: User, at: datetime | None = None) -> Incident:
    """The lead party takes the incident in hand."""
    step = moves.begin(incident, Act.SIGN, actor=actor, at=at)
    if step.repeats():
        return step.incident
    step.check()
    lead = lead_of(step.incident)
    assert lead is not None  # noqa: S101  (who signs stands as the lead)
    Assignment.objects.filter(pk=lead.pk).update(state=Assignment.State.SIGNED, signed_at=step.at, signed_by=actor)
    return step.finish()


@transaction.atomic
def return_incident(incident: Incident, *, actor: User, note: str, at: datetime | None = None) -> Incident:
    """The lead party says that it is not theirs, unclear or a duplicate. Twice at most in the life of an incident."""
    step = moves.begin(incident, Act.RETURN, actor=actor, at=at)
    note = clean_text(note, limit=500, field="note")
    if step.repeats(note=note):
        return step.incident
    returns = StatusChange.objects.filter(incident=step.incident, act=Act.RETURN).count()
    step.check(note=note, returns_left=MOST_RETURNS - returns > 0)
    Assignment.objects.filter(incident=step.incident, ended_at=None).update(ended_at=step.at)
    return step.finish(note=note)


@transaction.atomic
def handle(
    incident: Incident,
    *,
    actor: User,
    measures: str,
    outcome: str = "",
    contacted: str = "",
    done_at: datetime | None = None,
    at: datetime | None = None,
) -> Incident:
    """The lead says done: when, who was contacted, what was done, with what result. Somebody else verifies it."""
    step = moves.begin(incident, Act.HANDLE, actor=actor, at=at)
    measures = clean_text(measures, limit=2000, field="measures")
    if step.repeats(note=measures):
        return step.incident
    open_assists = [row for row in current_assignments(step.incident) if _owes_answer(row)]
    step.check(result=measures, assists_answered=not open_assists)
    done_at = _plausible(done_at or step.at, step)
    Result.objects.create(
        incident=step.incident,
        by=actor,
        at=step.at,
        done_at=done_at,
        contacted=clean_text(contacted, limit=200, field="contacted"),
        measures=measures,
        outcome=clean_text(outcome, limit=2000, field="outcome"),
    )
    return step.finish(note=measures)


def _owes_answer(row: Assignment) -> bool:
    return row.part == Assignment.Part.ASSIST and row.state not in {
        Assignment.State.ANSWERED,
        Assignment.State.RELEASED,
    }


def _plausible(done_at: datetime, step: moves.Step) -> datetime:
    if done_at > step.at + timedelta(minutes=1):
        raise Refused(_("The time of handling lies in the future."), code="done_at", field="done_at")
    if done_at < step.incident.reported_at - timedelta(minutes=1):
        raise Refused(_("The time of handling lies before the report."), code="done_at", field="done_at")
    return done_at
