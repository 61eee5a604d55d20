"""Emergency orders: which mode a place stands under, and ordering, renewing, ending."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import Forbidden, Refused
from grids import modes
from grids.models import Kind, Mode, OperationMode, Unit
from grids.modes import end_mode, mode_at, modes_of, order_emergency, renew_mode
from tests.world import World

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def order(world: World, unit: Unit, **more: Any) -> OperationMode:
    facts: dict[str, Any] = {
        "actor": world.command,
        "scenario": "防汛防台",
        "authorised_by": "街道防指",
        "ends_at": NOON + 24 * HOUR,
        "at": NOON,
    }
    return order_emergency(unit, **facts | more)


def refused(code: str, field: str | None = None) -> Any:
    return pytest.raises(Refused, check=lambda error: (error.code, error.field) == (code, field))


def test_an_order_covers_the_unit_and_all_below_it_for_its_time(world: World, django_assert_num_queries: Any) -> None:
    order(world, world.community_1, starts_at=NOON + HOUR)
    covered = [world.community_1, world.grid_2, world.micro_1, world.household_1]
    others = [world.street_a, world.community_2, world.micro_5, world.street_b]
    with django_assert_num_queries(1):
        during = modes_of([*covered, *others], NOON + HOUR)
    assert [during[unit.pk] for unit in covered] == [Mode.EMERGENCY] * 4
    assert [during[unit.pk] for unit in others] == [Mode.NORMAL] * 4
    moments = (
        NOON + HOUR - timedelta(seconds=1),
        NOON + HOUR,
        NOON + 24 * HOUR - timedelta(seconds=1),
        NOON + 24 * HOUR,
    )
    told = [mode_at(world.micro_1, moment) for moment in moments]
    assert told == [Mode.NORMAL, Mode.EMERGENCY, Mode.EMERGENCY, Mode.NORMAL]


def test_an_order_over_an_area_covers_its_communities(world: World) -> None:
    street = world.street_a
    area = Unit(kind=Kind.AREA, tree_id=street.tree_id, lft=world.community_1.lft - 1, rght=world.community_1.rght + 1)
    area.pk = 0
    assert modes.lies_in(world.micro_1, area)
    assert not modes.lies_in(world.micro_5, area)


def test_only_who_may_order_here_does_and_only_what_makes_sense(world: World) -> None:
    for actor in (world.worker, world.outsider, world.register):
        with pytest.raises(Forbidden):
            order(world, world.grid_1, actor=actor)
    with refused("kind", "unit"):
        order(world, world.household_1)
    with refused("past", "starts_at"):
        order(world, world.grid_1, starts_at=NOON - HOUR)
    with refused("order", "ends_at"):
        order(world, world.grid_1, ends_at=NOON)
    with refused("too_long", "ends_at"):
        order(world, world.grid_1, ends_at=NOON + timedelta(days=31))
    with refused("scenario_missing", "scenario"):
        order(world, world.grid_1, scenario="  ")
    with refused("authorised_missing", "authorised_by"):
        order(world, world.grid_1, authorised_by="")
    with refused("long", "scenario"):
        order(world, world.grid_1, scenario="台" * 61)
    assert not OperationMode.objects.exists()


def test_a_beginning_that_went_by_while_reading_counts_as_now(world: World) -> None:
    assert order(world, world.grid_1, starts_at=NOON - timedelta(minutes=5)).starts_at == NOON


def test_the_same_order_twice_is_one_and_another_in_that_time_is_refused_by_name(world: World) -> None:
    first = order(world, world.grid_1)
    assert order(world, world.grid_1) == first
    with refused("overlap") as refusal:
        order(world, world.grid_1, scenario="抗雪防冻", starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    assert "防汛防台" in refusal.value.message
    order(world, world.grid_1, starts_at=NOON + 24 * HOUR, ends_at=NOON + 25 * HOUR)  # right behind it
    order(world, world.community_1)  # for what lies above, an order of its own


def test_the_constraint_has_the_last_word_between_two_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = order(world, world.grid_1)
    found = iter([None, first])
    monkeypatch.setattr(modes, "_overlapping", lambda order: next(found))  # the other one commits after we looked
    with refused("overlap"):
        order(world, world.grid_1, scenario="抗雪防冻")
    with pytest.raises(IntegrityError), transaction.atomic():
        OperationMode.objects.create(
            unit=world.grid_1, starts_at=NOON, ends_at=NOON + HOUR, made_by=world.command, made_at=NOON
        )


def test_a_renewal_is_a_new_order_behind_the_old_one(world: World) -> None:
    first = order(world, world.grid_1)
    more: Any = {"actor": world.command, "authorised_by": "区防指", "at": NOON + HOUR}
    second = renew_mode(first, until=NOON + 48 * HOUR, **more)
    assert (second.starts_at, second.ends_at, second.renews) == (first.ends_at, NOON + 48 * HOUR, first)
    assert (second.scenario, second.authorised_by) == ("防汛防台", "区防指")
    assert renew_mode(first, until=NOON + 48 * HOUR, **more) == second
    with refused("renewed"):
        renew_mode(first, until=NOON + 72 * HOUR, **more)
    with refused("over"):
        renew_mode(second, until=NOON + 96 * HOUR, **more | {"at": second.ends_at})
    assert mode_at(world.micro_1, NOON + 30 * HOUR) == Mode.EMERGENCY


def test_ending_an_order_withdraws_its_renewals_and_leaves_room_for_others(world: World) -> None:
    first = order(world, world.grid_1)
    second = renew_mode(first, actor=world.command, until=NOON + 48 * HOUR, authorised_by="区防指", at=NOON)
    with pytest.raises(Forbidden):
        end_mode(first, actor=world.worker, at=NOON + HOUR)
    ended = end_mode(first, actor=world.leader, at=NOON + HOUR)
    assert (ended.ended_at, ended.ended_by) == (NOON + HOUR, world.leader)
    second.refresh_from_db()
    assert second.ended_at == second.starts_at  # it never held
    assert end_mode(first, actor=world.command, at=NOON + 2 * HOUR).ended_by == world.leader
    assert mode_at(world.grid_1, NOON + HOUR) == Mode.NORMAL
    order(world, world.grid_1, ends_at=NOON + 30 * HOUR, at=NOON + 2 * HOUR)
    with refused("over"):
        renew_mode(first, actor=world.command, until=NOON + 48 * HOUR, authorised_by="区防指", at=NOON + 2 * HOUR)


def test_an_order_that_has_run_out_cannot_be_ended(world: World) -> None:
    first = order(world, world.grid_1)
    with refused("over"):
        end_mode(first, actor=world.command, at=first.ends_at)


def test_what_runs_out_unrenewed_is_found_once_it_is_near(world: World) -> None:
    first, second = order(world, world.grid_1), order(world, world.grid_2)
    renew_mode(second, actor=world.command, until=NOON + 48 * HOUR, authorised_by="区防指", at=NOON)
    assert list(modes.expired_unrenewed(NOON + 23 * HOUR, NOON + 24 * HOUR)) == [first]
    assert not modes.expired_unrenewed(NOON + 22 * HOUR, NOON + 23 * HOUR)
