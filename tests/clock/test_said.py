"""Time as people say it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from clock import said

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(), "0 min", "0 分"),
        (42 * MINUTE, "42 min", "42 分"),
        (42 * MINUTE + timedelta(seconds=59), "42 min", "42 分"),
        (HOUR, "1 h 00 min", "1 小时 00 分"),
        (HOUR + 5 * MINUTE, "1 h 05 min", "1 小时 05 分"),
        (DAY - MINUTE, "23 h 59 min", "23 小时 59 分"),
        (DAY, "1 day", "1 天"),
        (DAY + 3 * HOUR + 59 * MINUTE, "1 day 3 h", "1 天 3 小时"),
        (2 * DAY, "2 days", "2 天"),
        (-42 * MINUTE, "42 min", "42 分"),
    ],
)
def test_a_length_of_time_is_said_to_the_minute_and_beyond_a_day_to_the_hour(
    span: timedelta, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert said.duration(span) == english
    with translation.override("zh-hans"):
        assert said.duration(span) == chinese


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (42 * MINUTE, "42 min left", "还剩 42 分"),
        (MINUTE, "1 min left", "还剩 1 分"),
        (timedelta(seconds=59), "due now", "已到时限"),
        (timedelta(), "due now", "已到时限"),
        (timedelta(seconds=-59), "due now", "已到时限"),
        (-MINUTE, "overdue 1 min", "超时 1 分"),
        (-65 * MINUTE, "overdue 1 h 05 min", "超时 1 小时 05 分"),
        (timedelta(minutes=-12, seconds=-30), "overdue 12 min", "超时 12 分"),
    ],
)
def test_what_is_left_of_a_limit(span: timedelta, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert said.left(span) == english
    with translation.override("zh-hans"):
        assert said.left(span) == chinese


@pytest.mark.parametrize(
    ("span", "english"),
    [
        (-5 * MINUTE, "just now"),
        (timedelta(seconds=59), "just now"),
        (5 * MINUTE, "5 min ago"),
        (2 * DAY, "2 days ago"),
    ],
)
def test_how_long_ago_something_happened(span: timedelta, english: str) -> None:
    with translation.override("en"):
        assert said.ago(span) == english


def test_a_moment_within_a_sentence_names_another_year_only() -> None:
    new_year = datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert said.day_and_time(new_year, now=new_year) == "01-01 08:00"
    assert said.day_and_time(new_year, now=new_year - DAY) == "2027-01-01 08:00"


@pytest.mark.parametrize(
    ("span", "state"),
    [
        (-timedelta(microseconds=1), "overdue"),
        (timedelta(), "soon"),
        (HOUR, "soon"),
        (HOUR + timedelta(microseconds=1), "running"),
    ],
)
def test_a_limit_is_running_then_due_soon_then_overdue(span: timedelta, state: str) -> None:
    assert said.state(span) == state
