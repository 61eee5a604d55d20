"""Loads over real connections: two at once, and connections that die in the middle of the work."""

import time
from typing import Any

import pytest
from django.db import OperationalError, connection

import clock
from grids.soundness import findings
from households.loading import runs
from households.loading.progress import APPLYING, READING, Reporter
from households.loading.runs import work
from households.models import Household, RegisterLoad, Resident
from tests.households import loads
from tests.households.homes import card
from tests.households.loads import line
from tests.incidents.test_races import at_once
from tests.world import World, build

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
State = RegisterLoad.State


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    calls: list[tuple[str, int]] = []

    def send(task: str, arguments: list[int], **options: Any) -> None:
        calls.append((task.rpartition(".")[2], arguments[0]))

    monkeypatch.setattr("households.loading.runs.enqueueing.current_app.send_task", send)
    return calls


def other_village(world: World) -> RegisterLoad:
    lines = [line(n, "赵一鸣", card(sequence=f"{n:03}"), place="牌门社区,3网格,5微网格") for n in (1, 2)]
    return loads.ready(world, *lines)


def test_two_loads_of_one_street_queue_up_and_both_are_applied(asked: list[Any]) -> None:
    world = build()
    first, second = loads.ready(world), other_village(world)
    asked.clear()
    at_once(*(lambda load=load: runs.confirm(load, actor=world.register) for load in (first, second)))
    first.refresh_from_db()
    second.refresh_from_db()
    assert {first.state, second.state} == {State.APPLYING, State.WAITING}
    leading, waiting = (first, second) if first.state == State.APPLYING else (second, first)
    assert asked == [("apply_load", leading.pk)]
    assert world.register.name in runs.waits_for(waiting)
    assert runs.apply(waiting.pk) is None
    assert runs.start_waiting() == []
    runs.apply(leading.pk)
    assert asked[-1] == ("apply_load", waiting.pk)
    runs.apply(waiting.pk)
    assert set(RegisterLoad.objects.values_list("state", flat=True)) == {State.APPLIED}
    assert (Resident.objects.count(), Household.objects.count()) == (5, 4)
    assert findings() == []


def test_two_workers_at_one_load_apply_it_once() -> None:
    world = build()
    load = loads.ready(world)
    runs.confirm(load, actor=world.register)
    at_once(*[lambda: runs.apply(load.pk)] * 2)
    load.refresh_from_db()
    assert (load.state, Resident.objects.count()) == (State.APPLIED, 3)


def test_a_connection_that_dies_at_any_stage_leaves_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = build()
    load = loads.received(world)
    say = Reporter.say
    for stage in READING:
        _die_at(monkeypatch, say, stage)
        with pytest.raises(OperationalError):
            runs.read(load.pk)
        connection.close()  # as Celery does between tasks
        RegisterLoad.objects.filter(pk=load.pk).update(attempts=0)
    monkeypatch.setattr(Reporter, "say", say)
    runs.read(load.pk)
    runs.confirm(load, actor=world.register)
    for stage in APPLYING:
        _die_at(monkeypatch, say, stage)
        with pytest.raises(OperationalError):
            runs.apply(load.pk)
        connection.close()
        assert RegisterLoad.objects.get(pk=load.pk).state == State.APPLYING
        assert (Resident.objects.count(), findings()) == (0, [])
        RegisterLoad.objects.filter(pk=load.pk).update(attempts=0)
    monkeypatch.setattr(Reporter, "say", say)
    done = runs.apply(load.pk)
    assert done is not None
    assert (done.state, Resident.objects.count(), findings()) == (State.APPLIED, 3, [])


def test_whoever_is_at_work_gives_signs_of_life_and_keeps_others_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SIGN_EVERY", 0.01)
    load = RegisterLoad.objects.create(made_at=clock.now(), file_name="x", size=1, digest="d")
    until = time.monotonic() + 10
    with work.at_work(load.pk) as is_ours:
        assert is_ours
        others = at_once(lambda: _tries(load))
        while load.alive_at is None and time.monotonic() < until:
            load.refresh_from_db()
    assert load.alive_at is not None
    assert others == [False]
    assert at_once(lambda: _tries(load)) == [True]


def _tries(load: RegisterLoad) -> bool:
    with work.at_work(load.pk) as is_ours:
        return is_ours


def _die_at(monkeypatch: pytest.MonkeyPatch, say: Any, stage: str) -> None:
    """The session ends when that stage begins, as if the process had been killed there."""

    def dying(self: Reporter, at: str, rows: int, total: int) -> None:
        say(self, at, rows, total)
        if at == stage:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(Reporter, "say", dying)
