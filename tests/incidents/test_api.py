"""The API of the catalogue and the incidents: the same rules as the pages, in JSON."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from rest_framework.throttling import ScopedRateThrottle

from accounts.models import User
from incidents import services
from incidents.actors import RESIDENT
from incidents.acts import ACTS
from incidents.api.asked import MOVES
from incidents.models import Incident, Note, StatusChange
from incidents.services.catalogue import retire_category, revise_category
from incidents.terms import Terms
from tests.incidents import stages
from tests.query_counts import query_count
from tests.world import World

INCIDENTS = "/api/v1/incidents/"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, path: str, body: Any) -> Any:
    return client.post(path, body if isinstance(body, str) else json.dumps(body), content_type="application/json")


def move(user: User, incident: Incident, act: str, **said: Any) -> Any:
    return send(as_(user), f"{INCIDENTS}{incident.number}/moves/", {"act": act, **said})


def draft(world: World, **changes: Any) -> dict[str, Any]:
    stages.category(world)
    return {
        "client_uuid": str(uuid.UUID(int=7)),
        "unit": world.micro_1.code,
        "category": "010102",
        "description": "楼道口堆了旧家具。",
        **changes,
    }


# -- reading -----------------------------------------------------------------------------------------------------
def test_nobody_reads_without_a_session(client: Client, db: None) -> None:
    response = client.get(INCIDENTS)
    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"


def test_a_list_shows_what_the_user_may_see_the_newest_first(world: World) -> None:
    older = stages.report(world)
    newer = stages.report(world, at=stages.NINE + stages.HOUR)
    listed = as_(world.command).get(INCIDENTS).json()
    assert [row["number"] for row in listed["results"]] == [newer.number, older.number]
    assert as_(world.outsider).get(INCIDENTS).json()["results"] == []


def test_a_row_says_place_category_and_holder(world: World) -> None:
    stages.dispatched(world)
    [row] = as_(world.command).get(INCIDENTS).json()["results"]
    assert [place["name"] for place in row["place"]] == ["高田王村", "1网格", "1微网格"]
    assert (row["category"]["code"], row["status"], row["status_name"]) == ("010102", "dispatched", "待签收")
    assert [(holder["part"], holder["party"]) for holder in row["holders"]] == [("lead", "enforcement")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=reported", 1),
        ("status=reported&status=dispatched", 2),
        ("status=archived", 0),
        ("is_open=true", 2),
        ("is_open=false", 0),
        ("level=3", 1),
        ("category=01", 2),
        ("category=010103", 1),
        ("unit=330206003", 2),
        ("unit=999999", 0),
        ("reported_from=2026-11-20T10:00:00%2B08:00", 1),
        ("reported_before=2026-11-20T10:00:00%2B08:00", 1),
    ],
)
def test_filters_narrow(world: World, query: str, found: int) -> None:
    stages.dispatched(world)
    stages.report(world, level=3, at=stages.NINE + 2 * stages.HOUR)
    assert len(as_(world.command).get(f"{INCIDENTS}?{query}").json()["results"]) == found


def test_a_filter_that_means_nothing_is_refused_beside_its_name(world: World) -> None:
    response = as_(world.command).get(f"{INCIDENTS}?status=asleep")
    assert response.status_code == 400
    assert response.json()["field"] == "status"


def test_a_list_asks_the_same_number_of_queries_for_one_row_and_for_many(world: World) -> None:
    stages.dispatched(world)
    stages.in_progress(world)
    stages.report(world, level=3)
    client = as_(world.command)
    client.get(INCIDENTS)
    with query_count("api:incident-list"):
        client.get(INCIDENTS)


def test_one_incident_comes_with_history_and_the_acts_open_to_the_user(world: World) -> None:
    incident = stages.dispatched(world)
    shown = as_(world.department).get(f"{INCIDENTS}{incident.number}/").json()
    assert [change["act"] for change in shown["history"]] == ["report", "dispatch"]
    assert shown["acts"] == ["sign", "return"]


def test_what_a_resident_did_is_told_as_a_residents_and_the_systems_as_nobodys(world: World) -> None:
    incident = stages.closed(world)
    Incident.objects.filter(pk=incident.pk).update(reporter=None, source="resident")
    services.evaluate(incident, actor=RESIDENT, score="satisfied", at=stages.NINE + 3 * stages.HOUR)
    services.archive(incident, actor=None, at=stages.NINE + 4 * stages.HOUR)
    shown = as_(world.command).get(f"{INCIDENTS}{incident.number}/").json()
    told = [(change["actor"], change["by_resident"]) for change in shown["history"]]
    assert told[-3:] == [("吴核查", False), ("居民", True), (None, False)]
    assert shown["evaluations"][0]["recorded_by"] == "居民"


def test_a_foreign_incident_and_a_missing_one_answer_alike(world: World) -> None:
    number = stages.report(world).number
    foreign = as_(world.outsider).get(f"{INCIDENTS}{number}/")
    missing = as_(world.outsider).get(f"{INCIDENTS}20261120-330206003-9999/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()


def test_the_catalogue_shows_what_counts_now(world: World) -> None:
    revise_category("90", terms=Terms(name="道路"), actor=None)
    for name in ("路灯不亮", "路灯昏暗"):
        revise_category("9001", terms=Terms(name=name, level=1, lead=world.police), actor=None)
    revise_category("9002", terms=Terms(name="路面破损", level=1, lead=world.police), actor=None)
    retire_category("9002", actor=None)
    client = as_(world.worker)
    assert [(row["code"], row["version"]) for row in client.get("/api/v1/categories/").json()] == [
        ("90", 1),
        ("9001", 2),
    ]
    assert client.get("/api/v1/categories/9001/").json()["lead"] == "police"
    assert client.get("/api/v1/categories/9002/").status_code == 404


# -- reporting ---------------------------------------------------------------------------------------------------
def test_a_report_is_filed_once_however_often_it_is_sent(world: World) -> None:
    client = as_(world.worker)
    first, second = (send(client, INCIDENTS, draft(world)) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert first.json()["status"] == "reported"
    assert Incident.objects.count() == 1


def test_with_measures_a_level_1_report_is_closed_at_once(world: World) -> None:
    stages.category(world, 1)
    report = draft(world, category="010101", measures="已当场清走。")
    assert send(as_(world.worker), INCIDENTS, report).json()["status"] == "closed"
    second = draft(world, client_uuid=str(uuid.UUID(int=8)), measures="已当场清走。")
    assert send(as_(world.worker), INCIDENTS, second).json()["code"] == "level_1"
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"client_uuid": "7"}, "client_uuid"),
        ({"unit": "330206999"}, "unit"),
        ({"category": "9999"}, "category"),
        ({"description": "   "}, "description"),
        ({"description": "字" * 10_000}, "description"),
        ({"level": 9}, "level"),
        ({"source": "rumour"}, "source"),
        ({"place_note": "长" * 500}, "place_note"),
    ],
)
def test_a_bad_report_is_refused_beside_the_field(world: World, changes: dict[str, Any], field: str) -> None:
    response = send(as_(world.worker), INCIDENTS, draft(world, **changes))
    assert (response.status_code, response.json()["field"]) == (400, field)
    assert set(response.json()) == {"code", "message", "field"}
    assert not Incident.objects.exists()


def test_several_mistakes_are_all_told(world: World) -> None:
    told = send(as_(world.worker), INCIDENTS, draft(world, unit="1", category="x")).json()
    assert [error["field"] for error in told["errors"]] == ["unit", "category"]


def test_control_characters_are_taken_out(world: World) -> None:
    send(as_(world.worker), INCIDENTS, draft(world, description="门口\u202e有\x07积水"))
    assert Incident.objects.get().description == "门口有积水"


@pytest.mark.parametrize(
    ("who", "status"),
    [("outsider", 400), ("department", 403), ("worker2", 400), ("leader", 403)],
)
def test_nobody_reports_where_they_may_not(world: World, who: str, status: int) -> None:
    """A place that the user can't see is unknown; one that the user sees but doesn't serve is for others."""
    assert send(as_(getattr(world, who)), INCIDENTS, draft(world)).status_code == status
    assert not Incident.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '"text"', "null"])
def test_what_is_not_a_report_at_all_is_refused(world: World, body: str) -> None:
    assert send(as_(world.worker), INCIDENTS, body).status_code == 400


def test_a_form_of_another_site_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.worker)
    response = send(client, INCIDENTS, draft(world))
    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


# -- moving ------------------------------------------------------------------------------------------------------
def test_every_act_of_the_page_can_be_sent() -> None:
    assert set(MOVES) == {slug for slug, page in ACTS.items() if page.by_api}


def test_an_incident_goes_from_report_to_archive(world: World) -> None:
    number = send(as_(world.worker), INCIDENTS, draft(world)).json()["number"]
    incident = Incident.objects.get(number=number)
    steps = (
        (world.command, "triage", {"level": 2, "category": "010102"}),
        (world.command, "dispatch", {"lead": "enforcement", "assisting": ["police"]}),
        (world.department, "return", {"note": "不归我队"}),
        (world.command, "dispatch", {"lead": "enforcement", "assisting": ["police"], "note": "由你队牵头"}),
        (world.department, "sign", {}),
        (world.police_officer, "answer", {"answer": "已到场维持秩序。"}),
        (world.department, "handle", {"measures": "已清走。", "outcome": "通道畅通", "contacted": "楼道长"}),
        (world.verifier, "reject", {"note": "还剩一个柜子"}),
        (world.department, "handle", {"measures": "柜子也清走了。"}),
        (world.verifier, "verify", {}),
        (world.command, "evaluate", {"score": "satisfied"}),
        (world.command, "archive", {}),
    )
    for who, act, said in steps:
        response = move(who, incident, act, **said)
        assert response.status_code == 200, (act, response.json())
    assert response.json()["status"] == "archived"
    assert len(response.json()["history"]) == 11  # the answer and the triage to the same level move nothing


@pytest.mark.parametrize(
    ("who", "act", "said", "status", "code"),
    [
        ("department", "sign", {}, 200, None),
        ("worker", "sign", {}, 403, "who"),
        ("command", "sign", {}, 403, "who"),
        ("outsider", "sign", {}, 404, "not_found"),
        ("department", "handle", {"measures": "已清走"}, 409, "status"),
        ("department", "return", {}, 400, "note"),
        ("command", "redispatch", {"lead": "police", "note": "换人"}, 200, None),
        ("command", "redispatch", {"lead": "nobody", "note": "换人"}, 400, "unknown"),
        ("command", "void", {"note": "误报"}, 200, None),
        ("command", "merge", {"into": "20261120-330206003-9999"}, 400, "does_not_exist"),
        ("command", "fly", {}, 400, "invalid_choice"),
        ("command", "release", {"note": "不用来了"}, 400, "party"),
    ],
)
def test_a_move_works_or_says_why_not(
    world: World, who: str, act: str, said: dict[str, Any], status: int, code: str | None
) -> None:
    incident = stages.dispatched(world)
    response = move(getattr(world, who), incident, act, **said)
    assert (response.status_code, response.json().get("code")) == (status, code)
    grown = StatusChange.objects.filter(incident=incident).count() - 2
    assert grown == (1 if status == 200 else 0)


def test_a_move_sent_twice_happens_once(world: World) -> None:
    incident = stages.dispatched(world)
    assert [move(world.department, incident, "sign").status_code for _ in range(2)] == [200, 200]
    assert StatusChange.objects.filter(incident=incident, act="sign").count() == 1


def test_two_incidents_become_one(world: World) -> None:
    first, second = stages.report(world), stages.report(world)
    merged = move(world.command, second, "merge", into=first.number).json()
    assert (merged["status"], merged["merged_into"]) == ("merged", first.number)


def test_a_suspension_is_asked_for_and_decided(world: World) -> None:
    incident = stages.in_progress(world)
    asked = move(world.department, incident, "ask-suspension", reason="等配件", until="2099-01-01T09:00:00+08:00")
    assert asked.status_code == 200
    assert move(world.department, incident, "decide", approve=True).status_code == 403
    assert move(world.command, incident, "decide", approve=True).json()["status"] == "suspended"
    assert move(world.department, incident, "resume").json()["status"] == "in_progress"


def test_a_remark_moves_nothing(world: World) -> None:
    incident = stages.report(world)
    response = send(as_(world.worker), f"{INCIDENTS}{incident.number}/notes/", {"text": "住户已联系。"})
    assert (response.status_code, response.json()["text"]) == (201, "住户已联系。")
    assert Note.objects.get().by == world.worker
    assert send(as_(world.outsider), f"{INCIDENTS}{incident.number}/notes/", {"text": "?"}).status_code == 404


# -- guards ------------------------------------------------------------------------------------------------------
def test_a_client_gone_mad_is_slowed_down(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"report": "2/min", "move": "120/min"})
    client = as_(world.worker)
    answers = [send(client, INCIDENTS, draft(world)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 429]
    assert answers[-1].json()["code"] == "throttled"
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get(INCIDENTS).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_history_cannot_be_rewritten(world: World, method: str) -> None:
    incident = stages.report(world)
    response = getattr(as_(world.command), method)(f"{INCIDENTS}{incident.number}/")
    assert response.status_code == 405
