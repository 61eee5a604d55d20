"""Eight processes change one street at the same moment: real connections, real locks, nothing lost."""

import multiprocessing

import pytest
from django.db import connection

from grids.models import Unit, UnitChange
from tests.grids.acts import assert_sound
from tests.grids.clerk import ROUNDS, work
from tests.world import build

pytestmark = pytest.mark.long

PROCESSES = 8


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_eight_processes_in_one_street_lose_and_break_nothing() -> None:
    world = build()
    micro_ids = [getattr(world, f"micro_{number}").pk for number in range(1, 9)]
    before = Unit.objects.count()
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
    assert Unit.objects.count() == before + PROCESSES * ROUNDS
    assert UnitChange.objects.filter(what=UnitChange.What.MOVED).count() > PROCESSES
    assert_sound()
