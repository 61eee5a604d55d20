"""The tree is written through `grids.tree` and nowhere else."""

import re
from pathlib import Path

import pytest

from grids.models import Unit
from tests.world import World

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "grids", "households", "incidents", "dispatch", "governance")
THE_DOOR = {"tree.py", "tree_bulk.py", "tree_doors.py", "tree_numbers.py"}
# MPTT's own ways of writing structure, and writing units past the door.
BACK_DOORS = re.compile(
    r"\.(move_to|insert_at|insert_node|move_node|rebuild|partial_rebuild|build_tree_nodes)\("
    r"|(disable|delay)_mptt_updates"
    r"|\bUnit(\.objects)?\.(create|get_or_create|update_or_create|bulk_create|bulk_update)\("
    r"|\bUnit\.objects\.[^\n]*\.(update|delete)\("
    r"|(INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE)\s+\"?grids_unit\b",
    re.IGNORECASE,
)


def test_nobody_else_writes_units() -> None:
    culprits = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if path.name not in THE_DOOR and "migrations" not in path.parts
        for found in [BACK_DOORS.search(path.read_text())]
        if found
    ]
    assert culprits == []


@pytest.mark.parametrize("act", ["save", "delete", "move_to", "insert_at"])
def test_mptts_own_doors_are_closed(world: World, act: str) -> None:
    with pytest.raises(TypeError, match=r"grids\.tree"):
        getattr(world.micro_1, act)()


def test_making_a_unit_by_the_manager_is_closed(world: World) -> None:
    with pytest.raises(TypeError, match=r"grids\.tree"):
        Unit.objects.create(parent=world.grid_1, name="x", code="1", kind="micro_grid", made_at=world.grid_1.made_at)
