"""More time for handling an incident (延期): the lead asks, somebody else decides, and the clock runs meanwhile.

Unlike a suspension nothing stands still: the work goes on, towards a later moment.
"""

from datetime import datetime

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
from dispatch import clocks, shifts
from dispatch.models import Deadline, DeadlineShift, ExtensionRequest
from dispatch.models.deadline import Clock
from grids.models import Ability
from grids.posts import post_for
from incidents.models import Incident
from incidents.services import moves
from incidents.standing import standing_of
from incidents.texts import clean_text
from incidents.workflow import Status, Who

EXTENDED = (Clock.HANDLE, Clock.CLOSE_OUT)


@transaction.atomic
def ask_extension(
    incident: Incident, *, actor: User, reason: str, until: datetime, at: datetime | None = None
) -> ExtensionRequest:
    """The lead party asks, before the time is over. One request at a time; asked again in the same words it is the one.

    Raises `Forbidden` for anybody else, `Refused` when there is no time to extend or the moment makes no sense.
    """
    incident, at = moves.locked(incident), at or clock.now()
    reason = clean_text(reason, limit=1000, field="reason", required=True)
    if Who.LEAD not in standing_of(actor, incident, at=at):
        raise Forbidden(_("Only the lead party asks for an extension."), code="who")
    if waiting := waiting_request(incident):
        if (waiting.asked_by_id, waiting.reason, waiting.until) != (actor.pk, reason, until):
            raise Refused(_("A request for extension is waiting for a decision already."), code="waiting")
        return waiting
    due_at = _running(incident)[0].due_at
    if due_at <= at:
        raise Refused(_("The time is over: an extension is asked for before. Ask for a suspension."), code="over")
    _check_later(until, due_at)
    return ExtensionRequest.objects.create(incident=incident, asked_by=actor, asked_at=at, reason=reason, until=until)


@transaction.atomic
def decide_extension(
    incident: Incident, *, actor: User, approve: bool, note: str = "", at: datetime | None = None
) -> ExtensionRequest:
    """Approve (handling is due at the moment asked for, the close-out at the line after) or refuse (nothing moves).

    Whoever asked never decides. Of two who decide at once the first counts; the same decision sent again by the same
    person changes nothing.
    """
    incident, at = moves.locked(incident), at or clock.now()
    note = clean_text(note, limit=1000, field="note", required=not approve)
    if post_for(actor, Ability.APPROVE, incident.unit, on=timezone.localdate(at)) is None:
        raise Forbidden(_("No post of yours lets you decide on extensions here."), code="who")
    request = waiting_request(incident)
    if request is None:
        return _repeated(incident, actor, approve, note)
    if request.asked_by_id == actor.pk:
        raise Forbidden(_("Somebody else decides on what you asked for."), code="who")
    due_at = _extend(incident, request, approved_by=actor, at=at) if approve else None
    request.decided_by, request.decided_at = actor, at
    request.is_approved, request.decision_note = approve, note
    request.save(update_fields=["decided_by", "decided_at", "is_approved", "decision_note"])
    _tell(request, due_at, at=at)
    return request


def waiting_request(incident: Incident) -> ExtensionRequest | None:
    """The request that waits for a decision, if there is one."""
    return ExtensionRequest.objects.filter(incident=incident, decided_at=None).select_related("asked_by").first()


def extensible_until(incident: Incident) -> datetime | None:
    """When the clock runs out that an extension would move; None when none runs."""
    running = _extended_clocks(incident)
    return running[0].due_at if running else None


def _extend(incident: Incident, request: ExtensionRequest, *, approved_by: User, at: datetime) -> datetime:
    """Move the handling clock to the moment asked for, and the close-out to its line after that.

    Returns when the clock is due now that the request was about.

    Neither ever comes earlier: a close-out that a standstill has moved further than this stays.
    """
    running = _running(incident)
    if request.until <= at:
        raise Refused(_("The date asked for is over. Refuse it, and let the party ask again."), code="until")
    _check_later(request.until, running[0].due_at)
    for deadline in running:
        due_is = clocks.at_line(deadline, request.until)
        if due_is > deadline.due_at:
            shifts.move(
                deadline,
                kind=DeadlineShift.Kind.EXTENDED,
                due_is=due_is,
                at=at,
                reason=request.reason,
                approved_by=approved_by,
            )
    return running[0].due_at


def _tell(request: ExtensionRequest, due_at: datetime | None, *, at: datetime) -> None:
    """Answer whoever asked. The decision's own words stay on the incident's page: residents may be named in them."""
    if due_at is None:
        said, tone = gettext_lazy("The extension of {number} was refused. Its page says why."), "warning"
    else:
        said, tone = gettext_lazy("The extension of {number} was approved: due {moment}."), "success"
    number, moment = request.incident.number, f"{timezone.localtime(due_at):%Y-%m-%d %H:%M}" if due_at else ""
    url = reverse("incidents:incident", args=[number])
    tell(request.asked_by, format_lazy(said, number=number, moment=moment), url=url, tone=tone, at=at)


def _running(incident: Incident) -> list[Deadline]:
    """The clocks that an extension moves, the one it is asked for first. Raises `Refused` when there is none."""
    if incident.status != Status.IN_PROGRESS:
        raise Refused(_("Only an incident in progress is given more time."), code="status")
    running = _extended_clocks(incident)
    if not running:
        raise Refused(_("No time limit runs that could be extended."), code="no_limit")
    return running


def _extended_clocks(incident: Incident) -> list[Deadline]:
    """Handling first; where no rule limits it (level 3 and 4) the close-out alone."""
    rows = [row for row in incident.deadlines.all() if row.is_running and row.clock in EXTENDED]
    return sorted(rows, key=lambda row: EXTENDED.index(Clock(row.clock)))


def _check_later(until: datetime, due_at: datetime) -> None:
    if until <= due_at:
        moment = f"{timezone.localtime(due_at):%Y-%m-%d %H:%M}"
        message = _("Choose a moment after the present one, which is %(moment)s.") % {"moment": moment}
        raise Refused(message, code="until", field="until")


def _repeated(incident: Incident, actor: User, approve: bool, note: str) -> ExtensionRequest:
    """The last decision when this is the same one sent again; else it is refused, for somebody was quicker."""
    last = ExtensionRequest.objects.filter(incident=incident).exclude(decided_at=None).order_by("pk").last()
    if last and (last.decided_by_id, last.is_approved, last.decision_note) == (actor.pk, approve, note):
        return last
    raise Refused(_("No request for extension waits for a decision."), code="request")
