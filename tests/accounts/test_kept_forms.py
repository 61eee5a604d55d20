"""A session that ends in mid-form: what was typed comes back, to its owner alone."""

import uuid

import pytest
from django.test import Client

from incidents.models import Incident
from tests.incidents import files, stages
from tests.world import PASSWORD

URL = "/incidents/report/"


@pytest.fixture
def typed(world):
    return {
        "form_owner": world.worker.pk,
        "client_uuid": str(uuid.uuid4()),
        "category": stages.category(world).code,
        "area": world.community_1.pk,
        "unit": world.micro_2.pk,
        "description": "写到一半，登录过期了。",
    }


def log_in(client, username, url):
    return client.post(url, {"username": username, "password": PASSWORD}, follow=True)


def test_a_report_sent_without_login_comes_back_filled_and_is_sent_again(client, typed):
    answer = client.post(URL, typed)
    assert answer.url == f"/accounts/login/?next={URL}"
    assert not Incident.objects.exists()
    page = log_in(client, "worker", answer.url)
    form = page.context["form"]
    assert form["description"].value() == typed["description"]
    assert form["unit"].value() == str(typed["unit"])
    assert form["client_uuid"].value() == typed["client_uuid"]
    assert len(page.context["messages"]) == 1
    client.post(URL, typed)
    assert Incident.objects.get().description == typed["description"]


def test_it_comes_back_once(client, typed):
    log_in(client, "worker", client.post(URL, typed).url)
    assert client.get(URL).context["form"]["description"].value() is None


def test_on_a_shared_phone_somebody_else_does_not_get_it(client, typed):
    page = log_in(client, "worker2", client.post(URL, typed).url)
    assert page.context["form"]["description"].value() is None
    assert typed["description"] not in page.text


def test_neither_token_nor_files_nor_endless_text_are_kept(client, typed):
    client.post(URL, typed | {"csrfmiddlewaretoken": "t", "photos": files.photo()})
    kept = client.session["kept_form"]
    assert kept["had_files"]
    assert "csrfmiddlewaretoken" not in kept["fields"]
    assert "photos" not in kept["fields"]
    client.session.flush()
    client.post(URL, typed | {"description": "长" * 20_001})
    assert "kept_form" not in client.session


def test_a_form_that_does_not_say_whose_it_is_is_not_kept(client, typed):
    del typed["form_owner"]
    client.post(URL, typed)
    assert "kept_form" not in client.session


def test_an_act_is_kept_as_well(world, client):
    incident = stages.in_progress(world)
    url = f"/incidents/{incident.number}/handle/"
    sent = {"form_owner": world.department.pk, "measures": "已到场清理。", "done_at": "2026-11-20T10:00"}
    page = log_in(client, "department", client.post(url, sent).url)
    assert page.context["form"]["measures"].value() == "已到场清理。"


def test_a_form_that_is_older_than_a_new_login_comes_back_filled(world, typed):
    """Its owner logged in again in another window: the token of the open page is no longer good."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.worker)
    page = client.post(URL, typed | {"csrfmiddlewaretoken": "of-the-old-login"}, follow=True)
    assert page.context["form"]["description"].value() == typed["description"]
    assert len(page.context["messages"]) == 1
    assert not Incident.objects.exists()


@pytest.mark.parametrize("change", [{"form_owner": ""}, {"form_owner": "0"}, {"description": "字" * 30_000}])
def test_a_form_of_nobody_or_of_somebody_else_or_without_end_is_refused(world, typed, change):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.worker)
    assert client.post(URL, typed | change).status_code == 403
    assert client.get(URL).context["form"]["description"].value() is None
