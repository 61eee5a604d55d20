"""Eight processes add households to one street at the same moment: real connections, real locks, a sound tree."""

import pytest

from grids.models import Kind, Unit
from households.models import Household, RegisterChange
from households.versions import version_of
from tests.at_once import PROCESSES, at_once
from tests.grids.acts import assert_sound
from tests.households.clerk import ROUNDS, add_households
from tests.world import build


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_a_sound_tree_and_every_household() -> None:
    world = build()
    micro_ids = [getattr(world, f"micro_{number}").pk for number in range(1, 4)]
    assert at_once(add_households, micro_ids) == []
    # Each round: a household of one's own, and one that all want to add at the same address.
    assert Household.objects.count() == PROCESSES * ROUNDS + ROUNDS
    assert Unit.objects.filter(kind=Kind.HOUSEHOLD, retired_at=None, household=None).count() == 1  # the cast's own
    assert RegisterChange.objects.filter(what="added").count() == PROCESSES * ROUNDS + ROUNDS
    assert version_of(world.street_a.pk) == 2 * PROCESSES * ROUNDS
    assert_sound()
