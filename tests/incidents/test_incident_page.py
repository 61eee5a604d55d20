"""The page of one incident and the list of them: what they show, to whom, and what may be done there."""

import pytest
from django.urls import reverse

from dispatch.limits import load_default_rules
from dispatch.sweep import sweep
from incidents import services
from incidents.attachments import accept_file
from incidents.models import Incident
from incidents.workflow import Status
from tests.incidents import files, stages
from tests.incidents.stages import HOUR, NINE
from tests.query_counts import query_count


def page(client, user, incident):
    client.force_login(user)
    return client.get(reverse("incidents:incident", args=[incident.number]))


def acts(answer):
    """What is offered of this app's own acts; an app above tests what it adds."""
    return [act.slug for act in answer.context["acts"] if act.perform.__module__.startswith("incidents.")]


def titles(answer):
    return [event.title for event in answer.context["events"]]


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_a_page(world, client, status):
    incident = stages.STAGES[status](world)
    answer = page(client, world.command, incident)
    assert answer.status_code == 200
    assert incident.number in answer.text
    assert incident.description in answer.text


@pytest.mark.parametrize("who", ["worker2", "outsider", "police_officer", "admin"])
def test_outsiders_get_404(world, client, who):
    assert page(client, getattr(world, who), stages.dispatched(world)).status_code == 404


def test_an_unknown_number_gives_404_and_no_login_the_way_to_it(world, client):
    url = reverse("incidents:incident", args=["20261122-330206003-9999"])
    assert client.get(url).status_code == 302
    client.force_login(world.command)
    assert client.get(url).status_code == 404
    assert client.get("/incidents/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("stage", "who", "expected"),
    [
        (stages.report, "worker", ["note"]),
        (stages.report, "command", ["dispatch", "triage", "note", "merge", "void"]),
        (stages.dispatched, "department", ["sign", "return", "note"]),
        (stages.dispatched, "worker", ["note"]),
        (stages.in_progress, "department", ["handle", "ask-suspension", "note"]),
        (stages.asked_to_suspend, "department", ["handle", "note"]),
        (stages.asked_to_suspend, "command", ["decide", "note", "merge", "void"]),
        (stages.handled, "verifier", ["verify", "reject", "note"]),
        (stages.handled, "department", ["note"]),
        (stages.suspended, "department", ["resume", "note"]),
        (stages.archived, "command", ["note"]),
        (stages.merged, "command", ["note"]),
    ],
)
def test_only_what_this_user_may_do_now_is_offered_the_primary_first(world, client, stage, who, expected):
    assert acts(page(client, getattr(world, who), stage(world))) == expected


def test_a_level_1_report_can_still_be_settled_by_its_reporter(world, client):
    assert acts(page(client, world.worker, stages.report(world, level=1))) == ["settle", "note"]


def test_the_handler_is_told_why_there_is_no_verifying(world, client):
    answer = page(client, world.department, stages.handled(world))
    assert len(answer.context["now"].explanations()) == 1


def test_a_third_return_is_not_offered_and_the_reason_is_said(world, client):
    incident = stages.returned(world)
    for _number in range(2):
        incident = services.dispatch(incident, actor=world.command, lead=world.enforcement, at=NINE + HOUR)
        if _number == 0:
            incident = services.return_incident(incident, actor=world.department, note="仍不属本队", at=NINE + HOUR)
    answer = page(client, world.department, incident)
    assert acts(answer) == ["sign", "note"]
    assert len(answer.context["now"].explanations()) == 1


def test_an_assisting_party_that_owes_an_answer_holds_up_the_lead(world, client):
    incident = stages.in_progress(world, assisting=[world.police])
    lead = page(client, world.department, incident)
    assert acts(lead) == ["ask-suspension", "release", "note"]
    assert "派出所" in lead.context["now"].explanations()[0]
    assert acts(page(client, world.police_officer, incident)) == ["answer", "note"]


