"""Supervision items: issued in one act, put right by the target, checked again by somebody else, counted."""

import pytest
from django.db import transaction

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from dispatch import supervising
from dispatch.calendar.standard import load_standard_hours
from dispatch.limits import load_default_rules
from dispatch.models import Deadline, OutboxMessage, Supervision, SupervisionStep, SupervisionType
from dispatch.overview import supervision as overview
from dispatch.overview.supervision import Rate
from dispatch.supervision_types import load_supervision_types
from dispatch.sweep import sweep
from tests.dispatch.moments import friday, saturday
from tests.incidents import stages
from tests.incidents.test_races import at_once, refusals
from tests.world import build, post

DEMAND = "小门无人值守，张三家门口聚集"


def start(world):
    load_default_rules()
    load_standard_hours()
    load_supervision_types()
    return world


@pytest.fixture
def town(world):
    return start(world)


NINE = friday("09:00")


def issue(world, *, at=NINE, **more):
    wanted = {"actor": world.command, "target": world.enforcement, "demand": DEMAND} | more
    return supervising.issue_supervision(
        world.street_a, issue_type=SupervisionType.objects.get(code="side-gate"), at=at, **wanted
    )


def running(item):
    return item.deadlines.get(met_at=None, cancelled_at=None)


def acts(item):
    return list(item.steps.values_list("act", flat=True))


def test_the_five_types_of_the_handbook_are_laid_down_once(db):
    assert load_supervision_types() == 6
    SupervisionType.objects.filter(code="stalls").update(name="占道经营", is_active=False)
    assert load_supervision_types() == 0
    assert SupervisionType.objects.get(code="stalls").name == "占道经营"


def test_an_item_has_a_number_a_clock_and_is_told_without_its_text(town):
    first, second = issue(town), issue(town, target=town.grid_1, due_at=friday("16:00"))

    assert [first.number, second.number] == ["督20261120-330206003-0001", "督20261120-330206003-0002"]
    assert (running(first).due_at, running(second).due_at) == (saturday("09:00"), friday("16:00"))
    messages = OutboxMessage.objects.filter(kind="supervision").order_by("pk")
    assert [row.is_urgent for row in messages] == [True, True]
    assert first.number in messages[0].text
    assert town.enforcement.name in messages[0].text
    assert "张三" not in messages[0].text + messages[0].title
    told = Notice.objects.get(user=town.department)
    assert told.url == f"/supervision/{first.number}/"
    assert "张三" not in told.text


def test_the_same_demand_sent_again_is_the_same_item(town):
    assert issue(town).pk == issue(town, at=friday("09:01")).pk
    assert Supervision.objects.count() == OutboxMessage.objects.count() == 1


def test_what_does_not_fit_is_refused(town):
    for more, code in (
        ({"demand": "  "}, "empty"),
        ({"due_at": friday("08:59")}, "due"),
        ({"target": town.household_1}, "target"),
        ({"target": town.grid_b, "actor": town.district_officer}, "target"),
        ({"actor": town.worker}, "supervise"),
        ({"actor": town.outsider}, "supervise"),
    ):
        with pytest.raises(Refused) as refusal, transaction.atomic():
            issue(town, **more)
        assert refusal.value.code == code
    assert not Supervision.objects.exists()


def test_a_grid_supervisor_supervises_the_own_community_alone(town):
    guide = post("guide", "何指导", "grid_supervisor", town.community_1)

    assert issue(town, actor=guide, target=town.grid_1).unit == town.grid_1
    for target in (town.grid_3, town.enforcement):
        with pytest.raises(Forbidden):
            issue(town, actor=guide, target=target)


def test_an_overdue_incident_is_put_under_supervision_in_one_act(town):
    incident = stages.in_progress(town)
    with pytest.raises(Refused):
        supervising.supervise_incident(incident, actor=town.command, at=friday("09:20"))

    item = supervising.supervise_incident(incident, actor=town.command, at=saturday("09:00"))

    assert (item.source, item.department, item.issue_type.code) == ("overdue", town.enforcement, "other")
    assert incident.number in item.demand
    assert supervising.supervise_incident(incident, actor=town.command, at=saturday("09:01")) == item
    with pytest.raises(Refused) as refusal:
        supervising.supervise_incident(incident, actor=town.command2, at=saturday("09:01"))
    assert refusal.value.code == "status"
    with pytest.raises(Forbidden):
        supervising.supervise_incident(incident, actor=town.outsider, at=saturday("09:01"))


def test_an_incident_that_nobody_leads_has_no_target(town):
    with pytest.raises(Refused):
        supervising.supervise_incident(stages.report(town), actor=town.command, at=saturday("20:00"))


