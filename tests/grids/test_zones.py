"""Zone orders: one for any number of units, told to everybody who works there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from grids.absences import report_absence
from grids.models import Post, Unit, ZoneOrder
from grids.zone_rules import PRESETS
from grids.zones import Zone, end_zone, order_zone, zones_around, zones_at
from tests.world import World, post

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def order(world: World, *units: Unit, zone: str = Zone.LOCKDOWN, **more: Any) -> ZoneOrder:
    preset = PRESETS[zone]
    facts: dict[str, Any] = {"rules": preset.chinese, "rules_en": preset.english, "authorised_by": "街道指挥部"}
    return order_zone(units, **{"actor": world.command, "zone": zone, "at": NOON} | facts | more)


def refused(code: str, field: str | None = None) -> Any:
    return pytest.raises(Refused, check=lambda error: (error.code, error.field) == (code, field))


def test_one_order_for_many_units_is_told_to_everybody_who_works_there(world: World) -> None:
    leader = post("micro_leader", "微网格长", "micro_grid_leader", world.micro_2)
    head = post("head", "村负责人", "community_head", world.community_1)
    made = order(world, world.micro_1, world.micro_2)
    assert {unit.pk for unit in made.units.all()} == {world.micro_1.pk, world.micro_2.pk}
    told = {notice.user: notice for notice in Notice.objects.select_related("user")}
    assert set(told) == {leader, head, world.worker}  # the worker of the grid above; nobody of grid 2 or the street
    assert told[leader].text.startswith("封控区") or "Lockdown zone" in told[leader].text_en
    assert "1微网格" in told[leader].text_en
    assert order(world, world.micro_1, world.micro_2) == made  # sent twice: one order, told once
    assert Notice.objects.count() == 3


def test_a_stand_in_is_told_instead_of_who_is_away(world: World) -> None:
    held = Post.objects.get(user=world.worker)
    day = NOON.date()
    report_absence(held, actor=world.worker, starts_on=day, ends_on=day, stand_in=world.worker2, at=NOON)
    Notice.objects.all().delete()
    order(world, world.micro_1)
    assert [notice.user for notice in Notice.objects.all()] == [world.worker2]


def test_all_orders_around_a_place_are_told_the_strictest_first(world: World, django_assert_num_queries: Any) -> None:
    wide = order(world, world.community_1, zone=Zone.PRECAUTION)
    tight = order(world, world.micro_1, world.micro_5, at=NOON + HOUR)
    assert zones_at(world.micro_1, NOON + HOUR) == [tight, wide]
    assert zones_at(world.household_1, NOON) == [wide]
    assert zones_at(world.community_2, NOON + HOUR) == []  # only a part of it is closed
    with django_assert_num_queries(2):
        around = zones_around([world.grid_1], NOON + HOUR)
    assert [(standing.order, list(standing.units)) for standing in around] == [
        (tight, [world.micro_1]),
        (wide, [world.community_1]),
    ]
    end_zone(tight, actor=world.leader, at=NOON + 2 * HOUR)
    assert end_zone(tight, actor=world.command, at=NOON + 3 * HOUR).ended_by == world.leader
    assert zones_at(world.micro_1, NOON + 2 * HOUR) == [wide]


def test_an_order_that_has_not_begun_is_withdrawn(world: World) -> None:
    made = order(world, world.micro_1, starts_at=NOON + HOUR)
    assert zones_at(world.micro_1, NOON) == []
    assert end_zone(made, actor=world.command, at=NOON).ended_at == NOON + HOUR
    assert zones_at(world.micro_1, NOON + HOUR) == []


def test_only_who_may_order_there_does_and_only_what_makes_sense(world: World) -> None:
    for actor in (world.worker, world.outsider):
        with pytest.raises(Forbidden):
            order(world, world.micro_1, actor=actor)
    with pytest.raises(Forbidden):
        order(world, world.micro_1, world.micro_b)  # one of them is not theirs
    with refused("units_missing", "units"):
        order(world)
    with refused("kind", "units"):
        order(world, world.household_1)
    with refused("rules", "rules"):
        order(world, world.micro_1, rules=" ")
    with refused("authorised_missing", "authorised_by"):
        order(world, world.micro_1, authorised_by="")
    made = order(world, world.micro_1, world.micro_2)
    with refused("overlap", "units") as refusal:
        order(world, world.micro_2, world.micro_3)
    assert "2微网格" in refusal.value.message
    assert "3微网格" not in refusal.value.message
    with pytest.raises(Forbidden):
        end_zone(made, actor=world.worker, at=NOON)
