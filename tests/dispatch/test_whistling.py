"""Whistles: departments are called, sign, contact, arrive, are done, in order and in time; the caller rates."""

import pytest
from django.db import transaction

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from dispatch import whistling
from dispatch.calendar.standard import load_standard_hours
from dispatch.limits import load_default_rules
from dispatch.models import Deadline, OutboxMessage, Whistle, WhistleStep
from dispatch.overview import whistles as overview
from dispatch.sweep import sweep
from grids.models import Role
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages
from tests.incidents.test_races import at_once, refusals
from tests.world import build, post

MATTER = "李四家楼下私拉电线"


def start(world):
    load_default_rules()
    load_standard_hours()
    return world


@pytest.fixture
def town(world):
    return start(world)


NINE, TEN = friday("09:00"), friday("10:00")


def call(world, *, unit=None, at=NINE, **more):
    wanted = {"actor": world.command, "grade": 2, "matter": MATTER, "departments": [world.enforcement]} | more
    return whistling.call_whistle(unit or world.street_a, at=at, **wanted)


def called(world, **more):
    return call(world, **more).parties.get()


def due(party):
    return dict(party.deadlines.order_by("pk").values_list("clock", "due_at"))


def finished(world, party=None, at=TEN):
    party = party or called(world)
    for act in (whistling.sign, whistling.arrive):
        act(party, actor=world.department, at=at)
    return whistling.finish(party, actor=world.department, note="已拆除", at=at)


def test_each_department_gets_three_clocks_and_the_groups_no_word_of_the_matter(town):
    whistle = call(town, departments=[town.enforcement, town.police, town.enforcement])

    assert whistle.number == "哨20261120-330206003-0001"
    assert [row.department for row in whistle.parties.order_by("pk")] == [town.enforcement, town.police]
    limits = due(whistle.parties.first())
    assert (limits["sign"], limits["contact"]) == (friday("10:00"), saturday("09:00"))
    assert limits["arrive"].date() == on("2026-11-25").date()  # three working days after a Friday
    message = OutboxMessage.objects.get(kind="whistle")
    assert message.is_urgent
    assert "李四" not in message.title + message.text
    assert all(name in message.text for name in (whistle.number, town.police.name, "签收期限"))
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"department", "police_officer"}
    assert call(town, departments=[town.police, town.enforcement], at=friday("09:01")) == whistle


def test_what_does_not_fit_is_refused(town):
    for more, code in (
        ({"departments": []}, "departments"),
        ({"grade": 4}, "grade"),
        ({"matter": ""}, "empty"),
        ({"unit": town.household_1}, "unit"),
        ({"unit": town.street_b, "actor": town.outsider}, "departments"),
        ({"unit": town.street_b}, "whistle"),
        ({"actor": town.worker, "unit": town.grid_1}, "whistle"),
        ({"actor": town.department}, "whistle"),
    ):
        with pytest.raises(Refused) as refusal, transaction.atomic():
            call(town, **more)
        assert refusal.value.code == code


def test_the_right_to_whistle_is_given_and_taken_with_a_role(town):
    Role.objects.filter(code="grid_worker").update(abilities=["report", "whistle"])
    worker = type(town.worker).objects.get(pk=town.worker.pk)
    assert call(town, actor=worker, unit=town.grid_1).unit == town.grid_1
    with pytest.raises(Forbidden):
        call(town, actor=worker, unit=town.grid_2)


def test_an_incident_is_whistled_about_where_it_lies_and_while_it_is_open(town):
    incident = stages.in_progress(town)
    assert call(town, unit=town.grid_1, incident=incident).incident == incident
    with pytest.raises(Refused):
        call(town, unit=town.grid_2, incident=incident)


def test_steps_come_in_order_once_each_by_the_department(town):
    party = called(town)
    for early in (whistling.contact, whistling.arrive):
        with pytest.raises(Refused):
            early(party, actor=town.department, at=friday("09:10"))
    with pytest.raises(Forbidden):
        whistling.sign(party, actor=town.police_officer, at=friday("09:10"))
    for _twice in range(2):
        party = whistling.sign(party, actor=town.department, at=friday("09:10"))
    with pytest.raises(Refused):
        whistling.finish(party, actor=town.department, note="已拆除", at=friday("09:20"))
    party = whistling.contact(party, actor=town.department, at=friday("09:30"))
    party = whistling.arrive(party, actor=town.department, at=friday("10:30"))
    party = whistling.finish(party, actor=town.department, note="已拆除", at=friday("11:00"))

    assert (party.signed_at, party.contacted_at, party.done_at) == (friday("09:10"), friday("09:30"), friday("11:00"))
    assert list(party.steps.values_list("act", flat=True)) == ["sign", "contact", "arrive", "finish"]
    assert not party.deadlines.filter(met_at=None).exists()


