"""Taking a unit out of use."""

from datetime import UTC, datetime

import pytest

from grids import tree
from grids.errors import TreeRefused
from grids.models import Post, Unit, UnitSuccession
from tests.grids.acts import BECAUSE, assert_sound, changes_of, fresh, refused
from tests.world import World

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def test_a_retired_unit_stays_readable_with_its_code_and_history(world: World) -> None:
    retired = tree.retire_unit(world.micro_2, actor=world.register, reason="拆迁", at=AT)
    assert (retired.retired_at, retired.is_live) == (AT, False)
    assert Unit.objects.get(code=world.micro_2.code) == retired
    assert changes_of(world.micro_2) == ["made", "retired"]
    assert_sound()


def test_successors_are_kept(world: World) -> None:
    tree.retire_unit(world.micro_3, successors=[world.micro_4], **BECAUSE)
    assert UnitSuccession.objects.get().successor == world.micro_4


@pytest.mark.parametrize("successor", ["micro_3", "grid_1", "micro_2"])
def test_a_successor_is_another_unit_in_use_of_the_same_kind(world: World, successor: str) -> None:
    tree.retire_unit(world.micro_2, **BECAUSE)
    with refused("successor", "successors"):
        tree.retire_unit(world.micro_3, successors=[getattr(world, successor)], **BECAUSE)
    assert fresh(world.micro_3).is_live


def test_units_in_use_below_it_stand_in_the_way(world: World) -> None:
    with refused("has_children"):
        tree.retire_unit(world.micro_1, **BECAUSE)
    tree.retire_unit(world.household_1, **BECAUSE)
    assert not tree.retire_unit(world.micro_1, **BECAUSE).is_live


def test_posts_stand_in_the_way_and_are_named(world: World) -> None:
    for unit in (world.household_1, world.micro_1, world.micro_2):
        tree.retire_unit(unit, **BECAUSE)
    with pytest.raises(TreeRefused, match="王网格 \\(网格员\\)") as refusal:
        tree.retire_unit(world.grid_1, at=AT, **BECAUSE)
    assert refusal.value.code == "has_posts"
    Post.objects.filter(unit=world.grid_1).update(ends_on=AT.date())
    assert not tree.retire_unit(world.grid_1, at=AT, **BECAUSE).is_live


def test_retiring_twice_is_once(world: World) -> None:
    tree.retire_unit(world.micro_2, at=AT, **BECAUSE)
    assert tree.retire_unit(world.micro_2, **BECAUSE).retired_at == AT
    assert changes_of(world.micro_2) == ["made", "retired"]
