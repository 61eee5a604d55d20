"""Whose turn it is: a street is written by one load at a time, in the order in which loads were confirmed.

Nobody waits inside a worker: a load whose street is in use is WAITING, a row in the database, and the load that ends
starts it. So a second loader process stays free for other streets.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from households.loading.runs.work import LOCK_CLASS, State, locked
from households.models import LoadStreet, RegisterLoad

AT_WORK = (State.APPLYING, State.UNDOING)


def lock_queue() -> None:
    """Hold the queue until the (short) transaction ends. Taken before the lock of any load."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_CLASS])


def holder_of(load: RegisterLoad) -> RegisterLoad | None:
    """The load that uses one of this load's streets now, or that waits for one before it."""
    ahead = Q(state__in=AT_WORK)
    if load.confirmed_at is not None:
        ahead |= Q(state=State.WAITING, confirmed_at__lt=load.confirmed_at)
        ahead |= Q(state=State.WAITING, confirmed_at=load.confirmed_at, pk__lt=load.pk)
    wanted = load.streets.values("street")
    busy = LoadStreet.objects.filter(street__in=wanted).exclude(load=load)
    # A street that a load of many streets is done with is free, although the load goes on.
    busy = busy.filter(
        Q(load__state__in=(State.APPLYING, State.WAITING), state=LoadStreet.State.READY)
        | Q(load__state=State.UNDOING, state=LoadStreet.State.APPLIED)
    )
    loads = RegisterLoad.objects.filter(ahead, pk__in=busy.values("load")).select_related("confirmed_by", "made_by")
    return loads.order_by("state", "began_at", "pk").first()


def waits_for(load: RegisterLoad) -> str:
    """Why a load waits, in a sentence; empty when it doesn't."""
    holder = holder_of(load) if load.state == State.WAITING else None
    if holder is None:
        return ""
    text = _("%(who)s has been loading this sub-district since %(time)s. Your load follows by itself.")
    return text % facts_of(holder)


def facts_of(holder: RegisterLoad) -> dict[str, str]:
    """Who uses a street since when, for sentences."""
    person = holder.confirmed_by or holder.made_by
    began = timezone.localtime(holder.began_at or holder.confirmed_at or holder.made_at)
    return {"who": person.name if person else _("The operator"), "time": f"{began:%H:%M}"}


@transaction.atomic
def start_waiting(*, at: datetime | None = None) -> list[int]:
    """Give every waiting load its turn whose streets are free now; returns which. The caller has them applied."""
    at = at or clock.now()
    lock_queue()
    started = []
    for waiting in _waiting():
        if holder_of(waiting) is None:
            load = locked(waiting.pk)
            load.state, load.began_at, load.alive_at = State.APPLYING, at, at
            load.save(update_fields=["state", "began_at", "alive_at"])
            started.append(load.pk)
    return started


def _waiting() -> QuerySet[RegisterLoad]:
    return RegisterLoad.objects.filter(state=State.WAITING).order_by("confirmed_at", "pk")
