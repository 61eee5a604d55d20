"""A past board among a million incidents, of which 20,000 were open at any minute: `python -m benchmarks.replay`.

Prints what `docs/performance.md` quotes. What was under way is found by its span of time and, in the same run on the
same rows, by what is open or was closed since: an OR, as one would write it first.
"""

import argparse
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from benchmarks.rig import bare_database, measure, say, seconds

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from incidents.models import Incident

NOW: Final = datetime(2026, 11, 20, 7, 55, tzinfo=UTC)  # 15:55 in Shanghai
DAYS_AGO: Final = (1, 7, 30, 89)
TIMES: Final = 7


def main(incidents: int, still_open: int) -> None:
    with bare_database():
        from benchmarks import million

        build = partial(million.build, NOW, incidents=incidents, still_open=still_open, backlog=True, told="160 days")
        say(f"built: {incidents:,} incidents, {still_open:,} open now", seconds(build), "s")
        measure_boards()


def measure_boards() -> None:
    """The figures of the district and of a street, at minutes further and further back; a list; and the OR."""
    from dispatch import replay
    from grids.models import Kind, Unit
    from incidents.models import Incident

    street = Unit.objects.filter(kind=Kind.STREET)[3]
    places = {"district": (Incident.objects.all(), Kind.STREET)}
    places["street"] = (Incident.objects.filter(street=street), Kind.COMMUNITY)
    for days in DAYS_AGO:
        moment = NOW - timedelta(days=days)
        line = moment + timedelta(minutes=5)
        for name, (among, tier) in places.items():
            board = partial(replay.counted_at, moment, among, tier=tier, line=line)
            say(f"{name}, {days} days ago: open", sum(each.open for each in board().figures.values()), "rows")
            measure(f"{name}, {days} days ago: five numbers and hours", board, TIMES)
            with patch.object(replay, "_touched", _by_or):
                measure(f"{name}, {days} days ago: the same by an OR", board, TIMES)
    listed = partial(replay.keys_behind, "overdue", moment, Incident.objects.all(), line=line)
    measure(f"district, {days} days ago: what was overdue, in order", listed, TIMES)


def _by_or(midnight: datetime, moment: datetime, among: "QuerySet[Incident]") -> "QuerySet[Incident, Any]":
    """Open now, or ended since that midnight; whatever was reported since then is thrown away again."""
    from django.db.models import F, Q

    from incidents.workflow import OPEN, Status

    ended = Q(status__in=(Status.MERGED, Status.VOID), state_entered_at__gte=midnight)
    touched = among.filter(Q(status__in=OPEN) | Q(closed_at__gte=midnight) | ended, reported_at__lte=moment)
    places = ("street_id", "community_id", "grid_id", "micro_grid_id")
    return touched.order_by().values("id", *places, level_now=F("level"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=20_000)
    asked = parser.parse_args()
    main(asked.incidents, asked.open)
