"""The end of the loop: verified by somebody else, evaluated, archived, or opened again."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.models import User
from incidents.actors import Actor, account_of
from incidents.models import Assignment, Evaluation, Incident
from incidents.services import moves
from incidents.standing import lead_of
from incidents.texts import clean_text
from incidents.workflow import Act

EVALUATION_WINDOW: Final = timedelta(days=3)
"""How long the person concerned may be asked and may be dissatisfied before the incident is archived unasked."""
REOPEN_WINDOW: Final = timedelta(days=30)
"""How long a closed incident may be opened again (the rework rate of the handbook counts thirty days)."""


@transaction.atomic
def verify(incident: Incident, *, actor: User, note: str = "", at: datetime | None = None) -> Incident:
    """Somebody who had no hand in it confirms the result: the incident is closed."""
    step = moves.begin(incident, Act.VERIFY, actor=actor, at=at)
    note = clean_text(note, limit=500, field="note")
    if step.repeats(note=note):
        return step.incident
    step.check()
    return step.finish(note=note, also={"closed_at": step.at})


@transaction.atomic
def reject(incident: Incident, *, actor: User, note: str, at: datetime | None = None) -> Incident:
    """The result does not hold: back to the lead, counted as rework."""
    step = moves.begin(incident, Act.REJECT, actor=actor, at=at)
    note = clean_text(note, limit=500, field="note")
    if step.repeats(note=note):
        return step.incident
    step.check(note=note)
    return step.finish(note=note)


@transaction.atomic
def evaluate(incident: Incident, *, actor: Actor, score: str, text: str = "", at: datetime | None = None) -> Incident:
    """Record what the person concerned thinks of the outcome."""
    step = moves.begin(incident, Act.EVALUATE, actor=actor, at=at)
    text, data = clean_text(text, limit=1000, field="text"), {"score": str(Evaluation.Score(score))}
    if step.repeats(note=text, data=data):
        return step.incident
    step.check()
    Evaluation.objects.create(incident=step.incident, score=score, text=text, recorded_by=account_of(actor), at=step.at)
    return step.finish(note=text, data=data)


@transaction.atomic
def reopen(incident: Incident, *, actor: Actor, note: str, at: datetime | None = None) -> Incident:
    """Open a closed incident again: with its lead, or for triage when it was closed on the spot. Counted as rework."""
    has_lead = lead_of(moves.locked(incident)) is not None
    step = moves.begin(incident, Act.REOPEN if has_lead else Act.REOPEN_TO_TRIAGE, actor=actor, at=at)
    note = clean_text(note, limit=500, field="note")
    if step.repeats(note=note):
        return step.incident
    closed_at = step.incident.closed_at
    in_window = closed_at is not None and step.at <= closed_at + REOPEN_WINDOW
    step.check(note=note, window=in_window, had_lead=has_lead, no_lead=not has_lead)
    Assignment.objects.filter(
        incident=step.incident, ended_at=None, part=Assignment.Part.ASSIST, state=Assignment.State.ASSIGNED
    ).update(state=Assignment.State.RELEASED)
    return step.finish(note=note, also={"closed_at": None})


@transaction.atomic
def archive(incident: Incident, *, actor: User | None, at: datetime | None = None) -> Incident:
    """Put a closed incident away: evaluated, or its evaluation window over. By hand, or hourly by the system."""
    step = moves.begin(incident, Act.ARCHIVE, actor=actor, at=at)
    if step.repeats():
        return step.incident
    closed_at = step.incident.closed_at
    evaluated = closed_at and Evaluation.objects.filter(incident=step.incident, at__gte=closed_at).exists()
    window_over = closed_at is not None and step.at >= closed_at + EVALUATION_WINDOW
    step.check(evaluated_or_window_over=evaluated or window_over)
    return step.finish()
