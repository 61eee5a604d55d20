"""The first answer to a resident: given by whoever has the incident, asked for in time, and what is kept so long."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.access_log import Act, record_access
from accounts.errors import Forbidden
from accounts.inbox import tell_many
from accounts.models import User
from dispatch.holding import HoldingParty, people_of
from dispatch.live.versions import changed
from grids.models import Ability
from grids.posts import has_ability, serves_party
from incidents.models import Incident
from incidents.standing import current_assignments
from incidents.texts import clean_text
from incidents.workflow import ENDED, OPEN, Status
from public.models import Answer, ResidentReport

REMIND_BEFORE: Final = timedelta(hours=2)
PHONE_KEPT: Final = timedelta(days=90)
"""After the matter has ended: the privacy notice says so."""
_A_TIME: Final = 500


def may_answer(user: User, incident: Incident) -> bool:
    """The command room of the place, and whoever serves a party that has the incident now."""
    if has_ability(user, Ability.DISPATCH, incident.unit):
        return True
    return any(serves_party(user, row.party) for row in current_assignments(incident))


@transaction.atomic
def answer_resident(incident: Incident, *, actor: User, text: str, at: datetime | None = None) -> Answer:
    """Tell the resident something, on the progress page. The same words again are kept once."""
    if not may_answer(actor, incident):
        raise Forbidden(_("The command room, or a party that has this incident, answers the resident."), code="who")
    at = at or clock.now()
    text = clean_text(text, limit=1000, field="text", required=True)
    report = ResidentReport.objects.select_for_update().get(incident=incident)
    last = report.answers.last()
    if last is not None and last.text == text and last.by_id == actor.pk:
        return last
    if report.answered_at is None:
        report.answered_at = at
        report.save(update_fields=["answered_at"])
        changed(incident.street_id)  # one less in the list and its badge
    return Answer.objects.create(report=report, text=text, by=actor, at=at)


@transaction.atomic
def reveal_phone(incident: Incident, *, actor: User, address: str | None = None, at: datetime | None = None) -> str:
    """The number that the resident left, for whoever may answer; each look is in the access log."""
    if not may_answer(actor, incident):
        raise Forbidden(_("The command room, or a party that has this incident, answers the resident."), code="who")
    report = ResidentReport.objects.get(incident=incident)
    record_access(
        actor,
        act=Act.REVEAL,
        subject="incident",
        subject_id=incident.pk,
        what="phone",
        unit_code=incident.unit.code[:22],
        is_own_area=True,
        address=address,
        at=at,
    )
    return report.phone


def remind_of_answers(now: datetime | None = None) -> int:
    """Tell the command room of each report that has no answer two hours before it is due; once, and returns how many.

    Rows that another worker is at are left to it.
    """
    now = now or clock.now()
    owed = ResidentReport.objects.filter(
        answered_at=None, reminded_at=None, answer_due_at__lte=now + REMIND_BEFORE, incident__status__in=OPEN
    )
    keys = list(owed.order_by("answer_due_at").values_list("pk", flat=True)[:_A_TIME])
    return sum(_remind(key, now) for key in keys)


@transaction.atomic
def _remind(key: int, now: datetime) -> int:
    rows = ResidentReport.objects.select_for_update(of=("self",), skip_locked=True).select_related("incident")
    report = rows.filter(pk=key, answered_at=None, reminded_at=None).first()
    if report is None or report.incident.status not in OPEN:
        return 0
    report.reminded_at = now
    report.save(update_fields=["reminded_at"])
    url = reverse("incidents:act", args=[report.incident.number, "answer-resident"])
    room = HoldingParty(Ability.DISPATCH, unit_id=report.incident.street_id)
    tell_many([user.pk for user in people_of(room, now)], _OWED, url=url, tone="warning", at=now)
    return 1


_OWED: Final = gettext_lazy("A resident's report has no first answer yet; it is due soon or overdue.")


def forget_phones(now: datetime | None = None) -> int:
    """Delete the numbers of residents whose matter ended 90 days ago; returns how many."""
    ended = ResidentReport.objects.filter(
        incident__status__in=[status for status in ENDED if status != Status.CLOSED],
        incident__state_entered_at__lte=(now or clock.now()) - PHONE_KEPT,
    )
    return ended.exclude(phone="").update(phone="")
