"""Eight processes change one street at the same moment: real connections, real locks, nothing lost."""

import pytest

from grids.models import Unit, UnitChange
from tests.at_once import PROCESSES, at_once
from tests.grids.acts import assert_sound
from tests.grids.clerk import ROUNDS, change_the_tree
from tests.world import build


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_eight_processes_in_one_street_lose_and_break_nothing() -> None:
    world = build()
    micro_ids = [getattr(world, f"micro_{number}").pk for number in range(1, 9)]
    before = Unit.objects.count()
    assert at_once(change_the_tree, micro_ids) == []
    assert Unit.objects.count() == before + PROCESSES * ROUNDS
    assert UnitChange.objects.filter(what=UnitChange.What.MOVED).count() > PROCESSES
    assert_sound()