def test_the_history_tells_everything_newest_first(world, client):
    load_default_rules()
    incident = stages.asked_to_suspend(world)
    services.add_note(incident, actor=world.worker, text="业主来电催问", at=NINE + 2 * HOUR)
    services.decide_suspension(incident, actor=world.command, approve=False, note="配件已到", at=NINE + 3 * HOUR)
    other = stages.report(world)
    services.merge(other, into=incident, actor=world.command, at=NINE + 4 * HOUR)
    services.handle(incident, actor=world.department, measures="已清走", contacted="报告人", at=NINE + 5 * HOUR)
    services.reject(incident, actor=world.verifier, note="仍有杂物", at=NINE + 6 * HOUR)
    sweep(NINE + 10 * HOUR)
    answer = page(client, world.command, incident)
    events = answer.context["events"]
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
    notes = " ".join(event.note for event in events)
    for words in ("业主来电催问", "配件已到", "等配件", "已清走", "报告人", "仍有杂物"):
        assert words in notes
    assert any(other.number in title for title in titles(answer))
    assert any(event.tone == "overdue" for event in events)
    assert other in answer.context["merged"]
    assert incident.number in page(client, world.command, other).text


def test_photos_of_the_report_and_of_the_handling_stand_apart(world, client):
    incident = stages.report(world)
    reported = accept_file(files.photo(), actor=world.worker, draft_key=incident.client_uuid)
    handling = accept_file(files.photo(size=(9, 9)), actor=world.worker, incident=incident)
    paper = accept_file(files.paper(), actor=world.worker, incident=incident)
    answer = page(client, world.command, incident)
    shown = answer.context["files"]
    assert (shown.as_reported, shown.of_handling, shown.papers) == ([reported], [handling], [paper])
    for file in (reported, handling, paper):
        assert file.url in answer.text


# -- The list -----------------------------------------------------------------------------------------------------


def numbers(client, **wanted):
    answer = client.get(reverse("incidents:list"), wanted)
    assert answer.status_code == 200
    return {incident.number for incident in answer.context["page"]}


@pytest.fixture
def three(world):
    """One open in community 1, one open at level 3 in community 2, one archived."""
    return (
        stages.report(world),
        stages.report(world, level=3, actor=world.command, unit=world.micro_5, at=NINE + 48 * HOUR),
        stages.archived(world),
    )


def test_the_list_shows_what_is_open_unless_asked_for_more(world, client, three):
    near, far, old = (incident.number for incident in three)
    client.force_login(world.command)
    assert numbers(client) == {near, far}
    assert numbers(client, status="all") == {near, far, old}
    assert numbers(client, status="archived") == {old}
    assert numbers(client, number=old[-4:]) >= {old}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [({"level": 3}, 1), ({"since": "2026-11-22"}, 1), ({"until": "2026-11-20"}, 0), ({"level": "nonsense"}, None)],
)
def test_the_list_is_narrowed_by_level_and_period(world, client, three, wanted, expected):
    client.force_login(world.command)
    found = numbers(client, **wanted)
    assert found == ({three[expected].number} if expected is not None else {three[0].number, three[1].number})


def test_the_list_is_narrowed_by_unit_and_kind(world, client, three):
    client.force_login(world.command)
    assert numbers(client, place=world.community_2.pk) == {three[1].number}
    assert numbers(client, place=world.grid_1.pk) == {three[0].number}
    stages.category(world, 1, code="0202")  # a sibling group without incidents
    assert numbers(client, group="99") == {three[0].number, three[1].number}


def test_a_worker_lists_the_own_area_and_an_outsider_nothing(world, client, three):
    client.force_login(world.worker)
    assert numbers(client, status="all") == {three[0].number, three[2].number}
    client.force_login(world.outsider)
    assert numbers(client, status="all") == set()


def test_the_list_asks_as_often_for_one_row_as_for_thirty(world, client):
    for number in range(30):
        stages.report(world, at=NINE + number * stages.MINUTE)
    client.force_login(world.command)
    with query_count("incidents:list"):
        assert len(numbers(client)) == 30
    Incident.objects.filter(pk__gt=Incident.objects.earliest("pk").pk).update(status=Status.VOID)
    with query_count("incidents:list"):
        assert len(numbers(client)) == 1
