"""Handing the room over: a note, what is open at that moment, and somebody else who takes over."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.api import TOO_LATE
from accounts.errors import Refused
from accounts.inbox import tell, tell_many
from accounts.models import User
from dispatch.duty.rooms import Room, check_belongs, members_of
from dispatch.models import Deadline, Handover, OutboxMessage, Supervision, Whistle
from dispatch.models.deadline import Clock
from dispatch.outbox import DEAD
from dispatch.selectors import RUNNING as RUNNING_CLOCK
from dispatch.selectors import SERIOUS, by_minutes_left, with_due
from grids.models import District, Unit
from incidents.models import Incident
from incidents.texts import clean_text
from incidents.workflow import OPEN, RUNNING, Status

TOP: Final = 15
"""How many incidents a handover names, the most pressing first: as many as a digest."""


@transaction.atomic
def hand_over(room: Room, *, actor: User, note: str, at: datetime | None = None) -> Handover:
    """Leave the room to the next shift: the note, and what is open now, frozen. The others of the room are told.

    One handover waits at a time; sent twice in the same words it is the one that waits. Raises `Forbidden` for who
    doesn't work in the room, `Refused` without a note or while another handover waits to be taken over.
    """
    at = at or clock.now()
    check_belongs(actor, room, timezone.localdate(at))
    note = clean_text(note, limit=2000, field="note", required=True)
    _lock(room)
    if waiting := waiting_in(room):
        if (waiting.handed_by_id, waiting.note) == (actor.pk, note):
            return waiting
        raise Refused(
            _("%(name)s has handed over already. Take that over first.") % {"name": waiting.handed_by.name},
            code="waiting",
        )
    handover = Handover.objects.create(street=room, handed_by=actor, handed_at=at, note=note, open=open_in(room, at=at))
    others = members_of(room, timezone.localdate(at)).exclude(pk=actor.pk)
    said = format_lazy(gettext_lazy("{name} has handed the command room over: please take over."), name=actor.name)
    tell_many(list(others.values_list("pk", flat=True)), said, url=_url(handover), tone="warning", at=at)
    return handover


@transaction.atomic
def take_over(handover: Handover, *, actor: User, at: datetime | None = None) -> Handover:
    """Take what was handed over: another person of the room does it, once. Done twice by the same it is done once."""
    at = at or clock.now()
    # Nothing joined: after a wait for the lock the row is read anew, what was joined to it is not.
    handover = Handover.objects.select_for_update(no_key=True).get(pk=handover.pk)
    check_belongs(actor, handover.street, timezone.localdate(at))
    if handover.taken_by_id == actor.pk:
        return handover
    if handover.taken_by is not None:
        raise Refused(_("%(name)s has taken over already.") % {"name": handover.taken_by.name}, code=TOO_LATE)
    if handover.handed_by_id == actor.pk:
        raise Refused(_("Another person takes over what you hand over."), code="own")
    handover.taken_by, handover.taken_at = actor, at
    handover.save(update_fields=["taken_by", "taken_at"])
    said = format_lazy(gettext_lazy("{name} has taken the command room over."), name=actor.name)
    tell(handover.handed_by, said, url=_url(handover), tone="success", at=at)
    return handover


def waiting_in(room: Room) -> Handover | None:
    """The handover that nobody has taken over yet."""
    return Handover.objects.filter(street=room, taken_at=None).select_related("handed_by").first()


def open_in(room: Room, *, at: datetime) -> dict[str, Any]:
    """What a room hands over at a moment, as it is frozen.

    Numbers and counts alone: descriptions stay on the incidents' own pages. The district centre names level 3 and up,
    as in its digest, and counts everything.
    """
    incidents = Incident.objects.filter(status__in=OPEN)
    if room is not None:
        incidents = incidents.filter(street=room)
    pressing = incidents if room is not None else incidents.filter(level__gte=SERIOUS)
    return {**_figures(incidents, at), **_besides(room), "numbers": _top(pressing)}


def _figures(incidents: QuerySet[Incident], at: datetime) -> dict[str, int]:
    late = Deadline.objects.filter(RUNNING_CLOCK, incident=OuterRef("pk"), clock=Clock.SIGN, due_at__lt=at)
    unsigned = with_due(incidents).annotate(is_unsigned=Exists(late)).order_by()
    return unsigned.aggregate(
        total=Count("pk"),
        overdue=Count("pk", filter=Q(status__in=RUNNING, due_at__lt=at)),
        serious=Count("pk", filter=Q(level__gte=SERIOUS)),
        unsigned=Count("pk", filter=Q(status=Status.DISPATCHED, is_unsigned=True)),
    )


def _besides(room: Room) -> dict[str, int]:
    """What else waits: messages not delivered, supervision items, whistles; for the district those of all streets."""
    here = {} if room is None else {"street": room}
    return {
        "dead_letters": OutboxMessage.objects.filter(DEAD, **here).count(),
        "supervisions": Supervision.objects.filter(
            state__in=(Supervision.State.ISSUED, Supervision.State.RECTIFIED), **here
        ).count(),
        "whistles": Whistle.objects.filter(state=Whistle.State.OPEN, **here).count(),
    }


def _top(incidents: QuerySet[Incident]) -> list[str]:
    return list(by_minutes_left(incidents).values_list("number", flat=True)[:TOP])


def _lock(room: Room) -> None:
    """Two who hand over at once wait for each other."""
    rows = District.objects.order_by("pk") if room is None else Unit.objects.filter(pk=room.pk)
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def _url(handover: Handover) -> str:
    return reverse("dispatch:handover", args=[handover.pk])
