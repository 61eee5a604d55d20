"""A worker is killed (SIGKILL) at ten points of a load: each time the register is as before, or as after."""

import signal
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from grids import soundness, tree
from grids.models import Unit
from households.loading import runs
from households.loading.runs.work import LOCK_CLASS
from households.models import RegisterChange, RegisterLoad, Resident
from tests.at_once import forks
from tests.households.foreman import AT_THE_END, apply_and_die
from tests.households.homes import card, home, person
from tests.households.staging_rows import compared, line, load_of
from tests.households.test_undoing import dump
from tests.world import World, build

AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
# Signs of life come at the beginning and the end of each stage, and between: fourteen for a street of this size.
POINTS = (1, 2, 3, 4, 5, 7, 9, 11, 13)


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_point_it_is_as_if_it_had_not_begun_and_resuming_finishes() -> None:
    world = build()
    load = _load(world)
    before = dump()
    for point in POINTS:
        assert _killed(load, point, world.street_a) == -signal.SIGKILL
        assert dump() == before, point
        assert soundness.findings() == []
    assert _killed(load, AT_THE_END, world.street_a) == -signal.SIGKILL
    after = dump()
    assert Resident.objects.count() == 61
    done = runs.apply(load.pk)
    assert done is not None
    assert done.state == RegisterLoad.State.APPLIED
    assert dump() == after
    assert soundness.findings() == []
    assert RegisterChange.objects.filter(load=load).count() == 1  # a household that moved


def _load(world: World) -> RegisterLoad:
    """Confirmed and about to be applied: thirty households, one of whose people is known already."""
    person(home(world.micro_2, "99号"), "张三", document_number=card())
    lines = [line(n // 2, f"李{n}", at=world.micro_1, address=f"{n // 2}号") for n in range(60)]
    lines[0] |= {"name": "张三", "number": card()}
    lines.append(line(30, "王五", at=world.micro_3, address="8号"))
    load = compared(load_of(*lines, at=AT, staged_rows=len(lines)))
    return _applying(load)


def _applying(load: RegisterLoad) -> RegisterLoad:
    RegisterLoad.objects.filter(pk=load.pk).update(state=RegisterLoad.State.APPLYING, confirmed_at=AT, attempts=0)
    return load


def _killed(load: RegisterLoad, point: int, street: Unit) -> int | None:
    """The end of the worker, told once the database has seen it too and its locks are free."""
    _applying(load)
    worker = forks().Process(target=apply_and_die, args=(connection.settings_dict["NAME"], load.pk, point))
    worker.start()
    worker.join(60)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, load.pk])
        tree.lock_street(street)
    return worker.exitcode
