"""A district's working calendar, read from its rows."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import cast

from django.db.models import F, Q
from django.utils.functional import SimpleLazyObject

from dispatch.calendar.standard import STANDARD_WEEK
from dispatch.models import CalendarDay, WorkingHours
from dispatch.working_time import Stretch, WorkingCalendar
from grids.models import Unit


def calendar_of(place: Unit) -> WorkingCalendar:
    """The calendar of the place's district, as it stands when it is first asked for anything: most limits never ask.

    Read once for one act, and again for the next one: two small queries cost less than a stale answer, which would be
    copied into deadlines. Whoever starts many clocks at once takes `calendars_of`.
    """
    return cast(WorkingCalendar, SimpleLazyObject(lambda: _read(place.district_id)))


def calendars_of(places: Iterable[Unit]) -> dict[int, WorkingCalendar]:
    """The calendar of each place by its key; places of one district share one, read once."""
    shared: dict[int, WorkingCalendar] = {}
    return {place.pk: shared.setdefault(place.district_id, calendar_of(place)) for place in places}


def _read(district_id: int) -> WorkingCalendar:
    """What counts for the district: its own hours if it has any, and its own word on a day before the national one."""
    for_it = Q(district=None) | Q(district=district_id)
    rows = list(WorkingHours.objects.filter(for_it).order_by("weekday", "begins"))
    own = [row for row in rows if row.district_id is not None]
    days = CalendarDay.objects.filter(for_it).order_by(F("district").asc(nulls_first=True))
    return WorkingCalendar(_week(own or rows) or STANDARD_WEEK, dict(days.values_list("day", "is_working")))


def _week(rows: Iterable[WorkingHours]) -> dict[int, Sequence[Stretch]]:
    return {
        weekday: [(row.begins, row.ends) for row in of_day]
        for weekday, of_day in groupby(rows, key=lambda row: row.weekday)
    }
