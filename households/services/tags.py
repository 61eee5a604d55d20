"""Tags of people, from a day to a day."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.models import Ability, Unit
from grids.posts import has_ability
from households.facts import clean_text
from households.models import Resident, ResidentTag, TagKind
from households.services.acting import What, held_resident, hold, record, write

_LONGEST_NOTE = 200


@transaction.atomic
def tag_resident(
    resident: Resident,
    *,
    kind: TagKind,
    since: date,
    actor: User | None,
    level: int | None = None,
    note: str = "",
    at: datetime | None = None,
) -> ResidentTag:
    """Give the person a tag of that kind from a day on. Who has a living one of the kind already keeps that."""
    at = at or clock.now()
    note = clean_text(note, field="note", limit=_LONGEST_NOTE)
    if since > timezone.localdate(at):
        raise Refused(_("This day lies ahead."), code="date_ahead", field="since")
    hold(resident.household.unit, at=at)
    resident = held_resident(resident, actor=actor)
    check_may_see(actor, kind, resident.household.unit)
    if not kind.is_active:
        raise Refused(_("This kind of tag is no longer in use."), code="kind_retired", field="kind")
    if there := ResidentTag.objects.filter(resident=resident, kind=kind, until=None).first():
        return there
    tag = ResidentTag.objects.create(resident=resident, kind=kind, level=level, note=note, since=since, made_by=actor)
    record(resident, What.TAGGED, actor=actor, at=at, after={"tag": kind.code, "since": since})
    write(resident, {}, at=at)
    return tag


@transaction.atomic
def end_tag(
    tag: ResidentTag, *, on: date, actor: User | None, reason: str = "", at: datetime | None = None
) -> ResidentTag:
    """The tag counts until `on`. One that has ended already keeps its day."""
    at = at or clock.now()
    if on > timezone.localdate(at):
        raise Refused(_("This day lies ahead."), code="date_ahead", field="on")
    hold(tag.resident.household.unit, at=at)
    resident = held_resident(tag.resident, actor=actor)
    tag = ResidentTag.objects.select_related("kind").get(pk=tag.pk)
    check_may_see(actor, tag.kind, resident.household.unit)
    if tag.until is not None:
        return tag
    if on < tag.since:
        raise Refused(
            _("The tag began on %(day)s. It can't end before.") % {"day": tag.since}, code="before_since", field="on"
        )
    tag.until = on
    tag.save(update_fields=["until"])
    record(resident, What.UNTAGGED, actor=actor, at=at, reason=reason, after={"tag": tag.kind.code, "until": on})
    write(resident, {}, at=at)
    return tag


def check_may_see(actor: User | None, kind: TagKind, unit: Unit) -> None:
    """Raise `Forbidden` for a sensitive kind at a place where the actor may not know of it."""
    if kind.is_sensitive and actor is not None and not has_ability(actor, Ability.SEE_SENSITIVE, unit):
        raise Forbidden(_("No post of yours lets you see this kind of tag here."), code="no_right")
