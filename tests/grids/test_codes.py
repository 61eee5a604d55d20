"""Codes: given in order, unique, never twice."""

from itertools import pairwise

import pytest

from grids import codes, tree
from grids.models import CodeSequence, Kind, Unit
from tests.grids.acts import BECAUSE, refused
from tests.world import World


def test_every_tier_adds_its_digits_to_the_code_above(world: World) -> None:
    line = [world.street_a, world.community_1, world.grid_1, world.micro_1, world.household_1]
    assert [len(unit.code) for unit in line] == [9, 12, 15, 18, 22]
    assert all(lower.code.startswith(upper.code) for upper, lower in pairwise(line))


def test_a_retired_units_code_is_never_given_again(world: World) -> None:
    given = set(Unit.objects.values_list("code", flat=True))
    for _round in range(3):
        unit = tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="临时", **BECAUSE)
        assert unit.code not in given
        given.add(unit.code)
        tree.retire_unit(unit, **BECAUSE)


def test_a_unit_that_moved_keeps_its_code_and_leaves_no_hole_to_fill(world: World) -> None:
    tree.rename_unit(world.micro_2, name="原2微网格", **BECAUSE)
    tree.move_unit(world.micro_2, parent=world.grid_2, **BECAUSE)
    unit = tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="新", **BECAUSE)
    assert unit.code == world.grid_1.code + "003"


def test_communities_and_streets_added_by_hand_take_local_numbers(world: World) -> None:
    community = tree.add_unit(world.street_a, kind=Kind.COMMUNITY, name="新区", **BECAUSE)
    assert community.code == "330206003900"
    assert tree.add_street(world.district, name="新街道", **BECAUSE).code == "330206900"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("33020600300", "code_shape"),
        ("3302060030012", "code_shape"),
        ("33020600300A", "code_shape"),
        ("３３０２０６００３００２", "code_shape"),
        ("330206004002", "code_shape"),
        ("330206003901", "code_local"),
        ("330206003001", "code_taken"),
    ],
)
def test_a_statistical_code_must_be_one(world: World, code: str, why: str) -> None:
    with refused(why, "code"):
        tree.add_unit(world.street_a, kind=Kind.COMMUNITY, name="新区", code=code, **BECAUSE)


def test_codes_below_the_community_cant_be_chosen(world: World) -> None:
    with refused("code_not_chosen", "code"):
        tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="新", code=world.grid_1.code + "007", **BECAUSE)


def test_an_exhausted_range_refuses_and_loses_nothing(world: World) -> None:
    CodeSequence.objects.filter(prefix=world.grid_1.code, kind=Kind.MICRO_GRID).update(last=998)
    assert tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="最后", **BECAUSE).code.endswith("999")
    with refused("codes_exhausted"):
        tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="太多", **BECAUSE)
    assert CodeSequence.objects.get(prefix=world.grid_1.code).last == 999
    assert not Unit.objects.filter(name="太多").exists()


def test_many_codes_come_at_once_and_in_order(world: World) -> None:
    given = codes.reserve(Kind.HOUSEHOLD, {world.micro_1.code: 2, world.micro_2.code: 1})
    assert given == {
        world.micro_1.code: [world.micro_1.code + "0002", world.micro_1.code + "0003"],
        world.micro_2.code: [world.micro_2.code + "0001"],
    }
