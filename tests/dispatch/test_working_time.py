"""Limits in working time, by examples a calendar on the wall confirms.

2026: Spring Festival is off from Sunday 15 to Monday 23 February; Saturday 14 and Saturday 28 are worked instead.
"""

from datetime import date, time

import pytest
from chinese_calendar import constants

from dispatch.calendar.standard import STANDARD_WEEK
from dispatch.limits import Limit, Measure
from dispatch.working_time import NoWorkingTime, WorkingCalendar
from tests.dispatch.moments import on

NATIONAL = {
    **dict.fromkeys((day for day in constants.holidays if day.year == 2026), False),
    **dict.fromkeys((day for day in constants.workdays if day.year == 2026), True),
}
OFFICE = WorkingCalendar(STANDARD_WEEK, NATIONAL)


def due(start: str, amount: int, measure: str, calendar: WorkingCalendar = OFFICE) -> str:
    local = Limit(amount, measure).due(on(*start.split()), calendar).astimezone(on("2026-01-01").tzinfo)
    return f"{local:%a %m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-18 09:00", 1, "Wed 11-18 10:00"),
        ("2026-11-18 11:30", 1, "Wed 11-18 14:00"),  # half an hour before lunch, half an hour after
        ("2026-11-18 11:00", 1, "Wed 11-18 12:00"),  # up when people go to lunch, not when they come back
        ("2026-11-18 12:10", 1, "Wed 11-18 14:30"),  # the lunch break counts from its end
        ("2026-11-18 16:30", 1, "Wed 11-18 17:30"),
        ("2026-11-18 17:00", 1, "Thu 11-19 09:00"),
        ("2026-11-18 23:59", 1, "Thu 11-19 09:30"),  # a start at night counts from the next morning
        ("2026-11-19 00:00", 1, "Thu 11-19 09:30"),
        ("2026-11-19 08:30", 8, "Fri 11-20 09:00"),  # a day has seven and a half
        ("2026-11-20 17:00", 1, "Mon 11-23 09:00"),  # across a weekend
        ("2026-11-21 10:00", 2, "Mon 11-23 10:30"),
        ("2026-02-13 17:00", 1, "Sat 02-14 09:00"),  # the Saturday before Spring Festival is worked
        ("2026-02-14 17:00", 1, "Tue 02-24 09:00"),
        ("2026-02-18 10:00", 1, "Tue 02-24 09:30"),
        ("2026-02-27 17:00", 4, "Sat 02-28 12:00"),
        ("2026-12-31 17:00", 1, "Fri 01-01 09:00"),  # a year without holidays entered counts by its weeks
    ],
)
def test_working_hours(start, hours, expected):
    assert due(start, hours, Measure.WORKING_HOURS) == expected


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-11-18 09:00", 1, "Thu 11-19 17:30"),  # the day of the start doesn't count
        ("2026-11-18 23:59", 1, "Thu 11-19 17:30"),
        ("2026-11-19 00:00", 1, "Fri 11-20 17:30"),
        ("2026-11-20 09:00", 1, "Mon 11-23 17:30"),
        ("2026-11-20 09:00", 3, "Wed 11-25 17:30"),
        ("2026-11-21 09:00", 1, "Mon 11-23 17:30"),
        ("2026-02-13 09:00", 1, "Sat 02-14 17:30"),
        ("2026-02-13 09:00", 3, "Wed 02-25 17:30"),  # make-up Saturday, then nine days off
        ("2026-02-16 20:00", 5, "Sat 02-28 17:30"),
        ("2026-09-30 09:00", 3, "Sat 10-10 17:30"),
    ],
)
def test_working_days_end_with_the_hours_of_the_last(start, days, expected):
    assert due(start, days, Measure.WORKING_DAYS) == expected


@pytest.mark.parametrize(
    ("start", "amount", "measure", "expected"),
    [
        ("2026-02-14 23:00", 2, Measure.URGENT_HOURS, "Sun 02-15 01:00"),  # day and night, holidays too
        ("2026-02-14 23:00", 90, Measure.MINUTES, "Sun 02-15 00:30"),
        ("2026-02-14 00:00", 1, Measure.NATURAL_DAYS, "Sun 02-15 23:59"),
        ("2026-02-14 23:59", 1, Measure.NATURAL_DAYS, "Sun 02-15 23:59"),
        ("2026-02-14 10:00", 7, Measure.NATURAL_DAYS, "Sat 02-21 23:59"),
    ],
)
def test_what_runs_at_night_and_on_holidays(start, amount, measure, expected):
    assert due(start, amount, measure) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-02-14 15:59", "Sat 02-14 16:00"),
        ("2026-02-14 16:00", "Sun 02-15 16:00"),
        ("2026-02-15 00:00", "Sun 02-15 16:00"),  # the day closes on holidays too
        ("2026-12-31 23:59", "Fri 01-01 16:00"),
    ],
)
def test_the_line_at_four_asks_no_calendar(start, expected):
    limit = Limit(at_time=time(16, 0))

    assert f"{limit.due(on(*start.split()), OFFICE).astimezone(on('2026-01-01').tzinfo):%a %m-%d %H:%M}" == expected


def test_a_district_may_work_on_saturday_mornings_and_through_a_holiday():
    saturdays = WorkingCalendar(
        {**STANDARD_WEEK, 5: [(time(9), time(11))]}, {date(2026, 11, 21): False, date(2026, 11, 28): True}
    )

    assert due("2026-11-20 17:00", 2, Measure.WORKING_HOURS, saturdays) == "Mon 11-23 10:00"
    assert due("2026-11-27 09:00", 1, Measure.WORKING_DAYS, saturdays) == "Sat 11-28 11:00"


@pytest.mark.parametrize(
    "calendar",
    [
        WorkingCalendar({}),
        WorkingCalendar({0: []}, {date(2026, 11, 21): True}),
        WorkingCalendar(
            {0: [(time(9), time(10))]},
            {date(2026, 11, 2 + 7 * week): False for week in range(5)}
            | {date(2026, 12, 7 + 7 * week): False for week in range(4)}
            | {date(2027, 1, 4): False, date(2027, 1, 11): False},
        ),
    ],
)
@pytest.mark.parametrize("measure", [Measure.WORKING_HOURS, Measure.WORKING_DAYS])
def test_a_calendar_without_working_time_says_so_instead_of_looking_for_ever(calendar, measure):
    with pytest.raises(NoWorkingTime):
        due("2026-11-18 09:00", 1, measure, calendar)


def test_a_limit_copies_all_that_its_moment_was_reckoned_from():
    limit = Limit(3, Measure.WORKING_DAYS, source="rule:7", mode="emergency")

    assert limit.as_json() == {"amount": 3, "measure": "working_days", "source": "rule:7", "mode": "emergency"}
    assert Limit(at_time=time(16), source="rule:8").as_json() == {"at_time": "16:00", "source": "rule:8", "mode": ""}