def test_who_arrives_is_in_contact_and_late_is_late(town):
    party = whistling.sign(called(town), actor=town.department, at=friday("10:30"))
    Deadline.objects.filter(whistle_party=party, clock="sign").update(missed_at=friday("10:01"))
    party = whistling.arrive(party, actor=town.department, at=friday("12:00"))

    clocks = {row.clock: row for row in party.deadlines.all()}
    assert party.contacted_at == clocks["contact"].met_at == clocks["arrive"].met_at == friday("12:00")
    assert clocks["sign"].met_at == friday("10:30")
    assert clocks["sign"].missed_at is not None


def test_only_the_caller_or_the_units_next_whistler_rates_once(town):
    head = post("head", "社区书记", "community_head", town.community_1)
    party = called(town, unit=town.community_1, actor=head)
    with pytest.raises(Refused):
        whistling.rate(party, actor=head, rating=5, at=friday("10:00"))
    finished(town, party)
    for who in (town.command, town.department, town.outsider):
        with pytest.raises(Forbidden):
            whistling.rate(party, actor=who, rating=5, at=friday("11:00"))
    with pytest.raises(Refused) as refusal:
        whistling.rate(party, actor=head, rating=2, at=friday("11:00"))
    assert refusal.value.code == "empty"
    successor = post("head2", "新书记", "community_head", town.community_1)
    for _twice in range(2):
        assert whistling.rate(party, actor=successor, rating=2, note="来得太晚", at=friday("11:00")).rating == 2
    with pytest.raises(Refused):
        whistling.rate(party, actor=head, rating=5, at=friday("12:00"))
    assert WhistleStep.objects.filter(act="rate").count() == 1


def test_it_is_closed_when_every_department_is_rated_or_released(town):
    whistle = call(town, departments=[town.enforcement, town.police])
    done, spare = whistle.parties.order_by("pk")
    finished(town, done)
    with pytest.raises(Refused) as refusal:
        whistling.close(whistle, actor=town.command, at=friday("11:00"))
    assert town.police.name in refusal.value.message
    with pytest.raises(Forbidden):
        whistling.release(spare, actor=town.police_officer, note="不归我所", at=friday("11:00"))
    whistling.release(spare, actor=town.command2, note="无需到场", at=friday("11:00"))
    assert not spare.deadlines.filter(cancelled_at=None).exists()
    whistling.rate(done, actor=town.command, rating=4, at=friday("11:10"))

    assert whistling.close(whistle, actor=town.command2, at=friday("11:20")).state == "closed"
    with pytest.raises(Refused):
        whistling.withdraw(whistle, actor=town.command, note="误吹", at=friday("11:30"))


def test_withdrawn_its_clocks_end_and_nobody_answers(town):
    party = called(town)
    for _twice in range(2):
        whistling.withdraw(party.whistle, actor=town.command, note="误吹", at=friday("09:05"))
    assert not party.deadlines.filter(cancelled_at=None).exists()
    with pytest.raises(Refused) as refusal:
        whistling.sign(party, actor=town.department, at=friday("09:10"))
    assert refusal.value.code == "status"


def test_an_unsigned_whistle_goes_up_to_the_street_once(town):
    party = called(town)
    for _twice in range(2):
        sweep(friday("10:01"))
    assert party.deadlines.get(clock="sign").missed_at == friday("10:01")
    message = OutboxMessage.objects.get(dedupe_key__startswith="unsigned:")
    assert "未签收" in message.title
    assert {"command", "command2"} <= set(Notice.objects.filter(tone="error").values_list("user__username", flat=True))


def test_how_departments_responded_is_counted_by_department(town):
    finished(town)
    late = called(town, departments=[town.police])
    whistling.sign(late, actor=town.police_officer, at=friday("10:30"))
    whistling.arrive(late, actor=town.police_officer, at=on("2026-12-01"))
    called(town, departments=[town.police], matter="另一件", at=on("2026-12-01"))

    rows = {row.department: row for row in overview.responses(Whistle.objects.all(), at=on("2026-12-01", "10:00"))}

    assert (rows[town.enforcement.name].due, rows[town.enforcement.name].in_time) == (1, 1)
    assert (rows[town.police.name].called, rows[town.police.name].due, rows[town.police.name].in_time) == (2, 1, 0)


def test_a_whistle_exists_for_its_area_and_for_the_departments_called(town):
    whistle = call(town)
    for who, sees in (("command", True), ("department", True), ("police_officer", False), ("outsider", False)):
        assert (whistle in overview.visible_to(getattr(town, who))) is sees, who


@pytest.mark.django_db(transaction=True)
def test_two_officers_signing_at_once_sign_once():
    world = start(build())
    other = post("other", "林经办", "department_member", world.enforcement)
    party = called(world)
    outcomes = at_once(
        lambda: whistling.sign(party, actor=world.department, at=friday("09:10")),
        lambda: whistling.sign(party, actor=other, at=friday("09:10")),
    )
    assert [refusal.code for refusal in refusals(outcomes)] == ["status"]
    assert WhistleStep.objects.filter(act="sign").count() == 1
