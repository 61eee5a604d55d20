"""Every status against every act through the services: the allowed happens, the forbidden leaves no trace."""

from contextlib import suppress

import pytest
from django.db import transaction

from accounts.errors import Forbidden, Refused
from incidents import services, workflow
from incidents.models import Incident, StatusChange
from incidents.workflow import TABLE, Act, Status
from tests.incidents import stages
from tests.incidents.stages import HOUR, MINUTE, NINE, RIGHT_ACTOR, STAGES, act_on

ACTS = [act for act in Act if act != Act.REPORT]


def history(incident):
    return list(StatusChange.objects.filter(incident=incident).values_list("act", "old", "new"))


def new_rows(world, incident, act):
    """What the act, done by the right person, adds to the history; nothing when it is refused. Leaves all as it was."""
    before = history(incident)
    with transaction.atomic():
        with suppress(Refused):
            act_on(world, incident, act, actor=getattr(world, RIGHT_ACTOR[act]))
        after = history(incident)
        transaction.set_rollback(True)
    assert after[: len(before)] == before
    return after[len(before) :]


@pytest.mark.parametrize("status", Status)
def test_from_each_status_exactly_the_acts_of_the_table_succeed(world, status):
    incident = STAGES[status](world)
    assert incident.status == status
    if status == Status.REPORTED:
        Incident.objects.filter(pk=incident.pk).update(level=1)  # so that it may be settled
    for act in set(ACTS) - {Act.REOPEN_TO_TRIAGE}:
        allowed = act in workflow.may_follow(status)
        expected = [(act, status, TABLE[act].to or status)] if allowed else []
        assert new_rows(world, incident, act) == expected, act


def test_one_closed_on_the_spot_is_opened_again_for_triage(world):
    incident = services.settle(stages.report(world, level=1), actor=world.worker, measures="已劝离。", at=NINE)
    incident = services.reopen(incident, actor=world.command, note="抽查发现仍在。", at=NINE + HOUR)
    assert (incident.status, incident.closed_at) == (Status.REPORTED, None)
    assert history(incident)[-1] == (Act.REOPEN_TO_TRIAGE, Status.CLOSED, Status.REPORTED)


@pytest.mark.parametrize("act", ACTS)
def test_people_of_another_street_may_do_nothing(world, act):
    if act == Act.REOPEN_TO_TRIAGE:
        act = Act.REOPEN  # the same service
    status = next(status for status in Status if act in workflow.may_follow(status))
    incident = STAGES[status](world)
    before = history(incident)
    with pytest.raises(Forbidden):
        act_on(world, incident, act, actor=world.outsider)
    assert history(incident) == before


@pytest.mark.parametrize(
    ("act", "wrong"),
    [
        (Act.SETTLE, "worker2"),
        (Act.TRIAGE, "worker"),
        (Act.DISPATCH, "worker"),
        (Act.REDISPATCH, "department"),
        (Act.SIGN, "police_officer"),
        (Act.RETURN, "command"),
        (Act.HANDLE, "command"),
        (Act.VERIFY, "department"),
        (Act.VERIFY, "leader"),
        (Act.REJECT, "department"),
        (Act.SUSPEND, "department"),
        (Act.RESUME, "worker"),
        (Act.EVALUATE, "worker"),
        (Act.REOPEN, "department"),
        (Act.ARCHIVE, "verifier"),
        (Act.MERGE, "worker"),
        (Act.VOID, "worker"),
        (Act.VOID, "admin"),
    ],
)
def test_a_wrong_role_in_the_right_area_is_forbidden(world, act, wrong):
    status = next(status for status in Status if act in workflow.may_follow(status))
    incident = STAGES[status](world)
    before = history(incident)
    with pytest.raises(Forbidden):
        act_on(world, incident, act, actor=getattr(world, wrong))
    assert history(incident) == before


@pytest.mark.parametrize("act", ACTS)
def test_the_same_act_twice_by_the_same_person_is_one_act(world, act):
    status = next(status for status in Status if act in workflow.may_follow(status))
    incident = STAGES[status](world)
    if act == Act.SETTLE:
        incident = stages.report(world, level=1)
    if act == Act.REOPEN_TO_TRIAGE:
        incident = services.settle(stages.report(world, level=1), actor=world.worker, measures="已劝离。", at=NINE)
    actor = getattr(world, RIGHT_ACTOR[act])
    if act == Act.MERGE:
        into = stages.report(world)
        for _ in range(2):
            services.merge(incident, into=into, actor=actor, at=NINE + HOUR)
    else:
        for _ in range(2):
            act_on(world, incident, act, actor=actor)
    assert [row[0] for row in history(incident)].count(act) == 1


def test_history_notes_who_acted_in_which_post_when_and_why(world):
    incident = stages.returned(world)
    change = StatusChange.objects.filter(incident=incident).last()
    assert change.actor == world.department
    assert change.post.department == world.enforcement
    assert "部门经办人" in change.post_label
    assert change.note == "属物业职责。"
    assert change.at == NINE + 30 * MINUTE
    assert (change.old, change.new) == (Status.DISPATCHED, Status.RETURNED)


def test_the_moment_of_a_status_moves_with_the_status_and_not_with_a_remark(world):
    incident = stages.in_progress(world)
    assert incident.state_entered_at == NINE + 20 * MINUTE
    services.add_note(incident, actor=world.command, text="已电话催办。", at=NINE + HOUR)
    incident.refresh_from_db()
    assert incident.state_entered_at == NINE + 20 * MINUTE


def test_who_comes_too_late_learns_where_the_incident_stands(world):
    incident = stages.closed(world)
    with pytest.raises(Refused) as refusal:
        services.verify(incident, actor=world.command, at=NINE + 5 * HOUR)
    assert refusal.value.code == "status"
    assert str(Status.CLOSED.label) in refusal.value.message
