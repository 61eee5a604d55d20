"""Forms that waited on a phone: taken once, told why when refused, and shown the server's state when too late."""

import uuid

import pytest

import clock
from incidents.models import Incident
from incidents.sent_forms import KEPT, forget_sent_forms
from incidents.services import add_note, dispatch, reject, sign, triage
from incidents.workflow import Status
from tests.incidents import stages
from tests.incidents.stages import HOUR

URL = "/incidents/report/"


@pytest.fixture
def typed(world):
    common = stages.category(world, 1)
    common.is_common = True
    common.save(update_fields=["is_common"])
    return {
        "form_owner": world.worker.pk,
        "client_uuid": str(uuid.uuid4()),
        "common": common.code,
        "area": world.community_1.pk,
        "unit": world.micro_1.pk,
        "description": "垃圾桶满了，散在路边。",
    }


def sent(client, url, fields):
    return client.post(url, fields, headers={"Accept": "application/json"})


def test_a_report_is_taken_once_and_told_so_the_second_time(world, client, typed):
    client.force_login(world.worker)
    first, second = sent(client, URL, typed), sent(client, URL, typed)
    incident = Incident.objects.get()
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == {"number": incident.number, "url": f"/incidents/{incident.number}/?sent=1", "said": ""}

    triage(incident, actor=world.command, category=stages.category(world, 2))
    assert sent(client, URL, typed).status_code == 200, "what the room has set since is no other report"

    other = sent(client, URL, typed | {"description": "路灯也不亮。"})
    assert other.status_code == 409
    assert typed["description"] in {value for _, value in other.json()["theirs"]}

    refused = sent(client, URL, typed | {"client_uuid": str(uuid.uuid4()), "description": ""})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["description"]
    assert Incident.objects.count() == 1


def test_what_somebody_else_wrote_on_the_same_phone_waits_for_them(world, client, typed):
    client.force_login(world.worker2)
    assert sent(client, URL, typed).status_code == 401
    assert not Incident.objects.exists()


def test_an_act_whose_answer_was_lost_is_not_done_again_when_others_have_moved_it_on(world, client):
    """Sent again hours later, when it was sent back meanwhile and when somebody else has left a remark."""
    incident = stages.in_progress(world)
    client.force_login(world.department)
    url, owner = f"/incidents/{incident.number}/", world.department.pk
    handled = {"form_owner": owner, "form_id": str(uuid.uuid4()), "draft_key": str(uuid.uuid4())}
    handled |= {"measures": "已清走", "done_at": "2026-11-20T10:00"}
    first = sent(client, f"{url}handle/", handled)
    assert first.status_code == 201, first.text
    reject(incident, actor=world.verifier, note="还在")
    assert sent(client, f"{url}handle/", handled).status_code == 200
    incident.refresh_from_db()
    assert incident.status == Status.IN_PROGRESS

    remark = {"form_owner": owner, "form_id": str(uuid.uuid4()), "text": "门锁着", "draft_key": str(uuid.uuid4())}
    assert sent(client, f"{url}note/", remark).status_code == 201
    add_note(incident, actor=world.command, text="收到")
    assert sent(client, f"{url}note/", remark).status_code == 200
    assert client.post(f"{url}note/", remark).status_code == 302
    assert sent(client, f"{url}note/", remark | {"text": "门开了"}).status_code == 201
    assert list(incident.notes.values_list("text", flat=True)) == ["门锁着", "收到", "门开了"]
    assert forget_sent_forms(clock.now() + KEPT - HOUR) == 0
    assert forget_sent_forms(clock.now() + KEPT + HOUR) == 3


def test_an_act_that_comes_too_late_is_answered_with_what_the_server_has(world, client, typed):
    client.force_login(world.worker)
    sent(client, URL, typed)
    incident = dispatch(Incident.objects.get(), actor=world.command, lead=world.enforcement)
    sign(incident, actor=world.department)
    client.force_login(world.department)
    fields = {"form_owner": world.department.pk, "note": "不是我们的事"}

    done_before = sent(client, f"/incidents/{incident.number}/sign/", fields)
    assert (done_before.status_code, done_before.json()["said"]) == (200, "已签收。")
    late = sent(client, f"/incidents/{incident.number}/return/", fields)
    assert late.status_code == 409
    told = late.json()
    theirs = {value for _, value in told["theirs"]}
    assert {str(Status.IN_PROGRESS.label), str(world.department), world.enforcement.name} <= theirs
    assert incident.description not in str(told), "the answer stays on the phone until somebody has decided"
    as_remark = {"form_owner": world.department.pk, "text": "不是我们的事", "draft_key": str(uuid.uuid4())}
    assert sent(client, told["remark"], as_remark).status_code == 201
