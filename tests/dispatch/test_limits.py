"""Which rule counts."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation
from tablib import Dataset

from dispatch import limits
from dispatch.calendar.standard import STANDARD_WEEK
from dispatch.models import LimitRule, Supervision, Whistle
from dispatch.models.deadline import Clock, Subject
from dispatch.resources.limits import LimitRuleResource
from dispatch.working_time import WorkingCalendar
from grids.models import Mode, OperationMode
from tests.dispatch.moments import friday, on, saturday
from tests.incidents.stages import report

pytestmark = pytest.mark.django_db

OFFICE = WorkingCalendar(STANDARD_WEEK)


@pytest.fixture(autouse=True)
def _rules():
    limits.load_default_rules()


@pytest.mark.parametrize(
    ("clock", "level", "minutes"),
    [
        (Clock.SIGN, 1, 60),
        (Clock.SIGN, 4, 60),
        (Clock.HANDLE, 1, 60),
        (Clock.HANDLE, 2, 360),
        (Clock.VERIFY, 3, 1440),
    ],
)
def test_the_defaults_by_level(world, clock, level, minutes):
    limit = limits.limit_for(clock, report(world, level=level))

    assert limit.amount == minutes


@pytest.mark.parametrize("level", [3, 4])
def test_level_three_and_four_have_the_hourly_push_instead_of_a_limit_in_minutes(world, level):
    assert limits.limit_for(Clock.HANDLE, report(world, level=level)) is None


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_every_level_is_due_at_the_close_out(world, level):
    limit = limits.limit_for(Clock.CLOSE_OUT, report(world, level=level))

    assert limit.due(friday("09:00"), OFFICE) == friday("16:00")
    assert limit.due(friday("16:00"), OFFICE) == saturday("16:00")


def test_the_longest_fitting_category_code_wins_and_among_equals_the_newest(world):
    incident = report(world)  # category 010102
    LimitRule.objects.create(clock=Clock.HANDLE, category_code="010102", amount=30)
    for minutes in (120, 90):
        LimitRule.objects.create(clock=Clock.HANDLE, category_code="01", amount=minutes)
    LimitRule.objects.create(clock=Clock.HANDLE, category_code="02", amount=5)

    assert limits.limit_for(Clock.HANDLE, incident).amount == 30
    LimitRule.objects.filter(category_code="010102").update(is_active=False)
    assert limits.limit_for(Clock.HANDLE, incident).amount == 90


def test_the_catalogue_entrys_own_limit_comes_first_for_handling_only(world):
    incident = report(world)
    incident.category.limit_minutes = 45
    LimitRule.objects.create(clock=Clock.HANDLE, category_code="010102", amount=30)

    assert limits.limit_for(Clock.HANDLE, incident).amount == 45
    assert limits.limit_for(Clock.SIGN, incident).amount == 60


def test_loading_twice_adds_nothing_and_leaves_what_somebody_changed():
    of_incidents = LimitRule.objects.filter(clock=Clock.SIGN, applies_to=Subject.INCIDENT, mode="")
    of_incidents.update(amount=30, level_from=2)

    assert limits.load_default_rules() == 0
    assert of_incidents.get().amount == 30


def test_the_day_closes_when_the_general_rule_says():
    assert limits.close_out_time() == time(16, 0)
    LimitRule.objects.create(clock=Clock.CLOSE_OUT, category_code="02", at_time=time(12, 0))
    LimitRule.objects.create(clock=Clock.CLOSE_OUT, at_time=time(17, 30))

    assert limits.close_out_time() == time(17, 30)


def test_without_any_rule_it_closes_at_four():
    LimitRule.objects.all().delete()

    assert limits.close_out_time() == time(16, 0)


def test_a_rule_is_an_amount_or_a_time_of_day():
    with pytest.raises(IntegrityError, match="limit_is_amount_or_time"):
        LimitRule.objects.create(clock=Clock.SIGN, amount=5, at_time=time(16, 0))


def test_a_rule_for_the_mode_comes_before_one_for_both_and_after_a_longer_code(world):
    incident = report(world)  # category 010102
    OperationMode.objects.create(
        unit=world.community_1,
        scenario="台风",
        authorised_by="街道指挥部",
        starts_at=friday("12:00"),
        ends_at=friday("18:00"),
        made_by=world.command,
        made_at=friday("12:00"),
    )
    LimitRule.objects.create(clock=Clock.HANDLE, mode=Mode.EMERGENCY, amount=2, measure=limits.Measure.URGENT_HOURS)
    LimitRule.objects.create(clock=Clock.HANDLE, mode=Mode.NORMAL, amount=3, measure=limits.Measure.WORKING_DAYS)
    LimitRule.objects.create(clock=Clock.CLOSE_OUT, mode=Mode.EMERGENCY, category_code="01", at_time=time(12, 0))

    calm = limits.limit_for(Clock.HANDLE, incident, at=friday("11:59"))
    alarm = limits.limit_for(Clock.HANDLE, incident, at=friday("12:00"))
    assert (calm.amount, calm.measure, calm.mode) == (3, "working_days", "normal")
    assert (alarm.amount, alarm.measure, alarm.mode) == (2, "urgent_hours", "emergency")
    assert limits.limit_for(Clock.CLOSE_OUT, incident, at=friday("12:00")).at_time == time(12, 0)
    assert limits.limit_for(Clock.CLOSE_OUT, incident, at=friday("18:00")).at_time == time(16, 0)
    assert limits.close_out_time() == time(16, 0), "the street's day closes when it always does"
    LimitRule.objects.create(clock=Clock.HANDLE, category_code="01", amount=90)
    assert limits.limit_for(Clock.HANDLE, incident, at=friday("12:00")).amount == 90


def test_a_rule_for_one_level_comes_before_a_newer_one_for_all():
    narrow = LimitRule(pk=1, clock=Clock.HANDLE, level_from=2, level_to=2, amount=5)
    broad = LimitRule(pk=2, clock=Clock.HANDLE, amount=6)

    assert limits.best([broad, narrow], None, Mode.NORMAL) is narrow


@pytest.mark.parametrize(
    ("clock", "grade", "due"),
    [
        (Clock.SIGN, 1, friday("17:00")),
        (Clock.CONTACT, 2, saturday("16:00")),
        (Clock.ARRIVE, 1, on("2026-11-23", "17:30")),
        (Clock.ARRIVE, 2, on("2026-11-25", "17:30")),
        (Clock.ARRIVE, 3, on("2026-11-27", "17:30")),
    ],
)
def test_whistles_have_limits_of_their_own_by_grade(world, clock, grade, due):
    whistle = Whistle(unit=world.grid_1, street=world.street_a, grade=grade)

    assert limits.limit_for_whistle(clock, whistle).due(friday("16:00"), OFFICE) == due


def test_a_supervision_item_is_to_be_put_right_within_a_day(world):
    item = Supervision(street=world.street_a, department=world.enforcement)

    assert limits.limit_for_supervision(item).due(friday("16:00"), OFFICE) == saturday("16:00")


@pytest.mark.parametrize("amount", [0, None])
def test_a_limit_of_nothing_is_refused_by_the_form_the_sheet_and_the_database(amount):
    with pytest.raises(ValidationError):
        LimitRule(clock=Clock.SIGN, amount=amount).full_clean()
    sheet = Dataset(["sign", 1, 4, "", amount], headers=["时钟", "最低级别", "最高级别", "类别编码", "数量"])
    assert len(LimitRuleResource().import_data(sheet).invalid_rows) == 1
    with pytest.raises(IntegrityError, match="limit_is_amount_or_time"):
        LimitRule.objects.create(clock=Clock.SIGN, amount=amount)


def test_a_limit_is_said_in_whole_hours_and_in_the_right_number():
    Measure = LimitRule.Measure
    limits_of = [
        (LimitRule(amount=60), "60 minutes, day and night"),
        (LimitRule(amount=90), "90 minutes, day and night"),
        (LimitRule(amount=1440), "24 hours, day and night"),
        (LimitRule(amount=1, measure=Measure.WORKING_DAYS), "1 working day"),
        (LimitRule(amount=3, measure=Measure.WORKING_DAYS), "3 working days"),
        (LimitRule(at_time=time(16)), "16:00"),
    ]
    with translation.override("en"):
        assert [rule.limit_in_words for rule, _said in limits_of] == [said for _rule, said in limits_of]
