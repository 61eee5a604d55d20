"""Clocks of whistles and supervision items: which are missing, which live on, and how they are started again.

What ran is taken up where it was: the copy of the rule on the last row, and the moment that was promised. A department
that never had a clock gets those of the whistle's grade. An item that never had one stays a finding, for the time may
have been given by hand, and nobody is late for what was not asked of him.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dispatch.calendar import calendar_of
from dispatch.clocks import UNDONE
from dispatch.limits import limit_for_whistle
from dispatch.models import Deadline, Supervision, Whistle, WhistleParty
from dispatch.models.deadline import Clock

_DONE_AT: Final = {Clock.SIGN: "signed_at", Clock.CONTACT: "contacted_at", Clock.ARRIVE: "arrived_at"}
"""Until when a department's clocks run: the columns of its row."""
_ITEM_ENDED: Final = (Supervision.State.DONE, Supervision.State.WITHDRAWN)

# -- what is wrong -----------------------------------------------------------------------------------------------


def parties_without_clock() -> QuerySet[WhistleParty]:
    """Departments that owe an act whose clock ran and is gone, or that never had any clock.

    A clock that no rule asked for when the others were started isn't missing.
    """
    rows = Deadline.objects.filter(whistle_party=OuterRef("pk"))
    is_without = Q(~Exists(rows))
    for each, done_at in _DONE_AT.items():
        ran = rows.filter(clock=each)
        is_without |= Q(Exists(ran), ~Exists(ran.filter(UNDONE)), **{done_at: None})
    owing = WhistleParty.objects.filter(whistle__state=Whistle.State.OPEN, released_at=None, arrived_at=None)
    return owing.filter(is_without).order_by("pk")


def items_without_clock() -> QuerySet[Supervision]:
    """Items that are to be put right, without a clock that runs; while one waits for its re-check none does."""
    alive = Deadline.objects.filter(UNDONE, supervision=OuterRef("pk"))
    return Supervision.objects.filter(~Exists(alive), state=Supervision.State.ISSUED).order_by("pk")


def clocks_of_ended_parties() -> QuerySet[Deadline]:
    """Of departments that were released, and of whistles that are closed or withdrawn."""
    is_over = ~Q(whistle_party__whistle__state=Whistle.State.OPEN) | Q(whistle_party__released_at__isnull=False)
    return Deadline.objects.filter(UNDONE, is_over, whistle_party__isnull=False).order_by("pk")


def clocks_of_ended_items() -> QuerySet[Deadline]:
    return Deadline.objects.filter(UNDONE, supervision__state__in=_ITEM_ENDED).order_by("pk")


# -- put right ---------------------------------------------------------------------------------------------------


def start_missing(now: datetime, *, most: int) -> int:
    """Start what can be started, `most` of each kind; returns how many departments and items have clocks again."""
    parties = list(parties_without_clock().values_list("pk", flat=True)[:most])
    items = list(items_without_clock().values_list("pk", flat=True)[:most])
    return sum(_start_party(pk, now) for pk in parties) + sum(_start_item(pk, now) for pk in items)


@transaction.atomic
def _start_party(pk: int, now: datetime) -> bool:
    """False when somebody acts on the whistle at this very moment, or nothing is missing any more."""
    free = Whistle.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    whistle = free.select_related("unit", "incident__category").filter(parties=pk).first()
    party = parties_without_clock().filter(pk=pk).first() if whistle else None
    if whistle is None or party is None:
        return False
    last = {row.clock: row for row in party.deadlines.order_by("pk")}
    owed = [each for each, done_at in _DONE_AT.items() if getattr(party, done_at) is None]
    if last:
        rows = [_again(last[each], now) for each in owed if each in last and not _is_alive(last[each])]
    else:
        rows = [row for each in owed if (row := _by_grade(each, whistle, party, now))]
    return bool(Deadline.objects.bulk_create(rows))


@transaction.atomic
def _start_item(pk: int, now: datetime) -> bool:
    """False when somebody acts on the item at this very moment, or it never had a clock."""
    free = Supervision.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    item = free.filter(pk=pk).first()
    if item is None or not items_without_clock().filter(pk=pk).exists():
        return False
    last = item.deadlines.order_by("pk").last()
    return last is not None and bool(Deadline.objects.bulk_create([_again(last, now)]))


def _is_alive(row: Deadline) -> bool:
    return row.met_at is None and row.cancelled_at is None


def _again(before: Deadline, now: datetime) -> Deadline:
    """The same clock towards the same moment; one that was missed is missed still, and nobody is told of it twice."""
    return Deadline(
        whistle_party_id=before.whistle_party_id,
        supervision_id=before.supervision_id,
        clock=before.clock,
        rule={**before.rule, "again_after": before.pk, "audit": now.isoformat()},
        starts_at=before.starts_at,
        due_at=before.due_at,
        missed_at=before.missed_at,
    )


def _by_grade(each: Clock, whistle: Whistle, party: WhistleParty, now: datetime) -> Deadline | None:
    """The clock that today's rules ask for, counted from the call; None when none does."""
    limit = limit_for_whistle(each, whistle, at=now)
    if limit is None:
        return None
    return Deadline(
        whistle_party=party,
        clock=each,
        rule={**limit.as_json(), "set_at": now.isoformat(), "audit": now.isoformat()},
        starts_at=whistle.called_at,
        due_at=limit.due(whistle.called_at, calendar_of(whistle.unit)),
    )
