"""Reporting, and closing on the spot."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.models import Ability, Kind, Post, Unit
from grids.posts import post_for
from incidents import workflow
from incidents.actors import Actor, Resident, account_of
from incidents.models import Attachment, Category, Incident, Result, Source
from incidents.services import moves
from incidents.services.locks import wait_for_same
from incidents.texts import clean_text
from incidents.workflow import Act, Status, Who


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody reports. `client_uuid` is made by the form or phone: the same one twice is the same incident."""

    unit: Unit
    category: Category
    description: str
    place_note: str = ""
    source: str = Source.WORKER
    level: int | None = None
    client_uuid: uuid.UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def report_incident(draft: Draft, *, actor: User | Resident, at: datetime | None = None) -> Incident:
    """File an incident: number, place, level of the catalogue, first row of history.

    Sent again with the same `client_uuid` by the same reporter it returns the incident that is there already, and
    writes nothing. Raises `Forbidden` outside the reporter's area and `Refused` for a draft that says too little.
    """
    at = at or clock.now()
    if known := Incident.objects.filter(client_uuid=draft.client_uuid).first():
        return _own(known, actor)
    post, standing = _standing(draft, actor, at)
    workflow.check_move(None, Act.REPORT, standing=standing, facts={})
    _check(draft)
    wait_for_same(draft.client_uuid)
    if known := Incident.objects.filter(client_uuid=draft.client_uuid).first():
        return _own(known, actor)
    incident = _create(draft, actor=actor, at=at)
    drafts = Attachment.objects.filter(draft_key=draft.client_uuid, incident=None, uploaded_by=account_of(actor))
    drafts.update(incident=incident)
    moves.append(
        incident, Act.REPORT, old="", new=Status.REPORTED, actor=actor, post=post, at=at, data={"level": incident.level}
    )
    return incident


@transaction.atomic
def settle(incident: Incident, *, actor: User, measures: str, at: datetime | None = None) -> Incident:
    """Close a level 1 incident that its reporter handled on the spot (上报即办结); a sample is checked later."""
    step = moves.begin(incident, Act.SETTLE, actor=actor, at=at)
    measures = clean_text(measures, limit=2000, field="measures")
    if step.repeats(note=measures):
        return step.incident
    step.check(level_1=step.incident.level == 1, result=measures)
    Result.objects.create(incident=step.incident, by=actor, at=step.at, done_at=step.at, measures=measures)
    return step.finish(note=measures, also={"closed_at": step.at})


@transaction.atomic
def report_settled(draft: Draft, *, actor: User, measures: str, at: datetime | None = None) -> Incident:
    """Report what the reporter handled on the spot, and close it, in one act: both are kept, or neither.

    Sent again it returns the incident as it stands by now. Raises what `report_incident` and `settle` raise.
    """
    incident = report_incident(draft, actor=actor, at=at)
    if incident.status != Status.REPORTED:
        return incident
    return settle(incident, actor=actor, measures=measures, at=at)


def _standing(draft: Draft, actor: User | Resident, at: datetime) -> tuple[Post | None, set[Who]]:
    """In what standing the actor reports, and by which post: a resident only as a resident, staff by a post there."""
    if isinstance(actor, Resident):
        return None, {Who.RESIDENT} if draft.source == Source.RESIDENT else set()
    post = post_for(actor, Ability.REPORT, draft.unit, on=timezone.localdate(at))
    return post, {Who.STAFF} if post else set()


def _own(incident: Incident, actor: Actor) -> Incident:
    if incident.reporter_id != (actor.pk if actor else None):
        raise Forbidden(_("This form was sent by somebody else already."), code="client_uuid")
    return incident


def _check(draft: Draft) -> None:
    if draft.category.level is None or draft.category.ended_at is not None:
        raise Refused(_("Choose what it is: this entry can't be reported under."), code="category", field="category")
    if not draft.unit.is_live:
        raise Refused(_("This place was retired from the tree. Choose another."), code="unit", field="unit")
    if draft.unit.street_id is None:
        raise Refused(_("Choose a place within a sub-district."), code="unit", field="unit")
    if draft.level is not None and draft.level not in range(1, 5):
        raise Refused(_("A level is 1, 2, 3 or 4."), code="level", field="level")


def _create(draft: Draft, *, actor: Actor, at: datetime) -> Incident:
    unit = draft.unit
    street = unit if unit.kind == Kind.STREET else unit.street
    level = draft.level or draft.category.level
    assert street is not None  # noqa: S101  (_check refused both)
    assert level is not None  # noqa: S101
    return Incident.objects.create(
        number=next_number(street, at=at),
        client_uuid=draft.client_uuid,
        level=level,
        category=draft.category,
        description=clean_text(draft.description, limit=2000, field="description", required=True),
        place_note=clean_text(draft.place_note, limit=200, field="place_note"),
        source=draft.source,
        unit=unit,
        street=street,
        community_id=unit.community_id,
        grid_id=unit.grid_id,
        micro_grid_id=unit.micro_grid_id,
        reporter=account_of(actor),
        reported_at=at,
        state_entered_at=at,
    )


def next_number(street: Unit, *, at: datetime) -> str:
    """The next number of a street's day, such as `20261122-330206003-0042`: digits only, to be said on the phone.

    One row per street and day is counted up and stays locked until the transaction ends: unique, and a report that
    fails leaves no gap.
    """
    day = timezone.localdate(at)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO incidents_numbersequence AS s (street_id, day, last) VALUES (%s, %s, 1)
            ON CONFLICT (street_id, day) DO UPDATE SET last = s.last + 1 RETURNING last
            """,
            [street.pk, day],
        )
        (last,) = cursor.fetchone()
    return f"{day:%Y%m%d}-{street.code}-{last:04d}"
