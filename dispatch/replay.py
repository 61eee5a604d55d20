"""How an area stood at any past minute, told from history alone: one statement for any number of incidents.

The rules are those of `dispatch.retrospect`, which tells one incident at a time with everything about it and freezes
the close-out; a test holds the two together, and the figures of a past 16:00 to the frozen ones. What is told here is
counted by the thousand, so the database does it: `_STOOD` finds of each incident its status, level, nearest due moment
and closing as of then, and both the five numbers and the incidents behind them are read from that.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange, mogrify
from django.db.models import F, QuerySet
from django.utils import timezone

from dispatch import rules
from dispatch.selectors import SERIOUS, Figures
from grids.models import Kind
from incidents.models import Incident
from incidents.models.incident import LASTED
from incidents.workflow import OPEN, Status

REACH: Final = timedelta(days=90)
"""How far back a board can be replayed."""
_PLACES: Final = tuple(f"{tier}_id" for tier in (Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID))


class Stood(NamedTuple):
    """One incident as it stood: open, or closed on that very day. No `due_at`: no clock ran, or it stood still."""

    incident_id: int
    status: Status
    level: int
    due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A board as it stood: the figures of each unit of a tier, as `selectors.figures_by` counts them of the present;
    how many had been closed in each hour of the day; and the keys of what was open at level 3 and above."""

    figures: dict[int | None, Figures]
    closed_by_hour: Counter[int]
    serious: list[int]


def is_within_reach(moment: datetime, now: datetime) -> bool:
    """Past, and no longer ago than boards are replayed."""
    return now - REACH <= moment <= now


def stood_at(moment: datetime, among: QuerySet[Incident]) -> list[Stood]:
    """Of `among`, what was open at `moment` or had been closed since that day's midnight, the most pressing first."""
    return [Stood(pk, Status(status), *facts) for pk, status, *facts in _asked(_LISTED, moment, among)]


def keys_behind(number: str, moment: datetime, among: QuerySet[Incident], *, line: datetime) -> list[int]:
    """The keys of what one of the numbers (a name of `Figures`) counted, in the order of `stood_at`."""
    found = _asked(_KEYS.format(which=_COUNTED[number]), moment, among, line=line)
    return [key for (keys,) in found for key in keys or ()]


def counted_at(moment: datetime, among: QuerySet[Incident], *, tier: Kind, line: datetime) -> Counted:
    """The numbers of `among` as they were at `moment`, by the day's close-out `line`."""
    numbers = ", ".join(f"count(*) FILTER (WHERE {which})" for which in _COUNTED.values())
    question = _FIGURES.format(tier=tier, serious=_COUNTED["serious"], numbers=numbers)
    figures, hours, serious = dict[int | None, Counter[str]](), Counter[int](), list[int]()
    for place, hour, keys, *counts in _asked(question, moment, among, line=line):
        found = dict(zip(_COUNTED, counts, strict=True))
        figures.setdefault(place, Counter()).update(found)
        serious += keys or []
        if hour is not None:
            hours[hour] += found["closed_today"]
    return Counted({place: Figures(**found) for place, found in figures.items()}, hours, serious)


_COUNTED: Final = {
    "open": "is_open",
    "overdue": "due_at < %(moment)s",
    "due_today": "due_at >= %(moment)s AND due_at <= %(line)s",
    "serious": "is_open AND level >= %(serious)s",
    "closed_today": "closed_at IS NOT NULL",
}
"""What each of the five numbers counts, of the rows of `stood`: so that a list can't differ from its number."""

