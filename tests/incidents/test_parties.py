"""Lead and assisting parties: who is chosen, who answers, who had a hand in it."""

import pytest

from accounts.errors import Forbidden, Refused
from grids.models import Department
from incidents import services
from incidents.models import Assignment, Result, StatusChange
from incidents.standing import current_assignments, lead_of
from incidents.workflow import Status
from tests.incidents import stages
from tests.incidents.stages import HOUR, MINUTE, NINE
from tests.world import post


def with_assist(world):
    incident = stages.dispatched(world, assisting=[world.police])
    incident = services.sign(incident, actor=world.department, at=NINE + 20 * MINUTE)
    return incident, current_assignments(incident)[1]


def test_dispatch_names_one_lead_and_each_assisting_party_once(world):
    incident = stages.report(world)
    parties = [world.police, world.police, world.enforcement, world.community_1]
    incident = services.dispatch(incident, actor=world.command, lead=world.enforcement, assisting=parties, at=NINE)
    assert [(row.part, row.party) for row in current_assignments(incident)] == [
        ("lead", world.enforcement),
        ("assist", world.police),
        ("assist", world.community_1),
    ]


def test_a_dispatch_without_lead_is_refused(world):
    with pytest.raises(Refused) as refusal:
        services.dispatch(stages.report(world), actor=world.command, lead=None, at=NINE)
    assert refusal.value.code == "lead"


def test_a_party_of_another_street_or_out_of_use_is_refused(world):
    closed = Department.objects.create(code="closed", name="撤销的队", street=world.street_a, is_active=False)
    foreign = Department.objects.create(code="foreign", name="外街的队", street=world.street_b)
    for party in (closed, foreign, world.community_b):
        with pytest.raises(Refused) as refusal:
            services.dispatch(stages.report(world), actor=world.command, lead=party, at=NINE)
        assert (refusal.value.code, refusal.value.field) == ("party", "lead")


def test_a_unit_can_be_the_lead_and_its_own_head_handles_it(world):
    head = post("head", "卢书记", "community_head", world.community_1)
    incident = services.dispatch(stages.report(world), actor=world.command, lead=world.community_1, at=NINE)
    incident = services.sign(incident, actor=head, at=NINE + MINUTE)
    incident = services.handle(incident, actor=head, measures="已协调清走。", at=NINE + HOUR)
    with pytest.raises(Forbidden):  # the head may verify in the community, but not what the community handled
        services.verify(incident, actor=head, at=NINE + 2 * HOUR)
    assert services.verify(incident, actor=world.worker, at=NINE + 2 * HOUR).status == Status.CLOSED


def test_the_lead_waits_for_each_assisting_party(world):
    incident, assist = with_assist(world)
    with pytest.raises(Refused) as refusal:
        services.handle(incident, actor=world.department, measures="已清", at=NINE + HOUR)
    assert refusal.value.code == "assists_answered"
    services.answer_assist(assist, actor=world.police_officer, answer="已到场维持秩序。", at=NINE + HOUR)
    assert services.handle(incident, actor=world.department, measures="已清", at=NINE + HOUR).status == Status.HANDLED


def test_a_released_party_is_not_waited_for_and_the_release_is_noted(world):
    incident, assist = with_assist(world)
    services.release_assist(assist, actor=world.command, note="无需到场", at=NINE + HOUR)
    assert "无需到场" in incident.notes.get().text
    assert services.handle(incident, actor=world.department, measures="已清", at=NINE + HOUR).status == Status.HANDLED


def test_only_the_assisting_party_answers_and_only_while_it_matters(world):
    incident, assist = with_assist(world)
    for somebody in (world.department, world.command, world.outsider):
        with pytest.raises(Forbidden):
            services.answer_assist(assist, actor=somebody, answer="好", at=NINE + HOUR)
    with pytest.raises(Refused):
        services.answer_assist(lead_of(incident), actor=world.department, answer="好", at=NINE + HOUR)
    services.void(incident, actor=world.command, note="无此事", at=NINE + HOUR)
    with pytest.raises(Refused) as refusal:
        services.answer_assist(assist, actor=world.police_officer, answer="好", at=NINE + HOUR)
    assert refusal.value.code == "status"


