"""The watcher: what it finds, what it puts right, what it keeps, and to whom it vouches."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clock import pulse
from dispatch import tasks
from dispatch.audit import audit as auditing
from dispatch.audit import outside
from dispatch.audit.audit import audit, audit_if_owed, is_owed
from dispatch.audit.said import WORDS
from dispatch.close_out import close_owed_days
from dispatch.day_warnings import warn
from dispatch.digest import push_reminders
from dispatch.models import (
    Channel,
    ClockAudit,
    DayClose,
    Deadline,
    DigestRun,
    Escalation,
    LimitRule,
    OutboxMessage,
)
from dispatch.models.deadline import Clock
from dispatch.sweep import sweep
from incidents.models import Incident
from tests.dispatch.moments import friday
from tests.incidents import stages
from tests.robot import Robot
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Beat and worker have just been heard of; `silent(100)`: a hundred seconds ago."""

    def for_seconds(seconds: float) -> None:
        monkeypatch.setattr(pulse, "silent_for", lambda name: seconds)

    for_seconds(1)
    return for_seconds


def look(at: datetime) -> tuple[dict[str, int], dict[str, int]]:
    """What stands and what was put right, by rule."""
    seen, _is_kept = audit(at)
    return tuple({each["check"]: each["count"] for each in found} for found in (seen.findings, seen.repairs))  # type: ignore[return-value]


def settle(at: datetime) -> None:
    """What beat does each minute."""
    sweep(at)
    push_reminders(at)
    warn(at)
    close_owed_days(at)


# -- clocks ------------------------------------------------------------------------------------------------------


def test_a_healthy_town_is_well(town: World) -> None:
    for stage in stages.STAGES.values():
        stage(town)
    settle(friday("14:06"))

    assert look(friday("14:15")) == ({}, {})


@pytest.mark.parametrize(
    ("stage", "clocks"),
    [
        (stages.report, {Clock.HANDLE, Clock.CLOSE_OUT}),
        (stages.dispatched, {Clock.HANDLE, Clock.CLOSE_OUT, Clock.SIGN}),
        (stages.handled, {Clock.VERIFY, Clock.CLOSE_OUT}),
        (stages.suspended, {Clock.HANDLE, Clock.CLOSE_OUT}),
    ],
)
def test_a_missing_clock_is_started_as_the_act_would_have(
    town: World, stage: Callable[[World], Incident], clocks: set[Clock]
) -> None:
    incident = stage(town)
    alive = Deadline.objects.filter(incident=incident, met_at=None, cancelled_at=None)
    before = set(alive.values_list("clock", "starts_at", "due_at", "suspended_at"))
    alive.delete()
    settle(friday("10:06"))

    findings, repairs = look(friday("10:15"))
    assert (findings, repairs["without_clock"]) == ({}, 1)  # a clock that is due already is swept, too
    assert set(alive.values_list("clock", "starts_at", "due_at", "suspended_at")) == before
    assert {row.clock for row in alive} == clocks
    assert all(row.rule["audit"] and row.rule["source"] for row in alive)


def test_an_incident_for_which_no_rule_asks_a_clock_stands_as_a_finding(town: World) -> None:
    LimitRule.objects.all().delete()
    incident = stages.report(town, level=3)
    settle(friday("09:06"))
    seen, is_kept = audit(friday("09:15"))

    assert is_kept
    assert not seen.is_well
    assert seen.findings == [{"check": "without_clock", "count": 1, "examples": [incident.number]}]


def test_clocks_follow_the_status_again(town: World) -> None:
    """Running though suspended, standing still though in work, alive though ended; and a climb that nobody ended."""
    suspended, worked, ended = stages.suspended(town), stages.in_progress(town), stages.closed(town)
    clocks = {incident: Deadline.objects.filter(incident=incident) for incident in (suspended, worked, ended)}
    clocks[suspended].filter(clock=Clock.HANDLE).update(suspended_at=None)
    clocks[worked].filter(clock=Clock.HANDLE).update(suspended_at=friday("09:30"))
    clocks[ended].filter(clock=Clock.CLOSE_OUT).update(met_at=None)
    climb = Escalation.objects.create(incident=ended, kind="ladder", began_at=friday("09:30"), next_at=friday("09:31"))
    settle(friday("11:06"))

    assert look(friday("11:15")) == ({}, {"wrong_standstill": 2, "outlived": 2})
    climb.refresh_from_db()
    assert climb.cancelled_at == friday("11:15")
    assert clocks[suspended].get(clock=Clock.HANDLE).suspended_at == suspended.state_entered_at
    assert clocks[worked].get(clock=Clock.HANDLE).suspended_at is None
    assert clocks[ended].get(clock=Clock.CLOSE_OUT).cancelled_at == friday("11:15")


