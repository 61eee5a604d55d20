"""Addresses and fields that no page of ours makes: they name nothing, and are no fault of the server."""

import pytest
from django.urls import reverse

from incidents.models import Note
from tests.incidents import stages

NUL = "\x00"
ADDRESSES = [
    ("incidents:list", {"until": "9999-12-31"}),
    ("incidents:list", {"since": "0001-01-01"}),
    ("dispatch:whistles", {"until": "9999-12-31"}),
    ("dispatch:queue", {"place": "²", "page": "²"}),
    ("dispatch:queue_news", {"shown": NUL, "since": "0001-01-01T00:00:00+14:00"}),
    ("dispatch:queue_news", {"since": "9999-12-31T23:59:59-14:00"}),
]


@pytest.mark.parametrize(("page", "query"), ADDRESSES)
def test_what_makes_no_sense_in_an_address_narrows_nothing(town, client, page, query):
    incident = stages.report(town)
    client.force_login(town.command)
    answer = client.get(reverse(page), query)
    assert answer.status_code == 200
    assert page != "incidents:list" or incident.number in answer.text


def test_a_number_that_cannot_be_one_names_no_incident(town, client):
    incident = stages.report(town)
    client.force_login(town.command)
    for page in ("dispatch:queue_together", "dispatch:queue_merge"):
        assert client.get(reverse(page), {"number": NUL}).status_code == 302
        assert client.get(reverse(page), {"number": NUL, "next": "nowhere"})["Location"] == "nowhere"
    merging = client.get(reverse("incidents:act", args=[incident.number, "merge"]), {"with": NUL})
    assert merging.context["form"].unknown == [NUL]

    kept = client.post(reverse("dispatch:queue_filter_keep"), {"name": f"一{NUL}级", "level": "1"}, follow=True)
    assert [row.name for row in kept.context["own_filters"]] == ["一级"]
    client.force_login(town.worker)
    assert client.post(reverse("incidents:report"), {"add_to": NUL}).status_code == 422


@pytest.mark.parametrize("calls", ["commands", "supervision", "whistles"])
def test_what_is_no_number_of_a_call_is_nowhere(world, client, calls):
    client.force_login(world.command)
    assert client.get(f"{reverse(f'dispatch:{calls}')}%00/").status_code == 404


def test_an_act_that_is_done_leads_on_to_whatever_address_was_given(town, client):
    incident = stages.report(town)
    client.force_login(town.command)
    page = reverse("incidents:act", args=[incident.number, "note"])
    fields = client.get(page).context["form"].initial
    answer = client.post(page, {**fields, "text": "已电话联系。", "next": "nowhere"})
    assert (answer.status_code, answer["Location"]) == (302, "nowhere")
    assert Note.objects.filter(incident=incident).count() == 1


def test_a_page_behind_that_is_no_address_is_none(town, client):
    incident = stages.report(town)
    panel = reverse("dispatch:queue_panel", args=[incident.number])
    broken = {"HX-Request": "true", "HX-Current-URL": "http://[nowhere"}
    assert "accounts/login" in client.get(panel, headers=broken).headers["HX-Redirect"]
    client.force_login(town.command)
    assert client.get(panel, headers=broken).status_code == 200
