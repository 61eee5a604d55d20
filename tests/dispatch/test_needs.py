"""What each incident needs of a user, asked of all at once, agrees with what the user is to each of them."""

from dataclasses import fields

import pytest

from accounts.models import User
from dispatch.overview import needs
from dispatch.overview.needs import Need
from incidents import services
from incidents.models import Assignment, Incident
from incidents.situation import situation_of
from incidents.workflow import Status, Who
from tests.dispatch.moments import friday, on
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.world import World, post


def people(world: World) -> list[User]:
    return [value for field in fields(world) if isinstance(value := getattr(world, field.name), User)]


def need_of(user: User, incident: Incident) -> str:
    row = needs.needing(user).filter(pk=incident.pk).first()
    return row.need if row else ""


def expected(user: User, incident: Incident) -> str:
    """The need as the incident's own page would find it out."""
    now = situation_of(user, Incident.objects.get(pk=incident.pk))
    found = {
        Need.TRIAGE: now.incident.status in {Status.REPORTED, Status.RETURNED} and Who.DISPATCHER in now.standing,
        Need.SIGN: now.incident.status == Status.DISPATCHED and now.is_lead,
        Need.ANSWER: now.incident.status in {Status.DISPATCHED, Status.IN_PROGRESS} and bool(now.own_assists),
        Need.DECIDE: now.request is not None and Who.APPROVER in now.standing,
        Need.HANDLE: now.incident.status == Status.IN_PROGRESS and now.is_lead,
        Need.VERIFY: now.incident.status == Status.HANDLED and Who.VERIFIER in now.standing,
    }
    return next((need for need, holds in found.items() if holds), "")


@pytest.mark.parametrize("status", list(Status))
def test_lists_and_incident_page_agree_for_everybody(world, status):
    incident = stages.STAGES[status](world)
    for user in people(world):
        assert need_of(user, incident) == expected(user, incident), user.username


def test_an_assisting_party_answers_and_is_left_in_peace(world):
    incident = stages.in_progress(world, assisting=[world.police])
    assert need_of(world.police_officer, incident) == expected(world.police_officer, incident) == Need.ANSWER

    row = Assignment.objects.get(incident=incident, department=world.police)
    services.answer_assist(row, actor=world.police_officer, answer="已到场。", at=NINE + HOUR)

    assert need_of(world.police_officer, incident) == expected(world.police_officer, incident) == ""


def test_who_had_a_hand_is_not_asked_to_verify(world):
    post("department", "周经办", "verifier", world.street_a)
    incident = stages.handled(world)

    assert need_of(world.department, incident) == expected(world.department, incident) == ""
    assert need_of(world.verifier, incident) == Need.VERIFY


def test_a_unit_is_asked_for_what_lies_elsewhere(world):
    incident = stages.report(world)
    services.dispatch(incident, actor=world.command, lead=world.grid_2, at=NINE + HOUR)

    assert need_of(world.worker2, incident) == expected(world.worker2, incident) == Need.SIGN


def test_the_counts_are_those_of_the_lists(world):
    stages.report(world)
    stages.returned(world)
    stages.handled(world)

    assert needs.count_needs(world.command) == {Need.TRIAGE: 2, Need.VERIFY: 1}
    assert needs.count_needs(world.outsider) == {}


def test_the_returning_party_follows_what_it_sent_back(world):
    incident = stages.returned(world)

    assert list(needs.sent_back_by(world.department)) == [incident]
    assert list(needs.sent_back_by(world.police_officer)) == []


def test_evaluation_is_asked_for_once_and_while_its_window_is_open(world):
    incident = stages.closed(world)

    assert list(needs.to_evaluate(world.command, at=friday("12:00"))) == [incident]
    assert list(needs.to_evaluate(world.command, at=on("2026-11-24"))) == []
    services.evaluate(incident, actor=world.command, score="satisfied", at=friday("13:00"))
    assert list(needs.to_evaluate(world.command, at=friday("14:00"))) == []


def test_a_failed_verification_marks_rework_until_it_is_handled_again(world):
    incident = services.reject(stages.handled(world), actor=world.verifier, note="仍有杂物。", at=NINE + 2 * HOUR)
    assert needs.with_rework(Incident.objects.all()).get().is_rework

    services.handle(incident, actor=world.department, measures="再次清理。", at=NINE + 3 * HOUR)
    assert not needs.with_rework(Incident.objects.all()).get().is_rework


def test_own_progress_counts_each_incident_once(world):
    incident = services.reject(stages.handled(world), actor=world.verifier, note="仍有杂物。", at=NINE + 2 * HOUR)
    services.handle(incident, actor=world.department, measures="再次清理。", at=NINE + 3 * HOUR)

    assert needs.done_since(world.department, friday("00:00")) == 1
    assert needs.done_since(world.department, on("2026-11-21", "00:00")) == 0