def test_put_right_checked_by_others_and_rework_keeps_the_due_moment(town):
    item = issue(town)
    with pytest.raises(Forbidden):
        supervising.rectify(item, actor=town.police_officer, note="已整改", at=friday("10:00"))
    for _twice in range(2):
        item = supervising.rectify(item, actor=town.department, note="已落锁", at=friday("10:00"))
    assert item.state == "rectified"
    assert item.deadlines.get().met_at == friday("10:00")

    item = supervising.reject(item, actor=town.command, note="锁是坏的", at=saturday("10:00"))

    again = running(item)
    assert (again.due_at, again.missed_at) == (saturday("09:00"), saturday("10:00"))
    item = supervising.rectify(item, actor=town.department, note="已换锁", at=saturday("11:00"))
    item = supervising.confirm(item, actor=town.command, at=saturday("12:00"))
    assert (item.state, item.closed_at) == ("done", saturday("12:00"))
    assert acts(item) == ["issue", "rectify", "reject", "rectify", "confirm"]
    late = item.deadlines.order_by("pk").last()
    assert (late.met_at, late.missed_at) == (saturday("11:00"), saturday("10:00"))


def test_nobody_checks_the_own_work_whatever_other_post_they_hold(town):
    both = post("department", "周经办", "command_officer", town.street_a)
    helper = post("helper", "林协", "department_member", town.enforcement)
    post("helper", "林协", "command_officer", town.street_a)
    item = supervising.rectify(issue(town), actor=both, note="已落锁", at=friday("10:00"))
    for actor in (both, helper, town.worker, town.outsider):
        for act in (supervising.confirm, supervising.reject):
            with pytest.raises(Forbidden):
                act(item, actor=actor, note="看过", at=friday("11:00"))
    assert acts(item) == ["issue", "rectify"]


def test_more_time_is_given_before_the_time_is_up_and_leaves_a_line(town):
    item = issue(town)
    until = saturday("12:00")
    for _twice in range(2):
        supervising.extend(item, actor=town.leader, until=until, note="待零件", at=friday("10:00"))
    shift = running(item).shifts.get()
    assert (running(item).due_at, shift.due_was, shift.approved_by) == (until, saturday("09:00"), town.leader)
    with pytest.raises(Refused):
        supervising.extend(item, actor=town.leader, until=saturday("18:00"), note="待零件", at=saturday("13:00"))
    with pytest.raises(Forbidden):
        supervising.extend(item, actor=town.department, until=saturday("18:00"), note="请宽限", at=friday("11:00"))


def test_withdrawn_it_has_no_clock_and_no_further_act(town):
    item = supervising.withdraw(issue(town), actor=town.command, note="误发", at=friday("09:05"))
    assert item.deadlines.get().cancelled_at == friday("09:05")
    with pytest.raises(Refused) as refusal:
        supervising.rectify(item, actor=town.department, note="已整改", at=friday("10:00"))
    assert refusal.value.code == "status"


def test_a_clock_that_ran_out_is_told_to_both_sides(town):
    item = issue(town)
    sweep(saturday("09:01"))
    assert running(item).missed_at == saturday("09:01")
    told = Notice.objects.filter(tone="error").values_list("user__username", flat=True)
    assert set(told) == {"command", "department"}


def test_the_rate_of_rectified_leaves_out_what_was_withdrawn(town):
    item = supervising.rectify(issue(town), actor=town.department, note="已落锁", at=friday("10:00"))
    supervising.confirm(item, actor=town.command, at=friday("11:00"))
    issue(town, demand="流动摊贩占道")
    supervising.withdraw(issue(town, demand="误发"), actor=town.command, note="误发", at=friday("11:00"))
    items = overview.visible_to(town.command)
    assert overview.rates_by_type(items) == [Rate("小门管控", 2, 1)]
    assert overview.rates_by_street(items) == [Rate("大碶街道", 2, 1)]


@pytest.mark.parametrize(
    ("issued", "done", "said"),
    [(856, 856, "100.00 %"), (3, 2, "66.67 %"), (3, 0, "0.00 %"), (0, 0, "—"), (8, 1, "12.50 %"), (800, 1, "0.13 %")],
)
def test_a_rate_has_two_decimals_rounded_half_up_and_none_of_nothing(issued, done, said):
    assert Rate("", issued, done).percent == said


def test_an_item_exists_for_who_supervises_the_place_or_owes_it(town):
    item, unit_item = issue(town), issue(town, target=town.grid_1)
    seen = {
        who: set(overview.visible_to(getattr(town, who)))
        for who in ("command", "department", "worker", "worker2", "police_officer", "district_officer", "outsider")
    }
    assert seen["command"] == seen["district_officer"] == {item, unit_item}
    assert (seen["department"], seen["worker"]) == ({item}, {unit_item})
    assert seen["worker2"] == seen["police_officer"] == seen["outsider"] == set()


@pytest.mark.django_db(transaction=True)
def test_two_people_checking_at_once_leave_one_result_and_two_issuing_two_numbers():
    world = start(build())
    item = supervising.rectify(issue(world), actor=world.department, note="已落锁", at=friday("10:00"))
    outcomes = at_once(
        lambda: supervising.confirm(item, actor=world.command, at=friday("11:00")),
        lambda: supervising.reject(item, actor=world.command2, note="仍开着", at=friday("11:00")),
    )
    assert [refusal.code for refusal in refusals(outcomes)] == ["status"]
    assert SupervisionStep.objects.filter(supervision=item, act__in=("confirm", "reject")).count() == 1
    at_once(*(lambda number=number: issue(world, demand=f"第{number}件") for number in range(2)))
    assert Supervision.objects.filter(number__endswith="-0003").count() == 1
    assert Deadline.objects.filter(supervision__isnull=False).count() >= 3
