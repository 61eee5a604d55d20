"""Short ways of saying what the tests of the tree do again and again."""

from typing import Any

import pytest

from grids import soundness
from grids.errors import TreeRefused
from grids.models import Unit, UnitChange

BECAUSE: dict[str, Any] = {"actor": None, "reason": "practice"}


def assert_sound() -> None:
    assert [str(finding) for finding in soundness.findings()] == []


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def names_below(unit: Unit) -> list[str]:
    """The names of everything below, in the order of the numbers."""
    unit = fresh(unit)
    inside = Unit.objects.filter(tree_id=unit.tree_id, lft__gt=unit.lft, rght__lt=unit.rght)
    return list(inside.order_by("lft").values_list("name", flat=True))


def changes_of(unit: Unit) -> list[str]:
    """What happened to the unit, the oldest first."""
    return list(UnitChange.objects.filter(unit=unit).order_by("pk").values_list("what", flat=True))


def refused(code: str, field: str | None = None) -> Any:
    """`with refused("name_taken", "name"):` the block must raise exactly that."""

    def is_it(error: BaseException) -> bool:
        return isinstance(error, TreeRefused) and (error.code, error.field) == (code, field)

    return pytest.raises(TreeRefused, check=is_it)
