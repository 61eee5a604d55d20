"""What follows from an emergency order: clocks of what is open move once, and the room is told before it runs out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Notice
from dispatch import mode_orders
from dispatch.mode_orders import tend_orders
from dispatch.models import Channel, Deadline, DeadlineShift, LimitRule, OutboxMessage
from dispatch.models.deadline import Clock
from grids.models import Mode, OperationMode
from grids.modes import end_mode, order_emergency, renew_mode
from grids.zones import end_zone, order_zone
from incidents.models import Incident
from tests.incidents import stages
from tests.incidents.stages import HOUR, MINUTE, NINE
from tests.world import World

TEN = NINE + HOUR


@pytest.fixture
def strict(town: World) -> World:
    """A town where in emergencies level 2 has two hours instead of six, and everybody signs within a quarter."""
    LimitRule.objects.create(clock=Clock.HANDLE, level_from=2, level_to=2, mode=Mode.EMERGENCY, amount=120)
    LimitRule.objects.create(clock=Clock.SIGN, mode=Mode.EMERGENCY, amount=15)
    return town


def order(town: World, **more: Any) -> OperationMode:
    facts: dict[str, Any] = {
        "actor": town.command,
        "scenario": "防汛防台",
        "authorised_by": "街道防指",
        "ends_at": TEN + 24 * HOUR,
        "applies_to_open": True,
        "at": TEN,
    }
    return order_emergency(town.community_1, **facts | more)


def clock_of(incident: Incident, clock: Clock) -> Deadline:
    return Deadline.objects.get(incident=incident, clock=clock, met_at=None, cancelled_at=None)


def test_running_clocks_keep_theirs_unless_the_order_says_otherwise(strict: World) -> None:
    before = stages.report(strict)
    order(strict, applies_to_open=False)
    after = stages.report(strict, at=TEN + MINUTE)
    assert tend_orders(TEN + 2 * MINUTE) == 0
    assert clock_of(before, Clock.HANDLE).due_at == NINE + 6 * HOUR
    assert clock_of(after, Clock.HANDLE).due_at == TEN + MINUTE + 2 * HOUR


def test_an_order_moves_open_clocks_once_counted_from_their_own_start(strict: World) -> None:
    early, late = stages.report(strict, at=NINE - 2 * HOUR), stages.report(strict, at=NINE)
    elsewhere = stages.report(strict, unit=strict.micro_5, actor=strict.command)
    made = order(strict, starts_at=TEN + 5 * MINUTE)
    assert tend_orders(TEN) == 0  # it has not begun
    begun = TEN + 5 * MINUTE
    assert tend_orders(begun) == 2
    made.refresh_from_db()
    assert made.applied_at == begun
    assert clock_of(late, Clock.HANDLE).due_at == NINE + 2 * HOUR
    # Two hours after its report have gone by: it gets two hours from now, for nobody misses what wasn't asked of them.
    assert clock_of(early, Clock.HANDLE).due_at == begun + 2 * HOUR
    assert clock_of(elsewhere, Clock.HANDLE).due_at == NINE + 6 * HOUR
    shift = DeadlineShift.objects.get(deadline__incident=late)
    assert (shift.kind, shift.due_was, shift.approved_by) == ("mode", NINE + 6 * HOUR, strict.command)
    assert "防汛防台" in shift.reason
    assert "起算" in DeadlineShift.objects.get(deadline__incident=early).reason
    assert tend_orders(begun + MINUTE) == 0
    assert DeadlineShift.objects.count() == 2


def test_after_a_crash_between_two_incidents_the_rest_is_done_and_nothing_twice(
    strict: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (stages.report(strict, at=NINE + count * MINUTE) for count in (0, 1))
    made, real, calls = order(strict), mode_orders._apply_to, []

    def dies(pk: int, *args: Any) -> int:
        calls.append(pk)
        if pk == second.pk:
            raise SystemExit
        return real(pk, *args)

    monkeypatch.setattr(mode_orders, "_apply_to", dies)
    with pytest.raises(SystemExit):
        tend_orders(TEN)
    assert calls == [first.pk, second.pk]  # the oldest first
    monkeypatch.setattr(mode_orders, "_apply_to", real)
    assert tend_orders(TEN + MINUTE) == 1
    made.refresh_from_db()
    assert made.applied_at == TEN + MINUTE
    assert [shift.at for shift in DeadlineShift.objects.all()] == [TEN, TEN + MINUTE]


def test_one_bad_incident_stops_nobody_and_is_tried_again(strict: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = (stages.report(strict, at=NINE + count * MINUTE) for count in (0, 1))
    made, real = order(strict), mode_orders._move

    def fails(deadline: Deadline, *args: Any) -> int:
        if deadline.incident_id == bad.pk:
            raise RuntimeError("a bad row")
        return real(deadline, *args)

    monkeypatch.setattr(mode_orders, "_move", fails)
    assert tend_orders(TEN) == 1
    made.refresh_from_db()
    assert made.applied_at is None
    assert clock_of(good, Clock.HANDLE).due_at == NINE + MINUTE + 2 * HOUR
    monkeypatch.setattr(mode_orders, "_move", real)
    assert tend_orders(TEN + MINUTE) == 1
    made.refresh_from_db()
    assert made.applied_at == TEN + MINUTE


def test_what_was_missed_suspended_or_granted_by_name_stays_as_it_is(strict: World) -> None:
    missed, suspended = stages.report(strict), stages.suspended(strict)
    granted = stages.report(strict)
    Deadline.objects.filter(incident=missed).update(missed_at=TEN, due_at=TEN - MINUTE)
    deadline = clock_of(granted, Clock.HANDLE)
    DeadlineShift.objects.create(
        deadline=deadline, kind="extended", at=TEN, due_was=deadline.due_at, due_is=deadline.due_at, reason="等配件"
    )
    order(strict)
    assert tend_orders(TEN) == 0
    assert clock_of(suspended, Clock.HANDLE).due_at == NINE + 6 * HOUR


def test_an_order_that_was_ended_first_is_not_applied(strict: World) -> None:
    stages.report(strict)
    made = order(strict, starts_at=TEN + HOUR)
    end_mode(made, actor=strict.command, at=TEN)
    assert tend_orders(TEN + HOUR) == 0
    assert not DeadlineShift.objects.exists()


def test_the_room_and_its_groups_are_told_an_hour_before_and_at_the_end_once(strict: World) -> None:
    made = order(strict)
    renewed = order_emergency(
        strict.street_b,
        actor=strict.outsider,
        scenario="防汛",
        authorised_by="街道防指",
        ends_at=TEN + 24 * HOUR,
        at=TEN,
    )
    renew_mode(renewed, actor=strict.outsider, until=TEN + 48 * HOUR, authorised_by="区防指", at=TEN)
    OutboxMessage.objects.all().delete()
    tend_orders(made.ends_at - HOUR - MINUTE)
    assert not Notice.objects.exists()
    for minutes in (60, 59, 1, 0, -1):
        tend_orders(made.ends_at - minutes * MINUTE)
    keys = list(OutboxMessage.objects.order_by("pk").values_list("dedupe_key", flat=True))
    assert keys == [f"mode:{made.pk}:expires:-", f"mode:{made.pk}:expired:-"]
    told = Notice.objects.order_by("pk").values_list("user__username", flat=True)
    assert sorted(set(told)) == ["command", "command2", "leader"]  # the room, not the district, not street B
    assert len(told) == 6
    Channel.objects.create(name="新建群", street=strict.street_a)  # isn't told of what is old by now
    tend_orders(made.ends_at + 2 * MINUTE)
    tend_orders(made.ends_at + timedelta(days=3))
    assert OutboxMessage.objects.count() == 2


def test_groups_hear_of_each_order_once_and_never_who_or_why(strict: World) -> None:
    made = order(strict, scenario="张三家火灾", authorised_by="李四")
    end_mode(made, actor=strict.command, at=TEN + HOUR)
    units = [strict.micro_1, strict.micro_5]
    zone = order_zone(units, actor=strict.command, zone="control", rules="只进不出", authorised_by="李四", at=TEN)
    assert (
        order_zone(units, actor=strict.command, zone="control", rules="只进不出", authorised_by="李四", at=TEN) == zone
    )
    end_zone(zone, actor=strict.command, at=TEN + HOUR)
    messages = list(OutboxMessage.objects.order_by("pk"))
    assert [message.title for message in messages] == [
        "高田王村 转入应急模式",
        "高田王村 解除应急模式",
        "划定管控区：2 个单元",
        "解除管控区：2 个单元",
    ]
    assert all(message.is_urgent and message.street == strict.street_a for message in messages)
    assert not [message for message in messages if "张三" in message.text or "李四" in message.text]
    assert "11月20日 10:00 至" in messages[0].text
    assert "牌门社区" in messages[2].text


def test_a_week_is_told_in_local_time() -> None:
    from dispatch import order_wording

    said = order_wording.mode_expires("高田王村", until=datetime(2026, 11, 20, 16, 30, tzinfo=UTC))
    assert "11月21日 00:30 到期" in said.text
