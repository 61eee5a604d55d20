"""Adding many units at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grids import tree
from grids.errors import TreeRefused
from grids.models import CodeSequence, Form, Kind, Unit, UnitChange, Use
from grids.tree import NewUnit
from tests.grids.acts import BECAUSE, assert_sound, names_below
from tests.world import World


def test_a_load_writes_units_codes_columns_and_history_in_few_statements(world: World) -> None:
    grid = NewUnit(world.community_1, Kind.GRID, "3网格")
    micro = NewUnit(grid, Kind.MICRO_GRID, "学校", Form.CAMPUS, Use.DEDICATED, "实验学校")
    doors = [NewUnit(micro, Kind.HOUSEHOLD, f"{number}室") for number in range(300)]
    with CaptureQueriesContext(connection) as asked:
        tree.add_units_in_bulk(world.street_a, [grid, micro, *doors], actor=world.register, reason="开学")
    assert len(asked) < 25
    household = Unit.objects.get(pk=doors[41].pk)
    assert (household.code, household.parent_id) == (micro.code + "0042", micro.pk)
    assert household.path[:-1] == list(
        Unit.objects.filter(pk__in=[world.street_a.pk, world.community_1.pk, grid.pk, micro.pk]).order_by("lft")
    )
    change = UnitChange.objects.get(unit=household)
    assert (change.what, change.actor, change.after["parent"]) == ("made", world.register, micro.code)
    assert len(names_below(world.community_1)) == 7 + 302
    assert_sound()


def test_a_load_under_many_existing_units_is_sound(world: World) -> None:
    micros = [world.micro_1, world.micro_4, world.micro_7]
    rows = [NewUnit(micro, Kind.HOUSEHOLD, f"{number}室") for micro in micros for number in range(40)]
    tree.add_units_in_bulk(world.street_a, rows, **BECAUSE)
    assert [len(names_below(micro)) for micro in micros] == [41, 40, 40]
    assert_sound()


def test_loads_may_follow_one_another_in_one_transaction(world: World) -> None:
    for street, micro in ((world.street_a, world.micro_1), (world.street_b, world.micro_b)):
        tree.add_units_in_bulk(street, [NewUnit(micro, Kind.HOUSEHOLD, "1室")], **BECAUSE)
    assert tree.add_units_in_bulk(world.street_a, [], **BECAUSE) == []
    assert_sound()


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("grid_1", Kind.MICRO_GRID, "1微网格")], "name_taken"),
        ([("micro_2", Kind.HOUSEHOLD, "1室"), ("micro_2", Kind.HOUSEHOLD, " 1室")], "name_taken"),
        ([("grid_1", Kind.HOUSEHOLD, "1室")], "kind"),
        ([("micro_2", Kind.HOUSEHOLD, "")], "name_missing"),
        ([("micro_3", Kind.HOUSEHOLD, "1室")], "retired"),
    ],
)
def test_one_bad_row_refuses_the_whole_load(world: World, rows: list[tuple[str, Kind, str]], code: str) -> None:
    tree.retire_unit(world.micro_3, **BECAUSE)
    before = Unit.objects.count(), CodeSequence.objects.order_by("pk").values_list("prefix", "last")[::1]
    load = [NewUnit(world.micro_2, Kind.HOUSEHOLD, "99室")]
    load += [NewUnit(getattr(world, parent), kind, name) for parent, kind, name in rows]
    with pytest.raises(TreeRefused) as refusal:
        tree.add_units_in_bulk(world.street_a, load, **BECAUSE)
    assert refusal.value.code == code
    assert refusal.value.message.startswith(rows[-1][2].strip())
    after = Unit.objects.count(), CodeSequence.objects.order_by("pk").values_list("prefix", "last")[::1]
    assert after == before


def test_a_load_stays_in_its_street_and_lists_parents_first(world: World) -> None:
    with pytest.raises(ValueError, match="another"):
        tree.add_units_in_bulk(world.street_a, [NewUnit(world.micro_b, Kind.HOUSEHOLD, "1室")], **BECAUSE)
    micro = NewUnit(world.grid_1, Kind.MICRO_GRID, "9微网格")
    with pytest.raises(ValueError, match="parents before"):
        tree.add_units_in_bulk(world.street_a, [NewUnit(micro, Kind.HOUSEHOLD, "1室"), micro], **BECAUSE)


def test_a_chosen_code_comes_once(world: World) -> None:
    rows = [NewUnit(world.street_a, Kind.COMMUNITY, name, code="330206003007") for name in ("甲社区", "乙社区")]
    with pytest.raises(TreeRefused) as refusal:
        tree.add_units_in_bulk(world.street_a, rows, **BECAUSE)
    assert refusal.value.code == "code_taken"