def test_what_the_sweep_left_is_swept_and_what_cannot_be_marked_stands(town: World) -> None:
    incident = stages.report(town)
    push_reminders(friday("15:06"))
    warn(friday("15:06"))

    assert look(friday("15:15")) == ({}, {"not_found": 1})
    warn(friday("15:30"))
    Deadline.objects.filter(incident=incident, clock=Clock.HANDLE).update(missed_at=None)
    push_reminders(friday("16:06"))
    close_owed_days(friday("16:06"))
    with patch.object(auditing.repairs.sweeping, "sweep", side_effect=RuntimeError):
        findings, repairs = look(friday("16:15"))
    assert (findings, repairs) == ({"not_found": 2}, {})


# -- messages, hours, days ---------------------------------------------------------------------------------------


def test_a_claim_that_outlived_its_lease_is_handed_over_again(
    town: World, handed_over: list[tuple[str, list[int]]]
) -> None:
    channel = Channel.objects.create(name="工作群", street=town.street_a, token="t")
    at = friday("10:00")
    facts = {"kind": "digest", "title": "t", "text": "t", "channel": channel, "made_at": at}
    for key, next_try in (("left", "10:01"), ("quiet", "18:00"), ("just now", "10:14")):
        OutboxMessage.objects.create(dedupe_key=key, next_try_at=friday(next_try), attempts=1, **facts)
    settle(friday("10:06"))
    handed_over.clear()

    assert look(friday("10:20")) == ({"stale_claims": 1}, {})
    assert handed_over == [("dispatch.tasks.deliver_outbox", [])]
    Channel.objects.update(held_until=friday("10:40"))
    assert look(friday("10:25"))[0] == {}


def test_an_hour_without_digest_is_a_finding_once_and_is_not_made_up_for(town: World) -> None:
    settle(friday("09:06"))
    assert look(friday("09:15")) == ({}, {})
    findings, repairs = look(friday("12:20"))  # nothing worked since

    places = 3  # two streets and the district
    assert findings == {"without_digest": 2 * places}  # of ten and eleven
    assert repairs == {"without_digest": places}  # the present hour's is settled by the audit
    assert not DigestRun.objects.filter(hour=friday("10:00")).exists()
    settle(friday("13:05"))
    assert look(friday("13:15")) == ({}, {})


def test_a_day_that_is_owed_is_closed_by_its_own_door(town: World) -> None:
    push_reminders(friday("15:06"))
    assert look(friday("16:02"))[0] == {}  # still within the grace of beat
    push_reminders(friday("16:05"))

    assert look(friday("16:15")) == ({}, {"without_close_out": 2})
    assert DayClose.objects.filter(frozen_at=friday("16:15")).count() == 2


# -- who does it -------------------------------------------------------------------------------------------------


def test_silent_beat_and_worker_stand_as_findings(town: World, silent: Callable[[float], None]) -> None:
    settle(friday("10:06"))
    silent(100)
    assert look(friday("10:15"))[0] == {"beat_silent": 1}
    silent(200)
    assert look(friday("10:16"))[0] == {"beat_silent": 1, "worker_silent": 1}


def test_a_rule_that_cannot_be_looked_at_does_not_hold_and_stops_no_other(town: World) -> None:
    push_reminders(friday("16:06"))
    with patch.object(pulse, "silent_for", side_effect=ConnectionError):
        seen, _is_kept = audit(friday("16:15"))

    assert [(each["check"], each["examples"]) for each in seen.findings] == [
        ("beat_silent", ["ConnectionError"]),
        ("worker_silent", ["ConnectionError"]),
    ]
    assert DayClose.objects.count() == 2
    assert set(WORDS) == {rule.name for rule in auditing.RULES}  # each can be said on the health page


