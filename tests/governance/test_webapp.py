"""The product as an app on a phone: what is served, what may be kept, and scripts that an old WebView can read."""

from pathlib import Path

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
