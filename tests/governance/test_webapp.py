"""The product as an app on a phone: what is served, and what of it may stay there."""

import re
from pathlib import Path

import pytest

from tests.households.homes import home, person
from tests.incidents import stages
from tests.world import post

ROOT = Path(__file__).resolve().parents[2]


def test_the_service_worker_is_served_at_the_root_and_asked_for_each_time(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert answer.text.startswith('var VERSION = "')
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_the_manifest_names_icons_that_exist(client, db):
    told = client.get("/manifest.webmanifest").json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    for icon in told["icons"]:
        assert (ROOT / "static/img" / icon["src"].rpartition("/")[2]).is_file()


def test_the_queue_asks_who_is_logged_in(world, client):
    assert client.get("/offline/ready/").status_code == 401
    client.force_login(world.worker)
    told = client.get("/offline/ready/").json()
    assert told["user"] == str(world.worker.pk)
    assert told["token"]


def test_the_page_of_what_waits_opens_for_nobody_too(client, db):
    assert client.get("/offline/").status_code == 200


def as_kept(page: str) -> str:
    """A page as the service worker stores it."""
    return re.sub(r"<!--not-kept-->[\s\S]*?<!--/not-kept-->", "", page)


def test_no_household_and_no_text_of_an_incident_stays_on_the_phone(world, client):
    somebody = person(home(world.micro_1, "新村三组8号"), "王秘密")
    mine = stages.dispatched(world)
    client.force_login(post("wang", "王微格", "grid_worker", world.micro_1))
    area = client.get("/area/").text
    for secret in (somebody.name, somebody.household.address):
        assert secret in area
        assert secret not in as_kept(area)
    assert "kept-only" in as_kept(area)

    client.force_login(world.worker)
    today = client.get("/today/").text
    assert mine.description[:10] in today
    assert mine.description[:10] not in as_kept(today)
    assert mine.number in as_kept(today)


@pytest.mark.parametrize("path", ["/today/", "/incidents/report/", "/area/", "/offline/"])
def test_the_marks_of_what_is_never_kept_come_in_pairs(world, client, path):
    """A pair left open would keep all that follows; one inside another would end too early."""
    client.force_login(world.worker)
    marks = re.findall(r"<!--/?not-kept-->", client.get(path).text)
    assert marks == ["<!--not-kept-->", "<!--/not-kept-->"] * (len(marks) // 2)