_LISTED: Final = "SELECT id, status, level, due_at, closed_at FROM stood ORDER BY due_at NULLS LAST, level DESC, id"
# Keys alone: of a district's thousands one page is shown, and only of that page more is asked.
_KEYS: Final = "SELECT array_agg(id ORDER BY due_at NULLS LAST, level DESC, id) FROM stood WHERE {which}"
_FIGURES: Final = """
    SELECT {tier}_id, extract(hour FROM closed_at AT TIME ZONE %(zone)s)::int,
        array_agg(id) FILTER (WHERE {serious}), {numbers}
    FROM stood GROUP BY 1, 2
"""
# `touched` are the incidents with what they are now, `stood` those that count, as they were then. The level is that of
# now unless a later triage says from what it was changed; a limit set by triage counts from the report but was not
# there before. What spares a look at history stands inside that look: beside it, the look would be taken first. The few
# limits that were moved later are known before each is asked what it was.
_STOOD: Final = """
    WITH touched AS MATERIALIZED ({touched}),
    stood AS MATERIALIZED (
        SELECT one.*, past.status, coalesce(triage.level, one.level_now) AS level, clock.due_at, ending.closed_at,
            past.status = ANY(%(open)s) AS is_open
        FROM touched one
        CROSS JOIN LATERAL (
            SELECT new AS status FROM incidents_statuschange
            WHERE incident_id = one.id AND at <= %(moment)s ORDER BY id DESC LIMIT 1
        ) past
        LEFT JOIN LATERAL (
            SELECT at AS closed_at FROM incidents_statuschange
            WHERE past.status = ANY(%(settled)s) AND incident_id = one.id AND at <= %(moment)s
                AND new = 'closed' AND old <> 'closed' ORDER BY id DESC LIMIT 1
        ) ending ON true
        LEFT JOIN LATERAL (
            SELECT (data->'level'->>0)::int AS level FROM incidents_statuschange
            WHERE incident_id = one.id AND at > %(moment)s AND act = 'triage' AND data ? 'level' ORDER BY id LIMIT 1
        ) triage ON true
        LEFT JOIN LATERAL (
            SELECT min(CASE WHEN id IN (SELECT deadline_id FROM dispatch_deadlineshift WHERE at > %(moment)s)
                THEN (SELECT due_was FROM dispatch_deadlineshift
                      WHERE deadline_id = deadline.id AND at > %(moment)s ORDER BY id LIMIT 1)
                ELSE due_at END) AS due_at
            FROM dispatch_deadline deadline
            WHERE past.status = ANY(%(running)s) AND incident_id = one.id
                AND (met_at IS NULL OR met_at > %(moment)s) AND (cancelled_at IS NULL OR cancelled_at > %(moment)s)
                AND coalesce((rule->>'set_at')::timestamptz, starts_at) <= %(moment)s
        ) clock ON true
        WHERE past.status = ANY(%(open)s) OR ending.closed_at >= %(midnight)s
    )
"""


def _asked(question: str, moment: datetime, among: QuerySet[Incident], **facts: Any) -> list[tuple[Any, ...]]:
    """The answer to a question about `stood`; none where it is plain that there is nothing among them."""
    midnight = rules.start_of(timezone.localdate(moment))
    try:
        inner = _touched(midnight, moment, among).query.sql_with_params()
    except EmptyResultSet:
        return []
    # Written out with its values, so that the statement around it may call its own by name.
    touched = mogrify(*inner, connection)
    facts |= {
        "moment": moment,
        "midnight": midnight,
        "open": [status.value for status in OPEN],
        "running": [status.value for status in OPEN if status != Status.SUSPENDED],
        "settled": [Status.CLOSED.value, Status.ARCHIVED.value],
        "serious": SERIOUS,
        "zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STOOD.format(touched=touched.replace("%", "%%")) + question, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _touched(midnight: datetime, moment: datetime, among: QuerySet[Incident]) -> QuerySet[Incident, Any]:
    """Whatever was reported by then and not over before that midnight (index `incident_lasted`)."""
    lasted = among.alias(lasted=LASTED).filter(lasted__overlap=DateTimeTZRange(midnight, moment, "[]"))
    return lasted.order_by().values("id", *_PLACES, level_now=F("level"))