@pytest.mark.parametrize("who", ["police_officer", "worker", "outsider"])
def test_nobody_else_releases_an_assisting_party(world, who):
    _, assist = with_assist(world)
    with pytest.raises(Forbidden):
        services.release_assist(assist, actor=getattr(world, who), note="x", at=NINE + HOUR)


def test_a_third_return_is_refused_and_the_command_room_decides(world):
    incident = stages.report(world)
    for _ in range(2):
        incident = services.dispatch(incident, actor=world.command, lead=world.enforcement, at=NINE)
        incident = services.return_incident(incident, actor=world.department, note="不是我们", at=NINE)
    incident = services.dispatch(incident, actor=world.command, lead=world.enforcement, at=NINE)
    with pytest.raises(Refused) as refusal:
        services.return_incident(incident, actor=world.department, note="还不是我们", at=NINE)
    assert refusal.value.code == "returns_left"
    assert services.sign(incident, actor=world.department, at=NINE).status == Status.IN_PROGRESS


def test_a_new_dispatch_ends_the_old_parties_and_keeps_them_readable(world):
    incident = stages.dispatched(world)
    services.redispatch(incident, actor=world.command, lead=world.police, note="属治安", at=NINE + HOUR)
    old, new = Assignment.objects.filter(incident=incident).order_by("pk")
    assert (old.party, old.ended_at) == (world.enforcement, NINE + HOUR)
    assert (new.party, new.ended_at) == (world.police, None)
    with pytest.raises(Forbidden):
        services.sign(incident, actor=world.department, at=NINE + HOUR)


@pytest.mark.parametrize("role", ["verifier", "command_officer"])
def test_who_handled_it_verifies_it_in_no_other_post_either(world, role):
    post("department", "周经办", role, world.street_a)
    incident = stages.handled(world)
    world.department.__dict__.pop("_own_posts", None)
    for act in (services.verify, services.reject):
        with pytest.raises(Forbidden):
            act(incident, actor=world.department, note="自查通过", at=NINE + 2 * HOUR)


def test_a_colleague_of_the_lead_party_does_not_verify_either(world):
    colleague = post("colleague", "何队员", "department_member", world.enforcement)
    post("colleague", "何队员", "verifier", world.street_a)
    with pytest.raises(Forbidden):
        services.verify(stages.handled(world), actor=colleague, at=NINE + 2 * HOUR)


def test_who_left_the_department_after_handling_still_does_not_verify(world):
    incident = stages.handled(world)
    world.department.posts.update(ends_on=NINE.date())
    post("department", "周经办", "verifier", world.street_a)
    world.department.__dict__.pop("_own_posts", None)
    with pytest.raises(Forbidden):
        services.verify(incident, actor=world.department, at=NINE + 48 * HOUR)


def test_a_failed_verification_goes_back_to_the_lead_and_counts_as_rework(world):
    incident = services.reject(stages.handled(world), actor=world.verifier, note="仍有杂物", at=NINE + 2 * HOUR)
    assert incident.status == Status.IN_PROGRESS
    incident = services.handle(incident, actor=world.department, measures="再次清理", at=NINE + 3 * HOUR)
    assert Result.objects.filter(incident=incident).count() == 2
    assert StatusChange.objects.filter(incident=incident, act="reject").count() == 1


@pytest.mark.parametrize(("shift", "refused"), [(HOUR, True), (-HOUR * 24, True), (-10 * MINUTE, False)])
def test_the_time_of_handling_lies_between_report_and_now(world, shift, refused):
    incident = stages.in_progress(world)
    done = {"actor": world.department, "measures": "已清", "at": NINE + HOUR, "done_at": NINE + HOUR + shift}
    if not refused:
        assert services.handle(incident, **done).status == Status.HANDLED
        return
    with pytest.raises(Refused) as refusal:
        services.handle(incident, **done)
    assert refusal.value.field == "done_at"
