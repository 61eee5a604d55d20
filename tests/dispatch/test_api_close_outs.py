"""Frozen close-outs over the API: read by who closes the day, explained by who held what was late."""

import json
from datetime import date

import pytest

from dispatch.close_out import close_day
from tests.dispatch.moments import friday, on
from tests.incidents import stages

pytestmark = pytest.mark.django_db

LIST = "/api/v1/close-outs/"
DAY = f"{LIST}330206003/2026-11-20/"


def get(client, user, path=LIST, **query):
    client.force_login(user)
    return client.get(path, query)


def explain(client, user, number, text):
    client.force_login(user)
    return client.post(f"{DAY}reasons/", json.dumps({"number": number, "text": text}), content_type="application/json")


def test_the_day_is_listed_read_and_explained(town, client):
    late = stages.dispatched(town).number
    close_day(date(2026, 11, 19), on("2026-11-19", "16:00"))
    close_day(date(2026, 11, 20), friday("16:00"))

    listed = get(client, town.command).json()["results"]
    assert [(row["street"], row["day"], row["open"]) for row in listed] == [
        ("330206003", "2026-11-20", 1),
        ("330206003", "2026-11-19", 0),
    ]
    assert len(get(client, town.district_officer, since="2026-11-20").json()["results"]) == 2
    given = explain(client, town.department, late, "配件未到货。")
    assert (given.status_code, given.json()["post"]) == (201, f"{town.enforcement.name} 部门经办人")

    line = get(client, town.command, DAY).json()["lines"][0]
    assert (line["number"], line["holder"], line["is_late"]) == (late, town.enforcement.name, True)
    assert [reason["text"] for reason in line["reasons"]] == ["配件未到货。"]
    assert "description" not in line


def test_others_read_nothing_and_explain_nothing(town, client):
    late = stages.dispatched(town).number
    close_day(date(2026, 11, 20), friday("16:00"))

    assert get(client, town.department).status_code == get(client, town.department, DAY).status_code == 403
    assert get(client, town.outsider, DAY).status_code == 404
    assert get(client, town.command, f"{LIST}330206003/2026-11-31/").status_code == 404
    assert explain(client, town.police_officer, late, "不知道。").status_code == 404
    refused = explain(client, town.command, late, "请联系 13800138000")
    assert (refused.status_code, refused.json()["field"]) == (400, "text")
    client.logout()
    assert client.get(LIST).status_code == 401
