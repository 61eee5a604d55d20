"""Eight processes add households to one street at the same moment: real connections, real locks, a sound tree."""

import multiprocessing

import pytest
from django.db import connection

from grids.models import Kind, Unit
from households.models import Household, RegisterChange
from households.versions import version_of
from tests.grids.acts import assert_sound
from tests.households.clerk import ROUNDS, work
from tests.world import build

pytestmark = pytest.mark.long

PROCESSES = 8


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_leave_a_sound_tree_and_every_household() -> None:
    world = build()
    micro_ids = [getattr(world, f"micro_{number}").pk for number in range(1, 4)]
    spawn = multiprocessing.get_context("spawn")
    start, done = spawn.Barrier(PROCESSES), spawn.Queue()
    database = connection.settings_dict["NAME"]
    clerks = [
        spawn.Process(target=work, args=(number, database, micro_ids, start, done)) for number in range(PROCESSES)
    ]
    for clerk in clerks:
        clerk.start()
    said = sorted(done.get(timeout=60) for _clerk in clerks)
    for clerk in clerks:
        clerk.join(10)
    assert said == [(number, "") for number in range(PROCESSES)]
    # Each round: a household of one's own, and one that all want to add at the same address.
    assert Household.objects.count() == PROCESSES * ROUNDS + ROUNDS
    assert Unit.objects.filter(kind=Kind.HOUSEHOLD, retired_at=None, household=None).count() == 1  # the cast's own
    assert RegisterChange.objects.filter(what="added").count() == PROCESSES * ROUNDS + ROUNDS
    assert version_of(world.street_a.pk) == 2 * PROCESSES * ROUNDS
    assert_sound()
