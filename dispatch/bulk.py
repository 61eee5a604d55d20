"""Many incidents to the same parties: each is dispatched by itself, so that one refusal stops no other."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from accounts.paging import ROWS
from dispatch.faults import log_failure
from grids.models import Department
from incidents import services
from incidents.models import Incident
from incidents.services.triage import Party

logger = logging.getLogger(__name__)

MOST: Final = ROWS
"""As many as one page of the queue shows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one incident of many."""

    incident: Incident
    refusal: str = ""
    """Why it was not dispatched; empty when it was."""

    @property
    def went(self) -> bool:
        return not self.refusal


def dispatch_each(
    incidents: Iterable[Incident],
    *,
    actor: User,
    lead: Party,
    assisting: Sequence[Party] = (),
    note: str = "",
    at: datetime | None = None,
) -> list[Outcome]:
    """Dispatch every one of these by `incidents.services.dispatch`, with all its rules and rights; one outcome each.

    Each stands in a transaction of its own (a savepoint within one): what the rules refuse is left as it was, and the
    others go. The same call again dispatches nothing twice. Raises `Refused` when there is none, or too many at once.
    """
    chosen = list(dict.fromkeys(incidents))
    if not chosen:
        raise Refused(_("Select at least one incident."), code="none")
    if len(chosen) > MOST:
        message = _("At most %(limit)d incidents at once: dispatch them in several steps.")
        raise Refused(message % {"limit": MOST}, code="many")
    at = at or clock.now()
    return [_dispatch(one, actor, lead, assisting, note, at) for one in chosen]


def departments_for_all(incidents: Iterable[Incident]) -> QuerySet[Department]:
    """The departments in use that serve every one of the streets where these lie."""
    streets = {incident.street_id for incident in incidents}
    serving = Q(street=None) | Q(street__in=streets) if len(streets) == 1 else Q(street=None)
    return Department.objects.filter(serving, is_active=True).order_by("street", "code")


def proposed_lead(incidents: Sequence[Incident]) -> Department | None:
    """Whom the catalogue names for every one of these alike; None when it names several, or nobody."""
    leads = {incident.category.lead for incident in incidents}
    return leads.pop() if len(leads) == 1 else None


def _dispatch(
    incident: Incident, actor: User, lead: Party, assisting: Sequence[Party], note: str, at: datetime
) -> Outcome:
    try:
        with transaction.atomic():
            services.dispatch(incident, actor=actor, lead=lead, assisting=assisting, note=note, at=at)
    except Refused as refusal:
        return Outcome(incident, refusal.message)
    except Exception as error:
        log_failure(logger, f"Dispatching incident {incident.number} with others", error)
        return Outcome(
            incident, _("Something went wrong on our side. Dispatch it by itself; if that fails too, tell us.")
        )
    return Outcome(incident)
