"""Two reports of one thing become one; a report of nothing is void. Both stay readable."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import User
from incidents.models import Assignment, Incident
from incidents.services import moves
from incidents.texts import clean_text
from incidents.workflow import ENDED, Act


@transaction.atomic
def merge(
    incident: Incident, *, into: Incident | None, actor: User, note: str = "", at: datetime | None = None
) -> Incident:
    """Merge `incident` into another open one of the same street; what was merged into it before follows along."""
    if into is not None:
        _lock_in_order(incident, into)
    step = moves.begin(incident, Act.MERGE, actor=actor, at=at)
    note = clean_text(note, limit=500, field="note")
    data = {"into": into.number if into else ""}
    if step.repeats(note=note, data=data):
        return step.incident
    step.check(target=into)
    assert into is not None  # noqa: S101  (check refused it)
    into = moves.locked(into)
    _check_target(step.incident, into)
    _end_assignments(step)
    Incident.objects.filter(merged_into=step.incident).update(merged_into=into)
    return step.finish(note=note, data=data, also={"merged_into": into})


@transaction.atomic
def merge_together(
    incident: Incident,
    *,
    into: Incident,
    others: Sequence[Incident] = (),
    actor: User,
    note: str = "",
    at: datetime | None = None,
) -> Incident:
    """Merge this incident and `others` into one of them, or into another one: all of them or none.

    `into` may be the incident itself, when there are others: it stays, and they follow it. Returns the one that leads.
    """
    followers = {row.pk: row for row in (incident, *others) if row.pk != into.pk} or {incident.pk: incident}
    _lock_in_order(into, *followers.values())
    for row in followers.values():
        try:
            merge(row, into=into, actor=actor, note=note, at=at)
        except Refused as refusal:
            if row.pk == incident.pk:
                raise
            message = f"{row.number}: {refusal.message}"
            raise Refused(message, code=refusal.code, field=refusal.field) from refusal
    return into


@transaction.atomic
def void(incident: Incident, *, actor: User, note: str, at: datetime | None = None) -> Incident:
    """Declare that there is nothing to handle (a test, a mistake, out of the area), with the reason."""
    step = moves.begin(incident, Act.VOID, actor=actor, at=at)
    note = clean_text(note, limit=500, field="note")
    if step.repeats(note=note):
        return step.incident
    step.check(note=note)
    _end_assignments(step)
    return step.finish(note=note, also={"suspended_until": None})


def _lock_in_order(*incidents: Incident) -> None:
    """Two officers merging a pair into each other must not wait for one another for ever."""
    pks = sorted(incident.pk for incident in incidents)
    list(Incident.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=pks).order_by("pk"))


def _check_target(incident: Incident, into: Incident) -> None:
    if into.pk == incident.pk:
        raise Refused(_("An incident can't be merged into itself."), code="target", field="into")
    if into.street_id != incident.street_id:
        raise Refused(_("Both must lie in the same sub-district."), code="target", field="into")
    if into.status in ENDED:
        raise Refused(
            _("%(number)s is %(status)s. Choose an open incident.")
            % {"number": into.number, "status": into.get_status_display()},
            code="target",
            field="into",
        )


def _end_assignments(step: moves.Step) -> None:
    Assignment.objects.filter(incident=step.incident, ended_at=None).update(ended_at=step.at)
