"""`/healthz` says what keeps the promises and what doesn't, also when much is broken."""

import threading
import time
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

import clock
from clock import pulse
from dispatch.limits import load_default_rules
from dispatch.models import Channel, ClockAudit, Deadline, OutboxMessage
from governance import health
from tests.incidents import stages
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = {"database", "redis", "worker", "beat", "oldest_due", "oldest_unsent", "audit"}


@pytest.fixture(autouse=True)
def _at_work(monkeypatch):
    """A worker that answers, a beat that ticks, an audit that found all well."""
    monkeypatch.setattr(health.app.control, "ping", lambda **options: [{"worker@here": {"ok": "pong"}}])
    pulse.mark(pulse.BEAT)
    audited(clock.now() - timedelta(minutes=20))


def audited(at: datetime, *, is_well: bool = True) -> None:
    """An audit at that moment; each counts as the one of its own hour."""
    ClockAudit.objects.create(hour=at, ran_at=at, is_well=is_well, milliseconds=1)


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
    assert red(body) == {"database", "oldest_due", "oldest_unsent", "audit"}
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
    cache.set(pulse.BEAT, time.time() - seconds)

    assert ("beat" in red(ask()[1])) == is_red


def test_a_beat_that_never_ticked_is_red():
    cache.delete(pulse.BEAT)

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
    message = {"kind": "digest", "title": "t", "text": "t", "made_at": at}
    OutboxMessage.objects.create(dedupe_key="k", next_try_at=at, **message)
    # What waits for a robot's mute to end, or for quiet hours, is nobody's fault.
    muted = Channel.objects.create(name="工作群", held_until=clock.now() + timedelta(minutes=5))
    OutboxMessage.objects.create(dedupe_key="muted", next_try_at=at, channel=muted, **message)
    later = clock.now() + timedelta(minutes=9)
    OutboxMessage.objects.create(
        dedupe_key="quiet", next_try_at=later, **message | {"made_at": at - timedelta(hours=9)}
    )

    assert ("oldest_unsent" in red(ask()[1])) == is_red


def test_an_audit_that_found_something_is_red_until_the_next_finds_all_well():
    begins = clock.now()
    audited(begins - timedelta(minutes=15), is_well=False)
    assert red(ask()[1]) == {"audit"}
    assert ask()[1]["audit"]["reason"] == "not well"
    audited(begins - timedelta(minutes=5))
    assert red(ask()[1]) == set()


def test_a_stale_audit_is_red_and_so_is_none_or_one_that_lies_ahead():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE dispatch_clockaudit")
    assert ask()[1]["audit"] == {"ok": False, "reason": "no audit yet"}
    audited(clock.now() + timedelta(hours=2))  # of a clock that was set back since
    assert red(ask()[1]) == {"audit"}
    audited(clock.now() - timedelta(minutes=76))
    assert ask()[1]["audit"]["seconds"] >= 76 * 60
    assert red(ask()[1]) == {"audit"}
