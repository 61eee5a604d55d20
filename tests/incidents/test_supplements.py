"""One thing, reported once: what is open already is shown, and what was typed is added to it instead."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import clock
from accounts.errors import Forbidden, Refused
from incidents import services
from incidents.models import Attachment, Incident, Note
from incidents.workflow import Status
from tests.incidents import files, stages
from tests.incidents.stages import HOUR, MINUTE

URL = "/incidents/report/"
ALIKE = f"{URL}alike/"
TEXT = "楼道口又堆了旧家具，过道变窄，走不过去。"


@pytest.fixture
def first(world):
    """Open for two hours, reported by somebody else."""
    common = stages.category(world, 2)
    common.is_common = True
    common.save(update_fields=["is_common"])
    return stages.report(world, actor=world.command, at=clock.now() - 2 * HOUR)


@pytest.fixture
def typed(world, first):
    return {
        "form_owner": world.worker.pk,
        "client_uuid": str(uuid.uuid4()),
        "common": first.category.code,
        "area": world.community_1.pk,
        "unit": world.micro_1.pk,
        "place_note": "2单元",
        "description": TEXT,
    }


@pytest.fixture
def worker(world, client):
    client.force_login(world.worker)
    return client


def test_what_may_be_the_same_is_told_while_typing_with_the_reason(world, worker, first, typed, client):
    with CaptureQueriesContext(connection) as asked:
        told = worker.post(ALIKE, typed).text
    assert len(asked) <= 12
    wanted = (
        f'name="add_to" value="{first.number}"',
        "2 小时",
        "同一地点",
        "同一类别",
        str(first.category),
        "待分流",
    )
    assert [word for word in wanted if word not in told] == []
    assert not Incident.objects.exclude(pk=first.pk).exists()
    for other in ({"description": "路灯"}, {"unit": ""}, {"unit": world.micro_2.pk}, {"area": "x", "unit": "9" * 30}):
        assert first.number not in worker.post(ALIKE, typed | {"area": ""} | other).text
    client.force_login(world.worker2)
    assert first.number not in client.post(ALIKE, typed).text
    client.force_login(world.department)
    assert client.post(ALIKE, typed).status_code == 403
    client.logout()
    assert client.post(ALIKE, typed).status_code == 401


def test_what_was_typed_is_added_once_with_its_photos_and_the_report_stays_its_reporters(worker, world, first, typed):
    worker.post("/incidents/photos/", {"draft_key": typed["client_uuid"], "photos": files.photo()})
    wanted = typed | {"add_to": first.number, "common": "", "unit": ""}
    page = worker.post(URL, wanted, follow=True)
    assert page.redirect_chain == [(f"/incidents/{first.number}/", 302)]
    assert 'data-draft-done="report"' in page.text
    worker.post(URL, wanted)
    note = Note.objects.get()
    assert (note.incident, note.by, note.text) == (first, world.worker, f"2单元\n{TEXT}")
    assert Attachment.objects.get().incident == first
    assert Incident.objects.get().reporter == world.command
    late = worker.post("/incidents/photos/", {"draft_key": typed["client_uuid"], "photos": files.photo(size=(9, 9))})
    assert late.status_code == 200
    assert first.attachments.count() == 2
    again = worker.post(URL, typed | {"alike_shown": first.number})
    assert first.number in str(list(again.context["messages"]))
    assert Incident.objects.count() == 1


def test_without_a_script_it_is_asked_once_and_then_filed(worker, first, typed):
    asked = worker.post(URL, typed)
    assert [like.incident for like in asked.context["alike"]] == [first]
    assert asked.context["form"]["description"].value() == TEXT
    assert not Incident.objects.exclude(pk=first.pk).exists()
    assert worker.post(URL, typed | {"alike_shown": first.number}).status_code == 302
    assert Incident.objects.count() == 2


def test_what_has_ended_meanwhile_takes_nothing_and_nothing_typed_is_lost(worker, world, first, typed):
    services.void(first, actor=world.command, note="误报")
    wanted = typed | {"add_to": first.number}
    page = worker.post(URL, wanted)
    assert page.status_code == 422
    assert str(Status.VOID.label) in page.text
    assert page.context["form"]["description"].value() == TEXT
    late = worker.post(URL, wanted, headers={"Accept": "application/json"})
    assert late.status_code == 409
    assert Status.VOID.label in {value for _, value in late.json()["theirs"]}
    empty = worker.post(URL, typed | {"add_to": "20261122-330206003-9999", "description": ""})
    assert set(empty.context["form"].errors) == {"description"}
    unknown = worker.post(URL, typed | {"add_to": "20261122-330206003-9999"})
    assert unknown.context["form"].non_field_errors()
    assert not Note.objects.exists()


def test_a_queue_is_answered_in_its_own_words(worker, first, typed):
    """A report that waited on a phone is filed unasked; an addition is told apart from one that was made before."""
    queue = {"headers": {"Accept": "application/json"}}
    assert worker.post(URL, typed, **queue).status_code == 201
    wanted = typed | {"client_uuid": uuid.uuid4(), "add_to": first.number}
    assert [worker.post(URL, wanted, **queue).status_code for _ in range(2)] == [201, 200]
    del wanted["add_to"]
    assert worker.post(URL, wanted, **queue).status_code == 409
    assert Incident.objects.count() == 2


def test_the_service_refuses_strangers_and_forms_that_were_sent_as_something_else(world, first):
    other = stages.report(world, at=first.reported_at)
    key, at = uuid.uuid4(), clock.now()
    with pytest.raises(Forbidden):
        services.supplement(first, actor=world.worker2, text=TEXT, client_uuid=key)
    note = services.supplement(first, actor=world.worker, text=TEXT, client_uuid=key, at=at)
    assert services.supplement(first, actor=world.worker, text=TEXT, client_uuid=key, at=at + MINUTE) == note
    for incident, sent, text in ((other, key, TEXT), (first, key, "别的"), (first, other.client_uuid, TEXT)):
        with pytest.raises(Refused) as refusal:
            services.supplement(incident, actor=world.worker, text=text, client_uuid=sent)
        assert refusal.value.code == "client_uuid"


def test_the_api_compares_and_adds_as_the_page_does(worker, world, first):
    typed = {"unit": world.micro_1.code, "category": first.category.code, "description": TEXT}
    (like,) = worker.post("/api/v1/incidents/alike/", typed, "application/json").json()
    assert like["incident"]["number"] == first.number
    assert like["score"] > 0.38
    url, added = f"/api/v1/incidents/{first.number}/supplements/", {"client_uuid": str(uuid.uuid4()), "text": TEXT}
    assert [worker.post(url, added, "application/json").status_code for _ in range(2)] == [201, 200]
    services.void(first, actor=world.command, note="误报")
    late = worker.post(url, {**added, "client_uuid": str(uuid.uuid4())}, "application/json")
    assert late.status_code == 409
