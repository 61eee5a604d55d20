"""The nearest due moment and the five numbers of a board."""

import pytest

from dispatch.models.deadline import Clock
from dispatch.selectors import Figures, by_minutes_left, figures_by, figures_of, undone_deadlines, with_due
from grids.models import Kind
from incidents import services
from incidents.models import Incident
from tests.dispatch.moments import friday
from tests.incidents import stages

pytestmark = pytest.mark.django_db


def nearest(incident: Incident) -> tuple[object, str | None]:
    row = with_due(Incident.objects.filter(pk=incident.pk)).get()
    return row.due_at, row.due_clock


def test_the_nearest_running_clock_counts(town):
    assert nearest(stages.report(town)) == (friday("15:00"), Clock.HANDLE)
    assert nearest(stages.dispatched(town)) == (friday("10:10"), Clock.SIGN)
    assert nearest(stages.handled(town)) == (friday("16:00"), Clock.CLOSE_OUT)


@pytest.mark.parametrize("stage", [stages.closed, stages.void, stages.suspended])
def test_where_no_clock_runs_nothing_is_due(town, stage):
    assert nearest(stage(town)) == (None, None)


def test_the_most_pressing_comes_first_and_what_stands_still_last(town):
    suspended, reported, dispatched = stages.suspended(town), stages.report(town), stages.dispatched(town)

    assert list(by_minutes_left(Incident.objects.all())) == [dispatched, reported, suspended]


def test_undone_deadlines_are_those_that_run_or_stand_still(town):
    stages.closed(town)
    suspended = stages.suspended(town)

    rows = undone_deadlines(Incident.objects.all())
    assert [(row.incident, row.clock) for row in rows] == [(suspended, Clock.HANDLE), (suspended, Clock.CLOSE_OUT)]


def test_the_five_numbers_of_a_street(town):
    stages.report(town)  # due at 15:00
    stages.report(town, level=3)  # due at 16:00
    stages.suspended(town)
    stages.closed(town)

    assert figures_of(town.street_a, now=friday("15:30")) == Figures(
        open=3, overdue=1, due_today=1, serious=1, closed_today=1
    )


def test_due_exactly_now_is_not_overdue_and_after_four_nothing_is_due_today_any_more(town):
    stages.report(town)

    assert figures_of(town.street_a, now=friday("15:00")).overdue == 0
    late = figures_of(town.street_a, now=friday("16:30"))
    assert (late.overdue, late.due_today) == (1, 0)


def test_the_numbers_by_community_grid_and_micro_grid_lead_down_to_the_incident(town):
    stages.report(town)  # in micro_1
    stages.report(town, unit=town.community_1, actor=town.command)
    stages.report(town, unit=town.micro_3, actor=town.worker2)
    now = friday("12:00")

    def open_by(tier, within=None):
        return {place: row.open for place, row in figures_by(tier, now=now, within=within).items()}

    assert open_by(Kind.STREET) == {town.street_a.pk: 3}
    assert open_by(Kind.COMMUNITY, town.street_a) == {town.community_1.pk: 3}
    assert open_by(Kind.GRID, town.community_1) == {town.grid_1.pk: 1, town.grid_2.pk: 1, None: 1}
    assert open_by(Kind.MICRO_GRID, town.grid_1) == {town.micro_1.pk: 1}
    assert open_by(Kind.GRID, town.community_2) == {}


def test_the_districts_numbers_are_the_sum_of_the_streets(town):
    stages.report(town)
    stages.report(town, unit=town.micro_b, actor=town.outsider)

    assert figures_of(None, now=friday("12:00")).open == 2


def test_closed_today_is_from_midnight_to_midnight_and_archived_counts(town):
    stages.archived(town)
    reopened = services.reopen(stages.closed(town), actor=town.command, note="复发。", at=friday("12:00"))

    assert reopened.closed_at is None
    assert figures_of(town.street_a, now=friday("23:59")).closed_today == 1
    Incident.objects.filter(status="archived").update(closed_at=friday("00:00"))
    assert figures_of(town.street_a, now=friday("23:59")).closed_today == 1
    Incident.objects.filter(status="archived").update(closed_at="2026-11-19T23:59:59+08:00")
    assert figures_of(town.street_a, now=friday("23:59")).closed_today == 0


def test_a_board_takes_two_queries_and_the_limits_one(town, django_assert_num_queries):
    stages.report(town)
    with django_assert_num_queries(3):
        figures_by(Kind.COMMUNITY, now=friday("12:00"), within=town.street_a)
