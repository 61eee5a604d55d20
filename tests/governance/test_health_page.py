"""The health page says in words what is well, what isn't and what to do."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import redis
from django.test import Client
from django.urls import reverse

import clock
from clock import pulse
from dispatch.audit.said import WORDS
from dispatch.limits import load_default_rules
from dispatch.models import Channel, ClockAudit, Deadline, OutboxMessage, Supervision, SupervisionType, Whistle
from governance import health, health_figures
from governance.health_figures import Broker
from tests.incidents import stages
from tests.query_counts import query_count
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/health/"


@pytest.fixture(autouse=True)
def lamps(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """All checks well; a test that wants one red says so. The checks themselves are tested with `/healthz`."""
    checks: dict[str, dict[str, Any]] = {
        name: {"ok": True} for name in ("database", "redis", "worker", "beat", "oldest_due", "oldest_unsent", "audit")
    }
    monkeypatch.setattr(health, "look", lambda now: checks)
    monkeypatch.setattr(pulse, "silent_for", lambda name: 4.0)
    monkeypatch.setattr(health_figures, "broker_now", lambda: Broker({"clock": 2, "load": 0}, 0.01))
    return checks


def page(client: Client, user: Any, **headers: str) -> str:
    client.force_login(user)
    return re.sub(r"\s+", " ", client.get(URL, headers=headers).content.decode())


def test_it_opens_for_the_command_room_and_the_administrator_alone(client: Client, world: World) -> None:
    assert client.get(URL).status_code == 302
    for user, status in ((world.command, 200), (world.admin, 200), (world.worker, 403), (world.department, 403)):
        client.force_login(user)
        assert client.get(URL).status_code == status


def test_an_empty_installation_says_so(client: Client, world: World) -> None:
    said = page(client, world.admin)

    assert 'data-tone="success"' in said
    assert reverse("admin:dispatch_channel_changelist") in said
    assert "hx-trigger" in said
    assert 'data-tone="info"' not in said  # nothing of the figures is taken for a message to the user


def test_numbers_of_today(client: Client, world: World) -> None:
    load_default_rules()
    now = clock.now()
    stages.report(world, at=now)
    stages.report(world, at=now)
    Deadline.objects.filter(pk=Deadline.objects.earliest("pk").pk).update(missed_at=now)
    channel = Channel.objects.create(name="工作群", street=world.street_a)
    facts = {"kind": "digest", "title": "t", "text": "t", "made_at": now, "next_try_at": now}
    facts |= {"channel": channel, "street": world.street_a}
    for number, state in enumerate(("sent", "failed", "pending")):
        tried = None if state == "pending" else now
        OutboxMessage.objects.create(dedupe_key=str(number), state=state, tried_at=tried, **facts)

    figures = health_figures.messages_today(OutboxMessage.objects.all(), now)
    assert {name: figures[name] for name in ("due", "sent", "confirmed", "failed", "waiting")} == {
        "due": 3, "sent": 2, "confirmed": 1, "failed": 1, "waiting": 1,
    }  # fmt: skip
    clocks = health_figures.clocks_today(now)
    assert (clocks["met"], clocks["missed"]) == (0, 1)
    assert abs(clocks["database_ahead"]) < 5
    said = page(client, world.command)
    assert 'state=failed">1</a>' in said


def test_red_lamps_say_what_to_do(client: Client, world: World, lamps: dict[str, dict[str, Any]]) -> None:
    lamps["worker"] = {"ok": False, "reason": "no answer"}
    said = page(client, world.command)

    assert 'data-tone="error"' in said
    assert said.count('data-status="overdue"') == 1


def called_for(world: World, at: datetime) -> tuple[Whistle, Supervision]:
    facts = {"street": world.street_a, "unit": world.street_a}
    kind = SupervisionType.objects.create(code="stalls", name="流动摊贩")
    whistle = Whistle.objects.create(number="哨20261120-0001", grade=1, called_by=world.command, called_at=at, **facts)
    item = Supervision.objects.create(
        number="督20261120-0001", issue_type=kind, issued_by=world.command, issued_at=at, **facts
    )
    return whistle, item


def test_findings_name_incidents_only_to_those_who_may_see_them(client: Client, world: World) -> None:
    incident, now = stages.report(world), clock.now()
    whistle, item = called_for(world, now)
    numbers = [incident.number, whistle.number, item.number]
    findings = [
        {"check": "without_clock", "count": 3, "examples": numbers},
        {"check": "without_warning", "count": 1, "examples": ["330206003 2026-11-20 15:30"]},
        {"check": "without_digest", "count": 3, "examples": ["330206003 2026-11-20 10:00"]},
        {"check": "of an older version", "count": 1, "examples": []},
    ]
    ClockAudit.objects.create(hour=now, ran_at=now, is_well=False, findings=findings, repairs=findings, milliseconds=7)

    own, foreign = page(client, world.command), page(client, world.outsider)
    pages = ("incidents:incident", "dispatch:whistle", "dispatch:supervision_item")
    assert all(reverse(name, args=[number]) in own for name, number in zip(pages, numbers, strict=True))
    assert not any(number in foreign for number in numbers)
    assert "330206003 2026-11-20 10:00" in foreign
    assert "330206003 2026-11-20 15:30" in foreign
    assert not [name for name in WORDS if f">{name}:" in own]  # said in words


def test_channels_skew_and_a_missing_year_are_shown(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = clock.now() + timedelta(minutes=9)
    Channel.objects.create(name="出错的", trouble="310000 sign not match", street=world.street_a)
    Channel.objects.create(name="禁言的", held_until=soon, street=world.street_a)
    Channel.objects.create(name="好的", street=world.street_b)
    monkeypatch.setattr(health_figures, "broker_now", lambda: Broker({}, 3.25))
    said = page(client, world.command, **{"HX-Request": "true"})

    assert "出错的" in said
    assert "好的" not in said  # of another street
    assert "3.3" in said or "3.2" in said
    assert "<html" not in said
    assert said.count('data-status="overdue"') == 2  # the channel in trouble, and the broker's clock


def test_the_broker_that_is_away_leaves_the_page_standing(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert health_figures.Broker({}, None) == _real_broker()


_real_broker = health_figures.broker_now


def test_the_real_queues_are_counted(settings: Any) -> None:
    with redis.from_url(settings.REDIS_URL) as broker:
        assert broker.ping()
    told = _real_broker()

    assert set(told.queues) == {"clock", "notify", "default", "load"}
    assert told.ahead is not None
    assert abs(told.ahead) < 5


def test_query_count(client: Client, world: World) -> None:
    Channel.objects.create(name="工作群", street=world.street_a)
    client.force_login(world.command)
    with query_count("health"):
        client.get(URL)
