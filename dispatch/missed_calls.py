"""What follows when the clock of a whistle or of a supervision item has run out, in the transaction that finds it."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.models import Deadline
from dispatch.supervising import supervision_clock_missed
from dispatch.whistling import whistle_clock_missed

_WHISTLE = ("whistle_party__department", "whistle_party__whistle__street")
_ITEM = ("supervision__unit", "supervision__department")


def on_missed(rows: Sequence[Deadline], *, at: datetime) -> None:
    """Tell those concerned about each of the deadlines that is no incident's; the others are left alone."""
    missed = [row.pk for row in rows if row.incident_id is None]
    if not missed:
        return
    for row in Deadline.objects.filter(pk__in=missed).select_related(*_WHISTLE, *_ITEM).order_by("pk"):
        if row.whistle_party is not None:
            whistle_clock_missed(row, at=at)
        else:
            supervision_clock_missed(row, at=at)
