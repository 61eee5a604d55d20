"""Loads over the API: the same acts as the pages, in JSON."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AccessRecord, User
from households.loading import runs
from households.models import RegisterLoad, Resident
from tests.households import loads
from tests.households.homes import card
from tests.households.loads import FAMILY, line
from tests.query_counts import query_count
from tests.world import World

pytestmark = pytest.mark.django_db
LOADS = "/api/v1/register-loads/"


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.loading.runs.enqueueing.current_app.send_task", lambda *args, **options: None)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(user: User, **said: Any) -> Any:
    return as_(user).post(LOADS, {"file": SimpleUploadedFile("台账.csv", loads.csv(*FAMILY).getvalue()), **said})


def send(user: User, load: RegisterLoad, act: str, **said: Any) -> Any:
    return as_(user).post(f"{LOADS}{load.key}/{act}/", json.dumps(said), content_type="application/json")


def test_a_file_goes_all_the_way_and_back(world: World) -> None:
    user = world.register
    sent = upload(user, scope=world.street_a.code)
    assert (sent.status_code, sent.json()["state"]) == (201, "received")
    load = RegisterLoad.objects.get(key=sent.json()["key"])
    runs.read(load.pk)
    seen = as_(user).get(f"{LOADS}{load.key}/").json()
    assert (seen["state"], seen["counts"]["new"], seen["progress"]) == ("ready", 3, None)
    assert {column["header"]: column["field"] for column in seen["sheets"][0]["columns"]}["姓名"] == "name"
    assert {place["unit"] for place in seen["places"]} == {world.micro_1.code, world.micro_2.code}
    assert send(user, load, "decide", gone="keep").json()["answers"]["gone"] == "keep"
    assert send(user, load, "confirm").json()["state"] == "applying"
    runs.apply(load.pk)
    assert Resident.objects.count() == 3
    assert send(user, load, "undo").json()["state"] == "undoing"
    assert send(user, load, "discard").status_code == 409


def test_no_answer_names_anybody_of_the_file(world: World) -> None:
    load = loads.ready(world)
    said = as_(world.register).get(f"{LOADS}{load.key}/").content.decode()
    assert "王大明" not in said
    assert card("19700101") not in said


def test_columns_and_places_are_corrected(world: World) -> None:
    load = loads.ready(world, line(1, "王大明", card(), place="高田王村,1网格,老祠堂"))
    said = send(world.register, load, "correct", sheets=[{"index": 0, "columns": {"8": ""}}])
    assert (said.status_code, said.json()["state"]) == (200, "reading")
    runs.read(load.pk)
    [place] = as_(world.register).get(f"{LOADS}{load.key}/").json()["places"]
    assert (place["found"], place["unit"]) == ("unknown", None)
    answer = {"index": place["index"], "unit": world.micro_2.code}
    assert send(world.register, load, "places", units=[answer]).json()["state"] == "reading"
    again = runs.read(load.pk)
    assert again is not None
    assert again.counts["new"] == 1


def test_the_error_workbook_is_fetched_and_that_is_recorded(world: World) -> None:
    load = loads.ready(world, *FAMILY, line(3, "钱不对", "330206199001011231"))
    response = as_(world.register).get(f"{LOADS}{load.key}/error-workbook/")
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert "钱不对" in [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert AccessRecord.objects.get(act=AccessRecord.Act.DOWNLOAD).subject_id == load.pk


@pytest.mark.parametrize(
    ("act", "said", "field"),
    [
        ("correct", {"sheets": [{"index": 0, "columns": {"x": "name"}}]}, "sheets"),
        ("correct", {}, "sheets"),
        ("places", {"units": [{"index": 0, "unit": "999"}]}, "units"),
        ("decide", {"gone": "delete"}, "gone"),
    ],
)
def test_what_is_wrong_is_named(world: World, act: str, said: dict[str, Any], field: str) -> None:
    response = send(world.register, loads.ready(world), act, **said)
    assert response.status_code == 400
    assert response.json()["field"].startswith(field)


@pytest.mark.parametrize(("who", "status"), [("worker", 404), ("outsider", 404), ("leader", 404), ("admin", 404)])
def test_a_foreign_load_does_not_exist(world: World, who: str, status: int) -> None:
    load, user = loads.ready(world), getattr(world, who)
    assert as_(user).get(f"{LOADS}{load.key}/").status_code == status
    assert as_(user).get(f"{LOADS}{load.key}/error-workbook/").status_code == status
    for act in ("confirm", "undo", "discard", "retry", "decide", "places", "correct"):
        assert send(user, load, act).status_code == status
    assert as_(user).get(LOADS).json()["results"] == []


def test_sending_a_file_needs_a_session_a_right_and_a_file(world: World) -> None:
    assert Client().post(LOADS).status_code == 401
    assert upload(world.worker, scope=world.street_a.code).status_code in (400, 403)
    assert upload(world.leader, scope=world.street_a.code).status_code == 403
    assert upload(world.register).status_code == 403
    assert as_(world.register).post(LOADS, {"scope": world.street_a.code}).json()["field"] == "file"
    assert upload(world.register, scope=world.street_b.code).status_code == 400
    assert not RegisterLoad.objects.exists()


def test_a_list_costs_the_same_however_long(world: World) -> None:
    for _number in range(3):
        loads.received(world)
    client = as_(world.register)
    with query_count("api:register-load-list"):
        assert len(client.get(LOADS).json()["results"]) == 3
