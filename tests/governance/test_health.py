"""`/healthz` says what keeps the promises and what doesn't, also when much is broken."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

import clock
from dispatch.limits import load_default_rules
from dispatch.models import Deadline, OutboxMessage
from governance import health
from governance.beat import HEARTBEAT_KEY
from tests.incidents import stages
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = {"database", "redis", "worker", "beat", "oldest_due", "oldest_unsent"}


@pytest.fixture(autouse=True)
def _at_work(monkeypatch):
    """A worker that answers and a beat that ticks."""
    monkeypatch.setattr(health.app.control, "ping", lambda **options: [{"worker@here": {"ok": "pong"}}])
    cache.set(HEARTBEAT_KEY, time.time())


def ask(**headers: str) -> tuple[int, dict]:
    response = Client().get("/healthz", headers=headers)
    return response.status_code, response.json()


def red(body: dict) -> set[str]:
    return {name for name in NAMES if not body[name]["ok"]}


def test_all_well():
    status, body = ask()

    assert (status, body["ok"], red(body)) == (200, True, set())
    assert set(body) == {"ok", "time", *NAMES}


def test_it_answers_a_probe_that_comes_by_address_over_plain_http(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["grid.example"]

    assert ask(host="10.0.0.7:8000")[0] == 200


def test_it_answers_without_the_database(monkeypatch):
    own = health._own_connection

    def elsewhere():
        connection = own()
        connection.settings_dict["PORT"] = "1"
        return connection

    monkeypatch.setattr(health, "_own_connection", elsewhere)
    status, body = ask(cookie="sessionid=old")

    assert status == 503
    assert red(body) == {"database", "oldest_due", "oldest_unsent"}
    assert body["database"]["reason"] == "OperationalError"


def test_it_answers_without_the_broker(settings):
    settings.REDIS_URL = "redis://:secret-of-the-broker@127.0.0.1:1/0"
    status, body = ask()

    assert status == 503
    assert red(body) == {"redis", "worker", "beat"}
    assert "secret-of-the-broker" not in str(body)


def test_it_answers_in_time_when_a_check_hangs(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(health, "_AT_MOST", 0.1)
    monkeypatch.setattr(health, "_check_work", lambda: over.wait(10))  # a machine that swallows packets
    status, body = ask()

    assert not over.is_set()
    assert (status, red(body)) == (503, {"redis", "worker", "beat"})
    over.set()


def test_a_worker_that_does_not_answer_is_red(monkeypatch):
    monkeypatch.setattr(health.app.control, "ping", lambda **options: [])

    assert red(ask()[1]) == {"worker"}


@pytest.mark.parametrize(("seconds", "is_red"), [(80, False), (100, True)])
def test_a_beat_that_is_silent_is_red(seconds, is_red):
    cache.set(HEARTBEAT_KEY, time.time() - seconds)

    assert ("beat" in red(ask()[1])) == is_red


def test_a_beat_that_never_ticked_is_red():
    cache.delete(HEARTBEAT_KEY)

    assert red(ask()[1]) == {"beat"}


@pytest.mark.parametrize(("late", "is_red"), [(timedelta(minutes=2), False), (timedelta(minutes=4), True)])
def test_a_clock_that_no_sweep_found_is_red_after_three_minutes(late, is_red):
    world = build()
    load_default_rules()
    stages.report(world)
    Deadline.objects.update(due_at=clock.now() - late)

    assert ("oldest_due" in red(ask()[1])) == is_red
    Deadline.objects.update(missed_at=clock.now())
    assert red(ask()[1]) == set()


@pytest.mark.parametrize(("waiting", "is_red"), [(timedelta(minutes=4), False), (timedelta(minutes=6), True)])
def test_a_message_that_did_not_leave_is_red_after_five_minutes(waiting, is_red):
    at = clock.now() - waiting
    OutboxMessage.objects.create(kind="digest", dedupe_key="k", title="t", text="t", made_at=at, next_try_at=at)

    assert ("oldest_unsent" in red(ask()[1])) == is_red
