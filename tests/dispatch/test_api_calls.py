"""Supervision items and whistles over the API: issue, act, list, and refusals in the API's own shape."""

import pytest

from dispatch.models import Supervision, Whistle
from tests.dispatch import test_supervising
from tests.dispatch.moments import friday, saturday
from tests.incidents import stages
from tests.query_counts import query_count


@pytest.fixture
def town(world, stop_clock):
    stop_clock(friday("10:00"))
    return test_supervising.start(world)


def post(client, user, path, **data):
    client.force_login(user)
    return client.post(f"/api/v1/{path}", data, content_type="application/json")


def test_an_item_is_issued_put_right_and_checked(town, client):
    sent = {"street": town.street_a.code, "department": "enforcement", "issue_type": "stalls", "demand": "占道"}
    assert post(client, town.worker, "supervision/", **sent | {"street": None}).status_code == 400
    issued = post(client, town.command, "supervision/", **sent)
    assert issued.status_code == 201
    path = f"supervision/{issued.json()['number']}/"
    assert post(client, town.police_officer, f"{path}acts/", act="rectify", note="好了").status_code == 404
    assert post(client, town.department, f"{path}acts/", act="confirm").status_code == 403
    assert post(client, town.department, f"{path}acts/", act="rectify", note="好了").json()["state"] == "rectified"
    assert post(client, town.command, f"{path}acts/", act="extend", note="x").status_code == 400
    assert client.get(f"/api/v1/{path}").json()["acts"] == ["confirm", "reject", "withdraw"]
    assert post(client, town.command, f"{path}acts/", act="confirm").json()["state"] == "done"
    assert post(client, town.leader, f"{path}acts/", act="reject", note="没有").status_code == 409
    assert [row["state"] for row in client.get("/api/v1/supervision/").json()["results"]] == ["done"]


def test_an_overdue_incident_needs_nothing_but_its_number(town, client, stop_clock):
    incident = stages.in_progress(town)
    assert post(client, town.command, "supervision/", incident=incident.number).status_code == 409
    stop_clock(saturday("09:00"))
    assert post(client, town.command, "supervision/", incident=incident.number).status_code == 201
    assert Supervision.objects.get().incident == incident


def test_a_department_answers_a_whistle_and_the_caller_rates(town, client):
    sent = {"unit": town.grid_1.code, "grade": 1, "matter": "私拉电线", "departments": ["enforcement"]}
    assert post(client, town.worker, "whistles/", **sent).status_code == 403
    path = f"whistles/{post(client, town.command, 'whistles/', **sent).json()['number']}/acts/"
    one = {"department": "enforcement"}
    assert post(client, town.department, path, act="contact", **one).status_code == 409
    for act in ({"act": "sign"}, {"act": "arrive"}, {"act": "finish", "note": "已拆"}):
        assert post(client, town.department, path, **one, **act).status_code == 200, act
    assert post(client, town.command, path, act="rate", rating=5, department="police").status_code == 400
    assert post(client, town.command, path, act="rate", rating=5, **one).json()["parties"][0]["rating"] == 5
    assert post(client, town.command, path, act="close").json()["state"] == "closed"
    assert Whistle.objects.get().closed_at == friday("10:00")
    with query_count("api:whistle-list"):
        client.get("/api/v1/whistles/")
