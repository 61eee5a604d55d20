"""Whatever people do to a tree, in whatever order, it stays sound."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grids import tree
from grids.errors import TreeRefused
from grids.models import Kind, Unit
from grids.rules import CHILD_KINDS
from grids.tree import NewUnit
from tests.grids.acts import BECAUSE, assert_sound
from tests.world import World

# An act and two numbers that pick its units among those of the street.
ACTS = st.tuples(
    st.sampled_from(["add", "add", "move", "retire", "load", "number"]), st.integers(0, 99), st.integers(0, 99)
)


def do(street: Unit, name: str, act: tuple[str, int, int]) -> None:
    what, first, second = act
    units = list(Unit.objects.filter(tree_id=street.pk).order_by("pk"))
    unit, other = units[first % len(units)], units[second % len(units)]
    kinds = CHILD_KINDS[unit.kind]
    if what == "add" and kinds:
        tree.add_unit(unit, kind=kinds[second % len(kinds)], name=name, **BECAUSE)
    elif what == "move":
        tree.move_unit(unit, parent=other, **BECAUSE)
    elif what == "retire":
        tree.retire_unit(unit, **BECAUSE)
    elif what == "load" and unit.kind == Kind.MICRO_GRID:
        rows = [NewUnit(unit, Kind.HOUSEHOLD, f"{name}-{number}") for number in range(second)]
        tree.add_units_in_bulk(street, rows, **BECAUSE)
    elif what == "number":
        tree.number_street(street)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, min_size=5, max_size=15))
def test_random_acts_leave_a_sound_tree(world: World, acts: list[Any]) -> None:
    codes = set(Unit.objects.values_list("code", flat=True))
    for number, act in enumerate(acts):
        try:
            do(world.street_a, f"第{number}件{len(codes)}", act)
        except TreeRefused:
            continue
    assert_sound()
    assert codes <= set(Unit.objects.values_list("code", flat=True))  # nothing that was there is ever lost
