"""Moving a unit with everything below it."""

import pytest

from grids import tree
from grids.models import Kind, Unit, UnitChange
from grids.signals import unit_changed
from tests.grids.acts import BECAUSE, assert_sound, changes_of, fresh, names_below, refused
from tests.world import World


def test_the_whole_subtree_moves_and_carries_its_new_ancestors(world: World) -> None:
    tree.rename_unit(world.grid_1, name="原1网格", **BECAUSE)
    moved = tree.move_unit(world.grid_1, parent=world.community_2, **BECAUSE)
    assert names_below(world.community_2)[-4:] == ["原1网格", "1微网格", "新村三组12号", "2微网格"]
    household = fresh(world.household_1)
    assert household.community_id == world.community_2.pk
    assert (household.grid_id, household.micro_grid_id) == (world.grid_1.pk, world.micro_1.pk)
    assert (moved.parent, moved.code) == (world.community_2, world.grid_1.code)
    assert_sound()


def test_the_history_says_from_where_to_where(world: World) -> None:
    tree.move_unit(world.household_1, parent=world.micro_4, actor=world.register, reason="搬迁")
    change = UnitChange.objects.filter(unit=world.household_1).latest("pk")
    assert (change.what, change.reason) == ("moved", "搬迁")
    assert (change.before, change.after) == ({"parent": world.micro_1.code}, {"parent": world.micro_4.code})


def test_a_move_back_and_forth_leaves_a_sound_tree(world: World) -> None:
    for parent in (world.grid_4, world.grid_2, world.grid_3, world.grid_1) * 3:
        tree.move_unit(world.micro_1, parent=parent, **BECAUSE)
        assert_sound()


def test_a_large_subtree_finds_no_room_and_makes_it(world: World) -> None:
    area = tree.add_unit(world.street_a, kind=Kind.AREA, name="东片区", **BECAUSE)
    for community in (world.community_1, world.community_2):
        tree.move_unit(community, parent=area, **BECAUSE)
    assert names_below(area)[0] == "高田王村"
    assert fresh(world.household_1).level == 5
    assert_sound()


def test_news_goes_out_inside_the_transaction_with_the_new_columns_in_place(world: World) -> None:
    heard = []

    def listen(sender: type, unit: Unit, change: UnitChange, **kwargs: object) -> None:
        heard.append((change.what, unit.lft, Unit.objects.get(pk=world.household_1.pk).grid_id))

    unit_changed.connect(listen)
    try:
        moved = tree.move_unit(world.micro_1, parent=world.grid_2, **BECAUSE)
    finally:
        unit_changed.disconnect(listen)
    assert heard == [("moved", moved.lft, world.grid_2.pk)]


def test_a_listener_that_fails_undoes_the_move(world: World) -> None:
    def listen(**kwargs: object) -> None:
        raise RuntimeError("no")

    unit_changed.connect(listen)
    try:
        with pytest.raises(RuntimeError):
            tree.move_unit(world.micro_1, parent=world.grid_2, **BECAUSE)
    finally:
        unit_changed.disconnect(listen)
    assert fresh(world.micro_1).parent_id == world.grid_1.pk
    assert changes_of(world.micro_1) == ["made"]


def test_moving_to_where_it_stands_changes_nothing(world: World) -> None:
    tree.move_unit(world.micro_1, parent=world.grid_1, **BECAUSE)
    assert changes_of(world.micro_1) == ["made"]


def test_another_street_is_refused(world: World) -> None:
    with refused("other_street", "parent"):
        tree.move_unit(world.micro_1, parent=world.grid_b, **BECAUSE)


@pytest.mark.parametrize(
    ("unit", "parent", "code"),
    [
        ("micro_1", "community_1", "kind"),
        ("grid_1", "micro_1", "below_itself"),
        ("grid_1", "grid_1", "below_itself"),
        ("household_1", "grid_2", "kind"),
        ("street_a", "community_1", "below_itself"),
    ],
)
def test_a_place_that_cant_hold_it_is_refused(world: World, unit: str, parent: str, code: str) -> None:
    with refused(code, "parent"):
        tree.move_unit(getattr(world, unit), parent=getattr(world, parent), **BECAUSE)
    assert_sound()


def test_a_place_with_the_same_name_is_refused(world: World) -> None:
    with refused("name_taken", "parent"):
        tree.move_unit(tree.rename_unit(world.micro_1, name="3微网格", **BECAUSE), parent=world.grid_2, **BECAUSE)


def test_retired_units_neither_move_nor_take_in(world: World) -> None:
    tree.retire_unit(world.micro_2, **BECAUSE)
    with refused("retired"):
        tree.move_unit(world.micro_2, parent=world.grid_2, **BECAUSE)
    with refused("retired", "parent"):
        tree.move_unit(world.household_1, parent=world.micro_2, **BECAUSE)