# -- once an hour ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "now", "owed"),
    [
        (None, "09:01", True),
        ("09:15", "09:59", False),
        ("09:15", "10:14", False),
        ("09:15", "10:15", True),
        ("09:50", "10:15", True),
        ("08:50", "10:06", True),  # stale: at any minute
        ("11:15", "10:20", True),  # lies ahead: the clock was set back
    ],
)
def test_the_audit_is_owed_once_an_hour(db: None, last: str | None, now: str, owed: bool) -> None:
    if last:
        at = friday(last)
        ClockAudit.objects.create(hour=at.replace(minute=0), ran_at=at, is_well=True, milliseconds=1)

    assert is_owed(friday(now)) is owed


def test_two_workers_keep_one_audit_and_a_clock_set_back_doubles_nothing(town: World) -> None:
    stages.report(town)
    for at in ("15:20", "16:20", "15:20", "16:20"):  # as if by two beats, with the host's clock an hour back between
        settle(friday(at))
        audit_if_owed(friday(at))

    assert ClockAudit.objects.count() == 2
    assert audit(friday("16:30"))[1] is False
    assert DigestRun.objects.count() == 6
    assert DayClose.objects.count() == 2
    assert OutboxMessage.objects.filter(kind="digest").count() == len(
        set(OutboxMessage.objects.filter(kind="digest").values_list("dedupe_key", flat=True))
    )
    assert Deadline.objects.filter(clock=Clock.HANDLE).get().missed_at == friday("15:20")


def test_the_audit_asks_few_questions_however_many_incidents(town: World) -> None:
    settle(friday("09:06"))
    with CaptureQueriesContext(connection) as few:
        audit(friday("09:15"))
    for _number in range(5):
        stages.in_progress(town)
    with CaptureQueriesContext(connection) as many:
        audit(friday("09:16"))

    assert len(many) <= len(few)


# -- command and tasks -------------------------------------------------------------------------------------------


def test_the_command_says_what_it_found_and_exits_accordingly(
    town: World, capsys: pytest.CaptureFixture[str], stop_clock: Callable[[datetime], None]
) -> None:
    settle(friday("10:06"))
    stop_clock(friday("10:15"))
    call_command("audit_clocks")
    assert "all is well" in capsys.readouterr().out
    LimitRule.objects.all().delete()
    stages.report(town)
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_clocks", "--json")
    said = json.loads(capsys.readouterr().out)

    assert (said["is_well"], said["is_kept"]) == (False, False)
    assert said["findings"][0]["check"] == "without_clock"
    with pytest.raises(SystemExit):
        call_command("audit_clocks")
    assert "stands: without_clock 1 (" in capsys.readouterr().out


def test_the_task_says_whether_all_was_well(town: World, stop_clock: Callable[[datetime], None]) -> None:
    settle(friday("10:06"))
    stop_clock(friday("10:15"))

    assert tasks.audit_clocks() is True
    assert tasks.audit_clocks() is None


# -- the monitor elsewhere ---------------------------------------------------------------------------------------


def kept(at: datetime, *, is_well: bool = True) -> None:
    ClockAudit.objects.create(hour=at.replace(minute=0), ran_at=at, is_well=is_well, milliseconds=1)


def test_the_heartbeat_is_withheld_unless_the_last_audit_is_fresh_and_well(db: None) -> None:
    assert not outside.vouches(friday("09:00"))
    kept(friday("09:15"))
    assert [outside.vouches(friday(at)) for at in ("09:16", "10:30", "10:31")] == [True, True, False]
    kept(friday("10:15"), is_well=False)
    assert not outside.vouches(friday("10:16"))
    kept(friday("14:15"))  # lies ahead of a clock that was set back
    assert not outside.vouches(friday("11:20"))


def test_the_monitor_is_called_only_when_it_is_set_and_nothing_leaks(
    db: None, robot: Robot, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    at = friday("09:20")
    assert not outside.tell_outside(at)  # not set
    settings.HEARTBEAT_URL = f"{robot.url}/ping/secret-of-ours"
    assert not outside.tell_outside(at)  # no audit: withheld, not called
    assert robot.pinged == []
    kept(friday("09:15"))
    assert outside.tell_outside(at)
    assert robot.pinged == ["/ping/secret-of-ours"]
    for answer in (500, 302, 404):
        robot.answers.append(answer)
        assert not outside.tell_outside(at)
    for url in ("http://127.0.0.1:1/secret-of-ours", "no address"):
        settings.HEARTBEAT_URL = url
        assert not outside.tell_outside(at)
    assert len(robot.pinged) == 4
    assert "secret-of-ours" not in caplog.text
