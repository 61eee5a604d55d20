"""Suspension, merging, voiding, evaluation, re-opening and the archive."""

from datetime import timedelta

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from incidents import services
from incidents.models import Assignment, Evaluation, SuspensionRequest
from incidents.workflow import Status
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.world import post

DAY = timedelta(days=1)


def test_a_suspension_needs_a_request_of_the_lead_and_somebody_else_to_approve(world):
    incident = stages.in_progress(world)
    with pytest.raises(Refused) as refusal:
        services.decide_suspension(incident, actor=world.command, approve=True, at=NINE + HOUR)
    assert refusal.value.code == "request"
    for somebody in (world.command, world.police_officer, world.outsider):
        with pytest.raises(Forbidden):
            services.ask_suspension(incident, actor=somebody, reason="等", until=NINE + DAY, at=NINE + HOUR)
    post("department", "周经办", "command_officer", world.street_a)
    world.department.__dict__.pop("_own_posts", None)
    services.ask_suspension(incident, actor=world.department, reason="等配件", until=NINE + DAY, at=NINE + HOUR)
    with pytest.raises(Forbidden):  # also in a post that approves: nobody approves what they asked for
        services.decide_suspension(incident, actor=world.department, approve=True, at=NINE + HOUR)
    incident = services.decide_suspension(incident, actor=world.command, approve=True, note="同意", at=NINE + HOUR)
    assert (incident.status, incident.suspended_until) == (Status.SUSPENDED, NINE + DAY)
    services.decide_suspension(incident, actor=world.command, approve=True, note="同意", at=NINE + 2 * HOUR)
    told = Notice.objects.get()
    assert (told.user, told.tone) == (world.department, "success")
    assert "2026-11-21 09:00" in told.text


def test_a_refused_request_leaves_the_incident_in_progress_and_says_why(world):
    incident = stages.asked_to_suspend(world)
    with pytest.raises(Refused) as refusal:
        services.decide_suspension(incident, actor=world.command, approve=False, at=NINE + HOUR)
    assert refusal.value.field == "note"
    incident = services.decide_suspension(incident, actor=world.command, approve=False, note="今日可办", at=NINE + HOUR)
    assert incident.status == Status.IN_PROGRESS
    assert SuspensionRequest.objects.get().is_approved is False
    told = Notice.objects.get()
    assert (told.user, told.tone) == (world.department, "warning")
    assert "今日可办" not in told.text


def test_one_request_waits_at_a_time_and_a_date_in_the_past_is_refused(world):
    incident = stages.asked_to_suspend(world)
    with pytest.raises(Refused) as refusal:
        services.ask_suspension(incident, actor=world.department, reason="再等", until=NINE + DAY, at=NINE + HOUR)
    assert refusal.value.code == "waiting"
    with pytest.raises(Refused) as refusal:
        services.ask_suspension(incident, actor=world.department, reason="等", until=NINE, at=NINE + HOUR)
    assert refusal.value.field == "until"


@pytest.mark.parametrize("who", ["department", "command2", None])
def test_it_is_resumed_by_the_lead_an_approver_or_the_system(world, who):
    incident = stages.suspended(world)
    incident = services.resume(incident, actor=getattr(world, who) if who else None, at=NINE + DAY)
    assert (incident.status, incident.suspended_until) == (Status.IN_PROGRESS, None)


def test_merging_keeps_both_readable_and_takes_earlier_merged_ones_along(world):
    first, second, third = (stages.report(world) for _ in range(3))
    services.merge(first, into=second, actor=world.command, at=NINE + HOUR)
    services.merge(second, into=third, actor=world.command, at=NINE + HOUR)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.merged_into, second.merged_into) == (third, third)
    assert first.status == second.status == Status.MERGED


def test_an_incident_merges_neither_into_itself_nor_into_an_ended_or_foreign_one(world):
    incident = stages.report(world)
    foreign = stages.report(world, actor=world.outsider, unit=world.micro_b)
    for target in (incident, stages.void(world), foreign):
        with pytest.raises(Refused) as refusal:
            services.merge(incident, into=target, actor=world.command, at=NINE + HOUR)
        assert (refusal.value.code, refusal.value.field) == ("target", "into")
    incident.refresh_from_db()
    assert incident.status == Status.REPORTED


def test_voiding_ends_the_parties_and_frees_a_suspension(world):
    incident = services.void(stages.suspended(world), actor=world.command, note="重复登记", at=NINE + DAY)
    assert (incident.status, incident.suspended_until) == (Status.VOID, None)
    assert not Assignment.objects.filter(incident=incident, ended_at=None).exists()


def test_a_closed_incident_is_archived_once_evaluated_or_after_the_window(world):
    incident = stages.closed(world)
    with pytest.raises(Refused) as refusal:
        services.archive(incident, actor=None, at=incident.closed_at + 2 * DAY)
    assert refusal.value.code == "evaluated_or_window_over"
    assert services.archive(incident, actor=None, at=incident.closed_at + 3 * DAY).status == Status.ARCHIVED
    assert stages.archived(world).status == Status.ARCHIVED


def test_an_evaluation_before_a_reopening_does_not_archive_the_second_closing(world):
    incident = services.evaluate(stages.closed(world), actor=world.command, score="dissatisfied", at=NINE + 3 * HOUR)
    incident = services.reopen(incident, actor=world.command, note="居民不满意", at=NINE + 3 * HOUR)
    assert (incident.status, incident.closed_at) == (Status.IN_PROGRESS, None)
    incident = services.handle(incident, actor=world.department, measures="重新处理", at=NINE + 4 * HOUR)
    incident = services.verify(incident, actor=world.verifier, at=NINE + 5 * HOUR)
    with pytest.raises(Refused):
        services.archive(incident, actor=None, at=NINE + 6 * HOUR)
    assert Evaluation.objects.count() == 1


def test_reopening_ends_with_its_window(world):
    incident = stages.closed(world)
    with pytest.raises(Refused) as refusal:
        services.reopen(incident, actor=world.command, note="又来了", at=incident.closed_at + 31 * DAY)
    assert refusal.value.code == "window"


def test_an_unknown_score_is_not_kept(world):
    with pytest.raises(ValueError, match="splendid"):
        services.evaluate(stages.closed(world), actor=world.command, score="splendid", at=NINE + 3 * HOUR)


def test_a_remark_sent_twice_is_kept_once(world):
    incident = stages.report(world)
    for _ in range(2):
        services.add_note(incident, actor=world.command, text="已催办", at=NINE)
    assert incident.notes.count() == 1
