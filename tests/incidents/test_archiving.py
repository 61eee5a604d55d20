"""What is put away by itself, and when."""

import pytest

from incidents import archiving, services
from incidents.archiving import archive_settled
from incidents.models import StatusChange
from incidents.workflow import Status
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE

pytestmark = pytest.mark.django_db

CLOSED = NINE + 2 * HOUR  # when `stages.closed` was verified
DAY = 24 * HOUR


def status(incident) -> str:
    incident.refresh_from_db()
    return incident.status


def test_what_was_evaluated_is_archived_by_the_system(world):
    incident = services.evaluate(stages.closed(world), actor=world.command, score="satisfied", at=CLOSED + HOUR)

    assert archive_settled(CLOSED + 2 * HOUR) == 1
    assert status(incident) == Status.ARCHIVED
    assert StatusChange.objects.filter(incident=incident).last().actor is None


def test_what_was_not_evaluated_waits_for_the_end_of_the_window(world):
    incident = stages.closed(world)

    assert archive_settled(CLOSED + 3 * DAY - HOUR) == 0
    assert archive_settled(CLOSED + 3 * DAY) == 1
    assert status(incident) == Status.ARCHIVED


def test_a_dissatisfied_evaluation_keeps_it_open_to_reopening_until_the_window_is_over(world):
    incident = services.evaluate(stages.closed(world), actor=world.command, score="dissatisfied", at=CLOSED + HOUR)

    assert archive_settled(CLOSED + 2 * HOUR) == 0
    services.reopen(incident, actor=world.command, note="居民不满意。", at=CLOSED + 3 * HOUR)
    assert status(incident) == Status.IN_PROGRESS


def test_what_is_open_is_left_alone(world):
    stages.handled(world)

    assert archive_settled(NINE + 30 * DAY) == 0


def test_one_that_was_opened_again_meanwhile_is_left_alone(world, monkeypatch):
    incident, other = stages.closed(world), stages.closed(world)
    ready = list(archiving.ready_to_archive(CLOSED + 3 * DAY))
    services.reopen(incident, actor=world.command, note="复发。", at=CLOSED + 3 * DAY)
    monkeypatch.setattr(archiving, "ready_to_archive", lambda now: ready)

    assert archive_settled(CLOSED + 3 * DAY) == 1
    assert (status(incident), status(other)) == (Status.IN_PROGRESS, Status.ARCHIVED)


def test_a_backlog_is_worked_off_in_parts_the_oldest_first(world):
    incidents = [stages.closed(world) for _number in range(3)]

    assert archive_settled(CLOSED + 3 * DAY, limit=2) == 2
    assert [status(incident) for incident in incidents].count(Status.ARCHIVED) == 2
    assert archive_settled(CLOSED + 3 * DAY, limit=2) == 1
