"""Putting an incident on hold until a date (挂账): the lead asks, somebody else decides, the clock stands still."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell
from accounts.models import User
from incidents.models import Incident, SuspensionRequest
from incidents.services import moves
from incidents.standing import standing_of
from incidents.texts import clean_text
from incidents.workflow import Act, Status, Who


@transaction.atomic
def ask_suspension(
    incident: Incident, *, actor: User, reason: str, until: datetime, at: datetime | None = None
) -> SuspensionRequest:
    """The lead party asks. One request at a time; asked again in the same words it stays the one."""
    incident, at = moves.locked(incident), at or clock.now()
    reason = clean_text(reason, limit=1000, field="reason", required=True)
    if Who.LEAD not in standing_of(actor, incident, at=at):
        raise Forbidden(_("Only the lead party asks for a suspension."), code="who")
    if incident.status != Status.IN_PROGRESS:
        raise Refused(_("Only an incident in progress can be suspended."), code="status")
    if until <= at:
        raise Refused(_("Choose a moment in the future."), code="until", field="until")
    waiting = SuspensionRequest.objects.filter(incident=incident, decided_at=None).first()
    if waiting is None:
        return SuspensionRequest.objects.create(
            incident=incident, asked_by=actor, asked_at=at, reason=reason, until=until
        )
    if (waiting.asked_by_id, waiting.reason, waiting.until) != (actor.pk, reason, until):
        raise Refused(_("A request for suspension is waiting for a decision already."), code="waiting")
    return waiting


@transaction.atomic
def decide_suspension(
    incident: Incident, *, actor: User, approve: bool, note: str = "", at: datetime | None = None
) -> Incident:
    """Approve (the incident is suspended until the date asked for) or refuse (it stays in progress).

    Whoever asked is told, once.
    """
    step = moves.begin(incident, Act.SUSPEND, actor=actor, at=at)
    note = clean_text(note, limit=1000, field="note", required=not approve)
    request = SuspensionRequest.objects.select_for_update().filter(incident=step.incident, decided_at=None).first()
    if request is None and approve and step.repeats(note=note, data=step.last.data if step.last else None):
        return step.incident
    step.check(request=request)
    assert request is not None  # noqa: S101  (check refused it)
    if approve and request.until <= step.at:
        raise Refused(_("The date asked for is over. Refuse it, and let the party ask again."), code="until")
    request.decided_by, request.decided_at = actor, step.at
    request.is_approved, request.decision_note = approve, note
    request.save(update_fields=["decided_by", "decided_at", "is_approved", "decision_note"])
    _tell(request, at=step.at)
    if not approve:
        return step.incident
    data: dict[str, Any] = {"until": request.until.isoformat(), "reason": request.reason}
    return step.finish(note=note, data=data, also={"suspended_until": request.until})


@transaction.atomic
def resume(incident: Incident, *, actor: User | None, note: str = "", at: datetime | None = None) -> Incident:
    """Take it up again: by the lead or an approver, or by the system when the date has come."""
    step = moves.begin(incident, Act.RESUME, actor=actor, at=at)
    note = clean_text(note, limit=500, field="note")
    if step.repeats(note=note):
        return step.incident
    step.check()
    return step.finish(note=note, also={"suspended_until": None})


def _tell(request: SuspensionRequest, *, at: datetime) -> None:
    """Answer whoever asked. The decision's own words stay on the incident's page: residents may be named in them."""
    if request.is_approved:
        said, tone = gettext_lazy("The suspension of {number} was approved: until {moment}."), "success"
    else:
        said, tone = gettext_lazy("The suspension of {number} was refused. Its page says why."), "warning"
    number, moment = request.incident.number, f"{timezone.localtime(request.until):%Y-%m-%d %H:%M}"
    url = reverse("incidents:incident", args=[number])
    tell(request.asked_by, format_lazy(said, number=number, moment=moment), url=url, tone=tone, at=at)
