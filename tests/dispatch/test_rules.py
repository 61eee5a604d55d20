"""The arithmetic of limits, as tables."""

from datetime import UTC, date, time

import pytest

from dispatch import rules
from tests.dispatch.moments import on

FOUR = time(16, 0)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (on("2026-11-20", "00:00"), on("2026-11-20", "16:00")),
        (on("2026-11-20", "15:59"), on("2026-11-20", "16:00")),
        (on("2026-11-20", "15:59:59.999999"), on("2026-11-20", "16:00")),
        (on("2026-11-20", "16:00:00"), on("2026-11-21", "16:00")),
        (on("2026-11-20", "16:01"), on("2026-11-21", "16:00")),
        (on("2026-11-20", "23:59:59"), on("2026-11-21", "16:00")),
        (on("2026-11-30", "18:00"), on("2026-12-01", "16:00")),
        (on("2026-12-31", "16:00"), on("2027-01-01", "16:00")),
        (on("2028-02-28", "20:00"), on("2028-02-29", "16:00")),
        (on("2026-02-28", "20:00"), on("2026-03-01", "16:00")),
    ],
)
def test_what_starts_before_the_line_is_due_today_and_what_starts_on_it_tomorrow(start, due):
    assert rules.due_at_line(start, FOUR) == due


def test_the_line_is_drawn_on_the_local_day_whatever_zone_a_moment_comes_in():
    start = on("2026-11-21", "00:30").astimezone(UTC)  # still the 20th in UTC

    assert rules.due_at_line(start, FOUR) == on("2026-11-21", "16:00")


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (on("2026-11-20", "09:00"), 360, on("2026-11-20", "15:00")),
        (on("2026-11-20", "21:10"), 360, on("2026-11-21", "03:10")),  # practice 70 of the handbook
        (on("2026-12-31", "23:30"), 60, on("2027-01-01", "00:30")),
        (on("2026-11-20", "09:00:30"), 1, on("2026-11-20", "09:01:30")),
    ],
)
def test_minutes_run_through_the_night(start, minutes, due):
    assert rules.due_after(start, minutes) == due


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (on("2026-11-20", "15:59"), on("2026-11-20", "16:00")),
        (on("2026-11-20", "16:00"), on("2026-11-20", "16:00")),
        (on("2026-11-20", "16:00:01"), on("2026-11-21", "16:00")),
    ],
)
def test_a_moment_on_the_line_is_its_own_next_line(moment, line):
    assert rules.next_line(moment, FOUR) == line


def test_a_day_begins_at_local_midnight():
    assert rules.start_of(date(2026, 11, 20)) == on("2026-11-20", "00:00")


@pytest.mark.parametrize(
    ("at", "hour"), [("10:00", "10:00"), ("10:04:59", "10:00"), ("10:59:59", "10:00"), ("00:05", "00:00")]
)
def test_the_hour_of_a_moment(at, hour):
    assert rules.hour_of(on("2026-11-20", at)) == on("2026-11-20", hour)


@pytest.mark.parametrize(("at", "late"), [("15:59", 0), ("16:00", 0), ("16:00:59", 0), ("16:01", 1), ("17:05:30", 65)])
def test_lateness_counts_whole_minutes(at, late):
    assert rules.minutes_late(on("2026-11-20", "16:00"), on("2026-11-20", at)) == late
