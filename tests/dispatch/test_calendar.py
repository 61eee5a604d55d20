"""The calendar as rows: whose counts, how it is filled, and who hears that a year is missing."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from tablib import Dataset

from accounts.errors import Refused
from accounts.models import Notice
from dispatch import calendar
from dispatch.calendar.standard import STANDARD_WEEK
from dispatch.models import CalendarDay, WorkingHours
from dispatch.resources.calendar import CalendarDayResource, WorkingHoursResource
from tests.dispatch.moments import on

pytestmark = pytest.mark.django_db

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 21)


def test_a_district_has_its_own_hours_and_its_own_word_on_a_day(world, django_assert_num_queries):
    assert calendar.calendar_of(world.micro_1).hours == STANDARD_WEEK, "nobody has entered any yet"
    assert calendar.load_standard_hours() == 10
    assert calendar.load_standard_hours() == 0
    CalendarDay.objects.create(day=MONDAY, is_working=False, name="停工")
    CalendarDay.objects.create(day=SATURDAY, is_working=False)
    CalendarDay.objects.create(day=SATURDAY, is_working=True, district=world.district)

    with django_assert_num_queries(2):
        counts = calendar.calendar_of(world.micro_1)
        assert (counts.is_working(MONDAY), counts.is_working(SATURDAY)) == (False, True)
        assert counts.stretches(SATURDAY)[0] == (time(8, 30), time(12, 0)), "a Saturday worked has a Monday's hours"
    WorkingHours.objects.create(district=world.district, weekday=0, begins=time(9), ends=time(17))
    assert calendar.calendar_of(world.street_a).hours == {0: [(time(9), time(17))]}
    shared = calendar.calendars_of([world.street_a, world.street_b])
    assert shared[world.street_a.pk] is shared[world.street_b.pk]


def test_filling_a_year_adds_holidays_and_make_up_days_and_leaves_what_was_entered_by_hand(world):
    by_hand = CalendarDay.objects.create(day=date(2026, 2, 14), is_working=False, name="本区放假")
    gone = CalendarDay.objects.create(day=date(2026, 3, 3), is_working=False, source="national")
    moved = CalendarDay.objects.create(day=date(2026, 2, 16), is_working=True, source="national")

    done = calendar.fill_calendar(2026)

    assert (done.added, done.changed, done.removed, done.kept) == (37, 1, 1, 1)
    by_hand.refresh_from_db()
    moved.refresh_from_db()
    assert not by_hand.is_working
    assert (moved.is_working, moved.name) == (False, "春节")
    assert not CalendarDay.objects.filter(pk=gone.pk).exists()
    assert CalendarDay.objects.get(day=date(2026, 2, 28)).name == "春节调休上班"
    again = calendar.fill_calendar(2026)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert not calendar.fill_calendar(2099).is_known
    with pytest.raises(CommandError, match="2099 are not known"):
        call_command("fill_calendar", "--year", "2099")


def test_from_november_on_whoever_configures_hears_once_a_week_that_next_year_is_missing(world, monkeypatch):
    monkeypatch.setattr("dispatch.calendar.national._known", lambda year: {})
    assert calendar.missing_year(on("2026-03-01")) == 2026
    CalendarDay.objects.create(day=date(2026, 1, 1), is_working=False)
    assert calendar.tend_calendar(on("2026-10-31", "23:59")) is None

    for day in ("2026-11-01", "2026-11-02", "2026-11-07"):
        assert calendar.tend_calendar(on(day)) == 2027
    (notice,) = Notice.objects.all()
    assert notice.user == world.admin
    assert "2027" in notice.text
    calendar.tend_calendar(on("2026-11-08", "10:00"))
    assert Notice.objects.count() == 2
    CalendarDay.objects.create(day=date(2027, 1, 1), is_working=False)
    assert calendar.tend_calendar(on("2026-11-30")) is None


def test_a_day_is_a_holiday_or_worked_and_hours_do_not_run_into_each_other(world):
    CalendarDay.objects.create(day=SATURDAY, is_working=True)
    with pytest.raises(ValidationError, match="该日已在日历中"):
        CalendarDay(day=SATURDAY, is_working=False).full_clean()
    CalendarDay(day=SATURDAY, is_working=False, district=world.district).full_clean()

    WorkingHours.objects.create(weekday=0, begins=time(8, 30), ends=time(12))
    with pytest.raises(ValidationError):
        WorkingHours(weekday=0, begins=time(11), ends=time(13)).full_clean()
    with pytest.raises(ValidationError):
        WorkingHours(weekday=0, begins=time(18), ends=time(8)).full_clean()
    WorkingHours(weekday=0, begins=time(12), ends=time(13)).full_clean()


def test_the_calendar_comes_and_goes_as_a_sheet(world):
    calendar.load_standard_hours()
    calendar.fill_calendar(2026)
    for resource in (WorkingHoursResource, CalendarDayResource):
        exported = resource().export()
        assert resource().import_data(exported).totals["skip"] == len(exported.dict) >= 10

    days = Dataset(["2026/10/10", "否", "照常休息"], ["2026年11月21日", "是", ""], headers=["日期", "上班", "名称"])
    assert CalendarDayResource().import_data(days).totals["update"] == 1
    assert CalendarDay.objects.get(day=date(2026, 10, 10)).source == "manual"
    assert CalendarDay.objects.get(day=SATURDAY).is_working


def test_a_sheet_that_says_both_of_one_day_is_refused(world):
    both = Dataset(["2026-11-21", "是"], ["2026/11/21", "否"], headers=["日期", "上班"])
    result = CalendarDayResource().import_data(both)
    assert isinstance(result.base_errors[0].error, Refused)
    assert "2026-11-21" in str(result.base_errors[0].error)

    unsaid = CalendarDayResource().import_data(Dataset(["2026-11-22", ""], headers=["日期", "上班"]))
    assert len(unsaid.invalid_rows) == 1
    assert not CalendarDay.objects.exists()
