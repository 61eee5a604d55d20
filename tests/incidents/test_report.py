"""Reporting: once, in one's own area, under a number that nobody else gets."""

import threading
import uuid
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection

from accounts.errors import Forbidden, Refused
from grids import tree
from incidents import services
from incidents.models import Incident, Result, StatusChange
from incidents.services import Draft
from incidents.workflow import Act, Status
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.world import build


@pytest.fixture
def draft(world):
    return Draft(unit=world.household_1, category=stages.category(world, 1), description="路灯不亮")


def test_a_report_keeps_place_level_and_first_row_of_history(world, draft):
    incident = services.report_incident(draft, actor=world.worker, at=NINE)
    assert incident.number == "20261120-330206003-0001"
    assert (incident.street, incident.community, incident.grid, incident.micro_grid) == (
        world.street_a,
        world.community_1,
        world.grid_1,
        world.micro_1,
    )
    assert (incident.status, incident.level) == (Status.REPORTED, 1)
    change = StatusChange.objects.get(incident=incident)
    assert (change.act, change.old, change.new, change.actor) == (Act.REPORT, "", Status.REPORTED, world.worker)


def test_the_day_of_a_number_is_the_local_day(world, draft):
    late = NINE.replace(hour=16, minute=30)  # half past midnight in Shanghai
    assert services.report_incident(draft, actor=world.worker, at=late).number == "20261121-330206003-0001"


def test_the_same_form_sent_twice_is_one_incident(world, draft):
    first = services.report_incident(draft, actor=world.worker, at=NINE)
    second = services.report_incident(replace(draft, description="又点了一次"), actor=world.worker, at=NINE + HOUR)
    assert first == second
    assert second.description == "路灯不亮"
    assert StatusChange.objects.count() == 1


def test_a_form_of_somebody_else_gives_nothing_away(world, draft):
    services.report_incident(draft, actor=world.worker, at=NINE)
    with pytest.raises(Forbidden):
        services.report_incident(draft, actor=world.worker2, at=NINE)


@pytest.mark.parametrize("who", ["worker2", "outsider", "department", "leader", "admin"])
def test_nobody_reports_outside_their_area_or_role(world, draft, who):
    with pytest.raises(Forbidden):
        services.report_incident(draft, actor=getattr(world, who), at=NINE)
    assert not Incident.objects.exists()


def test_a_worker_whose_post_has_ended_reports_no_more(world, draft):
    world.worker.posts.update(ends_on=NINE.date())
    services.report_incident(draft, actor=world.worker, at=NINE)
    world.worker.__dict__.pop("_own_posts")
    with pytest.raises(Forbidden):
        services.report_incident(replace(draft, client_uuid=uuid.uuid4()), actor=world.worker, at=NINE + 24 * HOUR)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (" \n ", "empty"), ("\x00\x07", "empty"), ("字" * 2001, "too_long"), ("字" * 10_000, "too_long")],
)
def test_a_description_that_says_nothing_or_too_much_is_refused_beside_its_field(world, draft, text, code):
    with pytest.raises(Refused) as refusal:
        services.report_incident(replace(draft, description=text), actor=world.worker, at=NINE)
    assert (refusal.value.code, refusal.value.field) == (code, "description")
    assert not Incident.objects.exists()


def test_control_characters_are_dropped_and_line_breaks_kept(world, draft):
    incident = services.report_incident(
        replace(draft, description="灯\x00不\u202e亮\r\n已三天"), actor=world.worker, at=NINE
    )
    assert incident.description == "灯不亮\n已三天"


def test_a_group_of_the_catalogue_and_an_ended_version_are_refused(world, draft):
    category = draft.category
    category.level = None
    with pytest.raises(Refused):
        services.report_incident(draft, actor=world.worker, at=NINE)
    category.level, category.ended_at = 1, NINE
    with pytest.raises(Refused) as refusal:
        services.report_incident(draft, actor=world.worker, at=NINE)
    assert refusal.value.field == "category"


def test_a_failed_report_leaves_no_gap_in_the_numbers(world, draft):
    services.report_incident(draft, actor=world.worker, at=NINE)
    with pytest.raises(Refused):
        services.report_incident(replace(draft, client_uuid=uuid.uuid4(), description=""), actor=world.worker, at=NINE)
    third = services.report_incident(replace(draft, client_uuid=uuid.uuid4()), actor=world.worker, at=NINE)
    assert third.number.endswith("-0002")


def test_level_one_is_closed_on_the_spot_by_its_reporter(world, draft):
    incident = services.report_incident(draft, actor=world.worker, at=NINE)
    incident = services.settle(incident, actor=world.worker, measures="已扶正", at=NINE)
    assert (incident.status, incident.closed_at) == (Status.CLOSED, NINE)
    assert Result.objects.get(incident=incident).measures == "已扶正"


def test_a_higher_level_is_not_closed_on_the_spot(world):
    incident = stages.report(world, level=2)
    with pytest.raises(Refused) as refusal:
        services.settle(incident, actor=world.worker, measures="已扶正", at=NINE)
    assert refusal.value.code == "level_1"


def test_open_incidents_follow_a_unit_that_is_moved_and_ended_ones_stay(world):
    open_one, ended = stages.report(world), stages.void(world)
    tree.move_unit(world.micro_1, parent=world.grid_3, actor=world.register, reason="重新划分")
    open_one.refresh_from_db()
    ended.refresh_from_db()
    assert (open_one.community, open_one.grid) == (world.community_2, world.grid_3)
    assert (ended.community, ended.grid) == (world.community_1, world.grid_1)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_eight_numbers_and_one_form_sent_eight_times_gets_one():
    world = build()
    category, same, numbers, errors = stages.category(world, 1), uuid.uuid4(), [], []

    def send(client_uuid):
        try:
            draft = Draft(unit=world.micro_1, category=category, description="路灯不亮", client_uuid=client_uuid)
            numbers.append(services.report_incident(draft, actor=world.worker, at=NINE).number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    keys = [same] * 8 + [uuid.uuid4() for _ in range(8)]
    threads = [threading.Thread(target=send, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    counted = Counter(numbers)
    assert sorted(number[-4:] for number in counted) == [f"{n:04d}" for n in range(1, 10)]
    assert sorted(counted.values()) == [1] * 8 + [8]
