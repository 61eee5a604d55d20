"""The command room's acts: level and category, and who shall handle it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import User
from grids.models import Department, Unit
from incidents.models import Assignment, Category, Incident
from incidents.services import moves
from incidents.texts import clean_text
from incidents.workflow import Act, Status

Party = Department | Unit


@transaction.atomic
def triage(
    incident: Incident,
    *,
    actor: User,
    level: int | None = None,
    category: Category | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Incident:
    """Set level and category. What stays as it was writes no history; the clocks follow a new level."""
    step = moves.begin(incident, Act.TRIAGE, actor=actor, at=at)
    incident = step.incident
    step.check()
    also: dict[str, Any] = {}
    data: dict[str, Any] = {}
    if level is not None and level != incident.level:
        if level not in range(1, 5):
            raise Refused(_("A level is 1, 2, 3 or 4."), code="level", field="level")
        data["level"], also["level"] = [incident.level, level], level
    if category is not None and category.pk != incident.category_id:
        if not category.is_reportable:
            raise Refused(
                _("Choose what it is: this entry can't be reported under."), code="category", field="category"
            )
        data["category"], also["category"] = [incident.category.code, category.code], category
    if not also:
        return incident
    return step.finish(note=clean_text(note, limit=500, field="note"), data=data, also=also)


@transaction.atomic
def dispatch(
    incident: Incident,
    *,
    actor: User | None,
    lead: Party | None,
    assisting: Sequence[Party] = (),
    note: str = "",
    rule: str = "",
    at: datetime | None = None,
) -> Incident:
    """Hand the incident to a lead party and any assisting ones: departments or units of its own street.

    No actor: the system does it, by the `rule` of that name. It does so once and never after a return.
    """
    step = moves.begin(incident, Act.DISPATCH, actor=actor, at=at)
    if actor is None and step.incident.status == Status.RETURNED:
        raise Refused(_("What was returned is dispatched by the command room, not by a rule."), code="returned")
    return _assign(step, lead, assisting, note, rule)


@transaction.atomic
def redispatch(
    incident: Incident,
    *,
    actor: User,
    lead: Party | None,
    assisting: Sequence[Party] = (),
    note: str,
    at: datetime | None = None,
) -> Incident:
    """Hand an incident that nobody has signed yet to others, with the reason."""
    return _assign(moves.begin(incident, Act.REDISPATCH, actor=actor, at=at), lead, assisting, note)


def _assign(step: moves.Step, lead: Party | None, assisting: Sequence[Party], note: str, rule: str = "") -> Incident:
    note = clean_text(note, limit=500, field="note")
    others = [party for party in dict.fromkeys(assisting) if party != lead]
    data: dict[str, Any] = {"lead": _named(lead), "assisting": [_named(party) for party in others]}
    if rule:
        data["rule"] = rule
    if step.repeats(note=note, data=data):
        return step.incident
    step.check(lead=lead, note=note)
    for party in (lead, *others):
        _check_party(step.incident, party)
    Assignment.objects.filter(incident=step.incident, ended_at=None).update(ended_at=step.at)
    Assignment.objects.bulk_create(
        [
            _row(step, lead, Assignment.Part.LEAD),
            *(_row(step, party, Assignment.Part.ASSIST) for party in others),
        ]
    )
    return step.finish(note=note, data=data)


def _named(party: Party | None) -> dict[str, str]:
    """A party as the history keeps it: by code for programs, by its names of the day for people."""
    if party is None:
        return {}
    return {"code": party.code, "name": party.name, "name_en": getattr(party, "name_en", "")}


def _row(step: moves.Step, party: Party | None, part: str) -> Assignment:
    department = party if isinstance(party, Department) else None
    unit = party if isinstance(party, Unit) else None
    return Assignment(incident=step.incident, part=part, department=department, unit=unit, assigned_at=step.at)


def _check_party(incident: Incident, party: Party | None) -> None:
    if isinstance(party, Department):
        fits = party.is_active and party.street_id in {None, incident.street_id}
    else:
        fits = party is not None and party.is_live and party.street_id == incident.street_id
    if not fits:
        raise Refused(_("“%(party)s” does not serve this sub-district.") % {"party": party}, code="party", field="lead")
