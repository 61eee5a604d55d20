"""The demonstration district from nothing: real streets and communities; invented grids, people and incidents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

import clock
from dispatch.close_out import close_street
from dispatch.limits import close_out_time
from dispatch.rules import line_of
from dispatch.sweep import sweep
from governance.demo import assets, calls, history, layout, register, resident_reports, staff, tags
from governance.demo.scales import Scale
from governance.starting import load_starting_content
from grids.catalogue import FOLDER
from grids.divisions import Division, import_divisions, read_divisions
from grids.models import District, Kind, Unit

DISTRICT_CODE = "330206"
DIVISIONS = FOLDER / "divisions" / "ningbo_beilun_330206.csv"
MAIN_STREET = "330206004"  # 大碶街道: where the accounts serve and incidents happen
SEED = 20261122
# Incidents a day in the main street.
A_DAY = {"small": 4, "street": 8, "city": 8}
_LOCK = 0x5EED

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What was made."""

    communities: int
    households: int
    residents: int
    incidents: int


def is_empty() -> bool:
    """True while no district is set up: nothing would be overwritten or mixed with."""
    return not District.objects.exists()


@transaction.atomic
def build(scale: Scale, *, password: str, say: Say, now: datetime | None = None) -> Built | None:
    """Build the district in one transaction: interrupted, it is as if it had not begun.

    Returns None when a district is there already; then nothing is written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if not is_empty():
        return None
    now = now or clock.now()
    began_at = timezone.make_aware(datetime.combine(staff.BEGAN_ON, datetime.min.time()))
    say("streets and communities")
    plan = _lay_out(scale, began_at)
    say("grids, households and residents")
    households, residents = register.build(plan, seed=SEED, on=timezone.localdate(now), at=began_at)
    say("staff and catalogue")
    street = Unit.objects.get(code=MAIN_STREET)
    load_starting_content(departments_of=street if len(scale.streets) == 1 else None, at=began_at)
    tags.give(on=timezone.localdate(now), since=staff.BEGAN_ON)
    assets.place(street, seed=SEED, at=began_at)
    staff.hire(street, password=password, seed=SEED)
    for index, other in enumerate(Unit.objects.filter(kind=Kind.STREET).exclude(pk=street.pk).order_by("code")):
        staff.serve_grids(other, seed=SEED + index + 1)
    say("three weeks of incidents")
    incidents = history.live(street, a_day=A_DAY[scale.name], now=now, seed=SEED)
    incidents += resident_reports.live(street, now=now, seed=SEED)
    _close_past_days(now)
    calls.live(street, now=now)
    sweep(now)  # what ran out on the way is marked, as if beat had been there all along
    return Built(len(plan.communities), households, residents, incidents)


def _lay_out(scale: Scale, at: datetime) -> layout.Layout:
    """Import the real divisions of the scale's streets, and plan what stands in their communities."""
    rows = [row for row in read_divisions(DIVISIONS, DISTRICT_CODE) if _wanted(scale, row)]
    import_divisions(rows, DISTRICT_CODE, actor=None, at=at)
    District.objects.filter(code=DISTRICT_CODE).update(name_en="Beilun District")
    units = Unit.objects.filter(kind=Kind.COMMUNITY).select_related("street").order_by("code")
    divisions = [layout.Division(_street(unit).code, unit.code, unit.name, unit.form) for unit in units]
    return layout.plan(divisions, scale, seed=SEED)


def _wanted(scale: Scale, row: Division) -> bool:
    if scale.communities:
        return row.code in scale.communities
    return not scale.streets or row.street_code in scale.streets


def _street(unit: Unit) -> Unit:
    assert unit.street is not None  # noqa: S101  (every unit stands in a street)
    return unit.street


def _close_past_days(now: datetime) -> None:
    """Freeze each day of the history as its own afternoon would have, today's too once its line is past.

    No chat group is told.
    """
    today, at = timezone.localdate(now), close_out_time()
    for street in Unit.objects.filter(kind=Kind.STREET).order_by("code"):
        for days_ago in range(history.WEEKS * 7, -1, -1):
            line = line_of(today - timedelta(days=days_ago), at)
            if line <= now:
                close_street(street, timezone.localdate(line), now=line, announce=False)
