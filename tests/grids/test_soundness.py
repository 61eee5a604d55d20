"""The check finds each sort of damage, names the unit, and the repair mends it."""

import logging
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from grids import soundness, tree
from grids.models import Unit
from grids.tasks import check_trees
from tests.grids.acts import BECAUSE, assert_sound, fresh
from tests.world import World

DAMAGE: dict[str, tuple[str, dict[str, Any]]] = {
    "tree": ("micro_1", {"tree_id": 999_999}),
    "nesting": ("micro_1", {"lft": 100_000, "rght": 100_001}),
    "level": ("micro_1", {"level": 7}),
    "columns": ("household_1", {"grid_id": None}),
    "number": ("grid_2", {"lft": 1411}),
}


def damage(unit: Unit, **columns: Any) -> None:
    """What a writer without the lock leaves behind."""
    Unit.objects.filter(pk=unit.pk).update(**columns)


def check(*args: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    out = StringIO()
    try:
        call_command("check_tree", *args, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_sound_forest_is_said_to_be_sound(world: World) -> None:
    code, said = check()
    assert code == 0
    assert str(Unit.objects.count()) in said


@pytest.mark.parametrize("problem", DAMAGE)
def test_damage_is_found_named_and_mended(world: World, problem: str) -> None:
    name, columns = DAMAGE[problem]
    unit = getattr(world, name)
    damage(unit, **columns)
    found = soundness.findings()
    assert (unit.pk, unit.code, problem) in [(each.unit_id, each.code, each.problem) for each in found]
    code, said = check()
    assert code == 1
    assert unit.code in said
    assert check("--repair")[0] == 0
    assert_sound()
    assert fresh(unit).path == unit.path


def test_siblings_that_overlap_are_found(world: World) -> None:
    other = fresh(world.micro_2)
    damage(world.micro_1, rght=other.lft + 1)
    assert "overlap" in {finding.problem for finding in soundness.findings()}
    assert check("--repair")[0] == 0


def test_one_street_can_be_checked_alone(world: World) -> None:
    damage(world.micro_b, level=9)
    assert check("--street", world.street_a.code)[0] == 0
    assert check("--street", world.street_b.code)[0] == 1
    with pytest.raises(CommandError, match="330299999"):
        call_command("check_tree", "--street", "330299999")


def test_what_only_a_person_can_decide_stays_unsound(world: World) -> None:
    damage(world.household_1, kind="micro_grid")
    code, said = check("--repair")
    assert code == 1
    assert world.household_1.code in said


def test_a_unit_in_use_under_a_retired_one_is_found(world: World) -> None:
    tree.retire_unit(world.household_1, **BECAUSE)
    tree.retire_unit(world.micro_1, **BECAUSE)
    damage(world.household_1, retired_at=None)
    assert {finding.problem for finding in soundness.findings()} == {"retired"}


def test_a_ring_of_parents_is_found(world: World) -> None:
    damage(world.grid_1, parent_id=world.micro_1.pk)
    assert {"nesting", "kind"} <= {finding.problem for finding in soundness.findings()}


def test_repair_leaves_sound_streets_alone(world: World) -> None:
    before = list(Unit.objects.filter(tree_id=world.street_b.pk).order_by("pk").values_list("lft", "rght"))
    damage(world.micro_1, level=9)
    assert soundness.repair(soundness.findings()) == [world.street_a]
    assert list(Unit.objects.filter(tree_id=world.street_b.pk).order_by("pk").values_list("lft", "rght")) == before


def test_the_nightly_check_logs_codes_and_no_names(world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert check_trees() == 0
    damage(world.household_1, level=9)
    with caplog.at_level(logging.ERROR):
        assert check_trees() == 1
    assert world.household_1.code in caplog.text
    assert world.household_1.name not in caplog.text


def test_the_database_itself_refuses_numbers_the_wrong_way_round(world: World) -> None:
    with pytest.raises(Exception, match="unit_lft_before_rght"), connection.cursor() as cursor:
        cursor.execute("UPDATE grids_unit SET rght = lft WHERE id = %s", [world.micro_1.pk])
