"""When a message may leave: tables of quiet hours and of a robot's last minute."""

from datetime import timedelta

import pytest

from dispatch import pacing
from dispatch.models import Channel, OutboxMessage
from grids.modes import end_mode, order_emergency
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages

TEN = friday("10:05")
MINUTE = timedelta(minutes=1)


def quiet(begins: str, ends: str, **facts: object) -> Channel:
    hours = {"quiet_from": friday(begins).time(), "quiet_until": friday(ends).time()}
    return Channel(name="群", **{**hours, "per_minute": 18, **facts})


def message(**facts: object) -> OutboxMessage:
    return OutboxMessage(**{"dedupe_key": "digest:1", "kind": "digest", **facts})


@pytest.mark.parametrize(
    ("begins", "ends", "at", "until"),
    [
        ("22:00", "07:00", friday("21:59"), None),
        ("22:00", "07:00", friday("22:00"), saturday("07:00")),
        ("22:00", "07:00", friday("23:59:59"), saturday("07:00")),
        ("22:00", "07:00", saturday("00:00"), saturday("07:00")),
        ("22:00", "07:00", saturday("06:59:59"), saturday("07:00")),
        ("22:00", "07:00", saturday("07:00"), None),
        ("12:00", "13:30", friday("12:30"), friday("13:30")),
        ("12:00", "13:30", friday("13:30"), None),
        ("00:00", "06:00", friday("05:00"), friday("06:00")),
        ("12:00", "12:00", friday("12:00"), None),
        ("22:00", "07:00", on("2026-12-31", "23:00"), on("2027-01-01", "07:00")),
    ],
)
def test_quiet_hours_reach_over_midnight(begins, ends, at, until):
    assert pacing.quiet_until(quiet(begins, ends), at) == until


def test_without_quiet_hours_it_is_never_quiet():
    assert pacing.quiet_until(Channel(), friday("03:00")) is None


def spoken(*seconds: float) -> Channel:
    """A robot that may speak three times a minute and did at these seconds after ten."""
    return Channel(per_minute=3, spoke_at=[TEN + timedelta(seconds=second) for second in seconds])


@pytest.mark.parametrize(
    ("channel", "at", "next_slot"),
    [
        (spoken(), 0, None),
        (spoken(0, 10), 20, None),
        (spoken(0, 10, 20), 30, 60),
        (spoken(0, 10, 20), 60, None),
        (spoken(0, 10, 20, 30), 59, 70),
        (spoken(20, 0, 10), 30, 60),
        # The clock ran an hour ahead and was set back: what was said then counts as now, a minute is lost, no more.
        (spoken(3600, 3601, 3602), 0, 68),
    ],
)
def test_a_robot_speaks_so_often_within_any_minute(channel, at, next_slot):
    found = pacing._next_slot(channel, TEN + timedelta(seconds=at))

    assert found == (None if next_slot is None else TEN + timedelta(seconds=next_slot))


def test_an_attempt_counts_from_when_it_was_over():
    """It may reach the robot at its very end, and the robot counts arrivals."""
    channel = Channel(per_minute=1)
    pacing.take_slot(channel, TEN)
    assert pacing._next_slot(channel, TEN) == TEN + MINUTE + pacing.LONGEST_ATTEMPT
    pacing.settle_slot(channel, TEN, TEN + timedelta(seconds=2))
    assert channel.spoke_at == [TEN + timedelta(seconds=2)]
    assert pacing._next_slot(channel, TEN + timedelta(seconds=3)) == TEN + MINUTE + timedelta(seconds=2)


def test_the_wait_grows_and_is_a_little_different_for_each_message():
    waits = [pacing.back_off(message(attempts=attempts)) for attempts in (1, 2, 3, 4)]
    apart = {pacing.jitter(f"key{number}") for number in range(50)}

    assert [wait // MINUTE for wait in waits] == [1, 2, 4, 8]
    assert pacing.jitter("a") == pacing.jitter("a")
    assert len(apart) > 10
    assert max(apart) < timedelta(seconds=20)
    assert waits[-1] < pacing.LONGEST_WAIT


def test_feishu_is_left_alone_on_the_full_hour_but_for_what_is_urgent():
    channel = Channel(kind=Channel.Kind.FEISHU, per_minute=18)
    wait = pacing.wait_until(message(), channel, friday("10:30:10"))

    assert wait is not None
    assert friday("10:31") <= wait < friday("10:31:20")
    assert pacing.wait_until(message(is_urgent=True), channel, friday("10:30:10")) is None


@pytest.mark.django_db
def test_an_emergency_breaks_the_quiet_and_so_does_what_is_urgent(world):
    ours, theirs, district = (quiet("22:00", "07:00", street=place) for place in (world.street_a, world.street_b, None))
    night = saturday("02:00")
    assert pacing.wait_until(message(), ours, night) == night + timedelta(minutes=10), "an emergency may be ordered"
    assert pacing.wait_until(message(), ours, saturday("06:55")) == saturday("07:00")
    assert pacing.wait_until(message(is_urgent=True), ours, night) is None

    facts = {"scenario": "防汛防台", "authorised_by": "街道防指", "ends_at": saturday("12:00"), "at": night}
    order = order_emergency(world.street_a, actor=world.command, **facts)
    assert pacing.wait_until(message(), ours, night) is None
    assert pacing.wait_until(message(), district, night) is None
    assert pacing.wait_until(message(), theirs, night) is not None
    end_mode(order, actor=world.command, at=saturday("03:00"))
    assert pacing.wait_until(message(), ours, saturday("03:00")) is not None


@pytest.mark.django_db
def test_what_is_overtaken_needs_no_sending(world):
    pressing = message(incident=stages.in_progress(world))
    assert pacing.overtaken(pressing, TEN) == ""
    assert pacing.overtaken(message(incident=stages.closed(world)), TEN) == pacing.INCIDENT_OVER
    digest = message(good_until=friday("11:00"))
    assert pacing.overtaken(digest, friday("10:59:59")) == ""
    assert pacing.overtaken(digest, friday("11:00")) == pacing.OVERTAKEN
