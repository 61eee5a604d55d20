"""The acts of a load: who may, from which state, once or twice, and what is recorded and told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.http import Http404

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import AccessRecord, Notice
from grids.models import Kind, Unit
from households.loading import kept_files, runs
from households.loading.runs import work
from households.models import LayoutTemplate, NamedPlaceRow, RegisterLoad, RememberedPlace, Resident, StagedPerson
from tests.households import loads
from tests.households.homes import card, refused
from tests.households.loads import FAMILY, line
from tests.world import World, post

pytestmark = pytest.mark.django_db
State = RegisterLoad.State


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What the loader was asked to do, after each commit. No broker in tests."""
    calls: list[tuple[str, int]] = []

    def send(task: str, arguments: list[int], **options: Any) -> None:
        calls.append((task.rpartition(".")[2], arguments[0]))

    monkeypatch.setattr("households.loading.runs.enqueueing.current_app.send_task", send)
    return calls


def state_of(load: RegisterLoad) -> str:
    return RegisterLoad.objects.get(pk=load.pk).state


def died(load: RegisterLoad, state: State) -> RegisterLoad:
    """As a worker leaves a load that is killed while at it."""
    RegisterLoad.objects.filter(pk=load.pk).update(state=state, alive_at=clock.now() - timedelta(minutes=3))
    load.refresh_from_db()
    return load


# -- receiving -------------------------------------------------------------------------------------------------------
def test_a_file_is_kept_sealed_and_read_after_the_commit(
    world: World, asked: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        load = loads.received(world)
        assert not asked
    assert asked == [("read_load", load.pk)]
    with default_storage.open(load.file) as kept:
        content = kept.read()
    assert "王大明".encode() not in content
    with kept_files.opened(load) as clear:
        assert clear.stat().st_mode & 0o777 == 0o600
        assert clear.read_bytes() == loads.csv(*FAMILY).getvalue()
    assert not clear.exists()


@pytest.mark.parametrize("who", ["worker", "command", "leader", "outsider", "admin"])
def test_others_may_not_load(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        loads.received(world, actor=getattr(world, who))
    assert not RegisterLoad.objects.exists()


def test_nobody_loads_beyond_the_own_area(world: World) -> None:
    clerk = post("clerk", "村文书", "register_admin", world.community_1)
    loads.received(world, actor=clerk, scope=world.community_1)
    for scope in (world.community_2, world.street_a, world.street_b):
        with pytest.raises(Forbidden):
            loads.received(world, actor=clerk, scope=scope)
    with pytest.raises(Forbidden):
        runs.receive(loads.csv(*FAMILY), name="x.csv", actor=world.register, scope=None)
    everywhere = post("everywhere", "区台账", "register_admin", world.district)
    assert runs.receive(loads.csv(*FAMILY), name="x.csv", actor=everywhere, scope=None).scope is None


def test_an_empty_file_and_a_strange_place_are_refused_at_once(world: World) -> None:
    with refused("empty", "file"):
        runs.receive(loads.csv().__class__(b""), name="x.csv", actor=world.register, scope=world.street_a)
    with refused("scope", "scope"):
        loads.received(world, scope=world.household_1)


def test_a_name_loses_its_path_and_what_cannot_be_seen(world: World) -> None:
    named = runs.receive(loads.csv(), name="C:\\资料\\台\u202e账\n.csv", actor=world.register, scope=world.street_a)
    assert named.file_name == "台账.csv"


def test_the_very_same_file_is_known_again(world: World) -> None:
    first = loads.applied(world)
    again = loads.received(world)
    assert runs.same_file(again, viewer=world.register) == first
    assert runs.same_file(again, viewer=world.outsider) is None
    assert runs.same_file(loads.received(world, FAMILY[0]), viewer=world.register) is None


# -- seeing ----------------------------------------------------------------------------------------------------------
def test_loads_are_seen_in_the_own_area_and_by_their_maker(world: World) -> None:
    clerk = post("clerk", "村文书", "register_admin", world.community_1)
    everywhere = post("everywhere", "区台账", "register_admin", world.district)
    of_street, of_village = loads.received(world), loads.received(world, actor=clerk, scope=world.community_1)
    assert set(runs.visible_to(world.register)) == {of_street, of_village}
    assert set(runs.visible_to(clerk)) == {of_village}
    assert set(runs.visible_to(everywhere)) == {of_street, of_village}
    assert not runs.visible_to(world.worker).exists()
    with pytest.raises(Http404):
        runs.get_visible_or_404(clerk, of_street.key)


# -- reading ---------------------------------------------------------------------------------------------------------
def test_reading_ends_ready_with_counts_and_a_notice_without_names(world: World) -> None:
    load = loads.ready(world)
    assert (load.counts["new"], load.counts["new_households"], load.counts["refused"]) == (3, 2, 0)
    assert set(load.seconds) >= {"opening", "rows", "comparing"}
    [notice] = Notice.objects.filter(user=world.register)
    assert str(load.key) in notice.url
    assert "3" in notice.text
    assert not any(name in notice.text + notice.text_en for name in ("王大明", "台账.csv", "高田王"))


def test_what_is_no_register_is_refused_with_the_reason(world: World) -> None:
    file = loads.csv("电脑,3,台", header="物资名称,数量,单位")
    load = runs.receive(file, name="物资.csv", actor=world.register, scope=world.street_a)
    done = runs.read(load.pk)
    assert done is not None
    assert (done.state, bool(done.refusal)) == (State.REFUSED, True)
    assert Notice.objects.filter(user=world.register, tone="error").exists()


def test_the_file_of_another_village_gets_one_answer(world: World) -> None:
    lines = [line(n, "王大明", card(sequence=f"{n:03}"), place="星阳社区,1网格,1微网格") for n in range(1, 5)]
    load = loads.received(world, *lines, line(9, "张志强", card()))
    done = runs.read(load.pk)
    assert done is not None
    assert done.state == State.REFUSED
    assert "星阳社区" in done.refusal


def test_reading_twice_reads_once(world: World) -> None:
    load = loads.ready(world)
    assert runs.read(load.pk) is None
    assert RegisterLoad.objects.get(pk=load.pk).previewed_at == load.previewed_at


def test_a_fault_of_ours_refuses_and_is_reported(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.loading.runs.preparing.compare", lambda load, on: 1 / 0)
    load = loads.received(world)
    with pytest.raises(ZeroDivisionError):
        runs.read(load.pk)
    assert state_of(load) == State.REFUSED
    monkeypatch.undo()
    runs.retry(load, actor=world.register)
    assert state_of(load) == State.READING


def test_a_file_that_kills_its_reader_is_not_read_for_ever(world: World) -> None:
    load = died(loads.received(world), State.READING)
    RegisterLoad.objects.filter(pk=load.pk).update(attempts=work.MOST_ATTEMPTS)
    done = runs.read(load.pk)
    assert done is not None
    assert done.state == State.REFUSED


# -- correcting ------------------------------------------------------------------------------------------------------
def test_a_correction_reads_again_and_is_remembered(world: World) -> None:
    load = loads.ready(world)
    phone = load.plan["sheets"][0]["columns"][8]["index"]
    runs.correct(load, actor=world.register, sheets={0: {"columns": {phone: ""}}})
    assert state_of(load) == State.READING
    assert not StagedPerson.objects.filter(load_id=load.pk).exists()
    runs.read(load.pk)
    assert set(StagedPerson.objects.filter(load_id=load.pk).values_list("phone", flat=True)) == {""}
    assert LayoutTemplate.objects.get().street == world.street_a
    following = loads.ready(world, FAMILY[0])
    assert following.plan["sheets"][0]["columns"][8]["field"] == ""


def test_a_correction_that_says_nothing_new_changes_nothing(world: World) -> None:
    load = loads.ready(world)
    runs.correct(load, actor=world.register, sheets={0: {"is_taken": True}})
    assert state_of(load) == State.READY
    with pytest.raises(Forbidden):
        runs.correct(load, actor=world.outsider, sheets={})


# -- places ----------------------------------------------------------------------------------------------------------
def test_a_place_said_by_hand_is_compared_not_read_and_remembered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = line(1, "王大明", card(), place="高田王村,1网格,老祠堂")
    load = loads.ready(world, strange)
    [place] = runs.open_places(load)
    assert load.counts["refused"] == 1
    runs.say_places(load, actor=world.register, units={place.index: world.micro_2})
    with monkeypatch.context() as patch:
        patch.setattr("households.loading.runs.preparing.open_book", None)
        done = runs.read(load.pk)
    assert done is not None
    assert (done.state, done.counts["new"]) == (State.READY, 1)
    assert RememberedPlace.objects.get().unit == world.micro_2
    assert not runs.open_places(loads.ready(world, strange)).exists()


def test_a_place_said_by_hand_lies_in_the_area_and_is_a_micro_grid(world: World) -> None:
    load = loads.ready(world, line(1, "王大明", card(), place="高田王村,1网格,老祠堂"))
    [place] = runs.open_places(load)
    for unit in (world.grid_1, world.micro_b):
        with refused("not_a_micro_grid", f"unit-{place.index}"):
            runs.say_places(load, actor=world.register, units={place.index: unit})
    assert state_of(load) == State.READY


def test_a_place_is_added_when_the_user_says_so(world: World) -> None:
    load = loads.ready(world, line(1, "王大明", card(), place="高田王村,1网格,老祠堂"))
    [place] = runs.open_places(load)
    runs.say_places(load, actor=world.register, add={place.index})
    done = runs.read(load.pk)
    assert done is not None
    assert done.counts["new"] == 1
    assert not Unit.objects.filter(name="老祠堂").exists()
    runs.confirm(load, actor=world.register)
    runs.apply(load.pk)
    added = Unit.objects.get(name="老祠堂")
    assert (added.kind, added.parent) == (Kind.MICRO_GRID, world.grid_1)
    assert Resident.objects.get().household.unit.micro_grid == added


def test_a_place_without_a_known_community_cannot_be_added(world: World) -> None:
    load = loads.ready(world, *FAMILY, line(7, "赵一", card("19800101"), place="没有的村,1网格,1微网格"))
    [place] = runs.open_places(load)
    assert place.found == NamedPlaceRow.Found.UNKNOWN
    with refused("place_without_parent", f"add-{place.index}"):
        runs.say_places(load, actor=world.register, add={place.index})


# -- deciding, applying, undoing -------------------------------------------------------------------------------------
def test_answers_are_kept_and_others_refused(world: World) -> None:
    load = loads.ready(world)
    assert runs.decide(load, actor=world.register, gone="move_out").answers["gone"] == "move_out"
    assert runs.decide(load, actor=world.register, doubtful="take").answers["gone"] == "move_out"
    with refused("unknown_answer", "gone"):
        runs.decide(load, actor=world.register, gone="delete")


def test_applying_writes_records_and_tells(world: World) -> None:
    load = loads.applied(world)
    assert Resident.objects.count() == 3
    record = AccessRecord.objects.get(act=AccessRecord.Act.LOAD)
    assert (record.actor, record.subject_id, record.unit_code) == (world.register, load.pk, world.street_a.code)
    assert Notice.objects.filter(user=world.register, tone="success").count() == 1
    assert load.ended_at is not None


def test_confirming_and_applying_again_changes_nothing(world: World) -> None:
    load = loads.applied(world)
    assert runs.confirm(load, actor=world.register).state == State.APPLIED
    assert runs.apply(load.pk) is None
    assert Resident.objects.count() == 3
    assert AccessRecord.objects.filter(act=AccessRecord.Act.LOAD).count() == 1


def test_nothing_usable_is_not_applied(world: World) -> None:
    load = loads.ready(world, line(1, "王大明", "330206199001011231"))
    with refused("nothing_to_apply"):
        runs.confirm(load, actor=world.register)


@pytest.mark.parametrize("act", [runs.confirm, runs.discard, runs.undo, runs.retry])
def test_acts_are_for_those_who_may_load_there(world: World, act: Any) -> None:
    load = loads.ready(world)
    for who in (world.worker, world.outsider, world.leader):
        with pytest.raises(Forbidden):
            act(load, actor=who)


def test_an_act_that_comes_too_late_says_so(world: World) -> None:
    load = loads.applied(world)
    for act in (runs.discard, runs.retry):
        with refused("status"):
            act(load, actor=world.register)
    with refused("status"):
        runs.correct(load, actor=world.register, sheets={})
    with refused("status"):
        runs.undo(loads.ready(world), actor=world.register)


def test_undoing_restores_and_is_recorded(world: World) -> None:
    load = loads.applied(world)
    runs.undo(load, actor=world.register)
    assert runs.undo(load, actor=world.register).state == State.UNDOING
    done = runs.take_back(load.pk)
    assert done is not None
    assert (done.state, Resident.objects.count()) == (State.UNDONE, 0)
    record = AccessRecord.objects.get(act=AccessRecord.Act.UNDO_LOAD)
    assert record.actor == world.register
    assert runs.take_back(load.pk) is None


def test_discarding_removes_file_and_rows(world: World, django_capture_on_commit_callbacks: Any) -> None:
    load = loads.ready(world)
    with django_capture_on_commit_callbacks(execute=True):
        runs.discard(load, actor=world.register)
    assert not default_storage.exists(load.file)
    assert not StagedPerson.objects.filter(load_id=load.pk).exists()
    assert runs.discard(load, actor=world.register).state == State.DISCARDED


def test_a_register_that_changed_after_the_preview_is_looked_at_again(world: World) -> None:
    first, second = loads.ready(world), loads.ready(world)
    for load in (first, second):
        runs.confirm(load, actor=world.register)
        runs.apply(load.pk)
    second.refresh_from_db()
    assert second.state in (State.WAITING, State.READING)
    if second.state == State.WAITING:
        runs.start_waiting()
        runs.apply(second.pk)
    again = runs.read(second.pk)
    assert again is not None
    assert (again.state, again.counts["unchanged"], bool(again.refusal)) == (State.READY, 3, True)
    assert runs.confirm(again, actor=world.register).refusal == ""


def test_rows_that_a_crash_has_taken_are_read_again_before_anything_is_written(world: World) -> None:
    load = loads.ready(world)
    runs.confirm(load, actor=world.register)
    RegisterLoad.objects.filter(pk=load.pk).update(staged_rows=None)
    done = runs.apply(load.pk)
    assert done is not None
    assert (done.state, Resident.objects.count()) == (State.READING, 0)
    again = runs.read(load.pk)
    assert again is not None
    assert (again.state, again.counts["new"]) == (State.READY, 3)


# -- upkeep ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "task"),
    [
        (State.RECEIVED, "read_load"),
        (State.READING, "read_load"),
        (State.APPLYING, "apply_load"),
        (State.UNDOING, "take_back_load"),
    ],
)
def test_a_load_whose_worker_died_is_taken_up_once(
    world: World, state: State, task: str, asked: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    load = died(loads.received(world), state)
    with django_capture_on_commit_callbacks(execute=True):
        assert runs.resume() == [load.pk]
        assert runs.resume() == []
    assert (task, load.pk) in asked


def test_a_load_that_gives_signs_of_life_is_left_alone(world: World) -> None:
    load = died(loads.received(world), State.READING)
    assert runs.resume(at=clock.now() - timedelta(minutes=2)) == []
    assert state_of(load) == State.READING


def test_what_died_while_applying_ends_as_if_nothing_had_been(world: World) -> None:
    load = loads.ready(world)
    runs.confirm(load, actor=world.register)
    died(load, State.APPLYING)
    done = runs.apply(load.pk)
    assert done is not None
    assert (done.state, Resident.objects.count()) == (State.APPLIED, 3)
    died(load, State.APPLYING)  # killed after the street, before the load was marked
    done = runs.apply(load.pk)
    assert done is not None
    assert (done.state, Resident.objects.count()) == (State.APPLIED, 3)


def test_files_go_a_month_after_the_end_and_rows_after_a_week(world: World) -> None:
    load = loads.applied(world)
    now = clock.now()
    assert runs.clear_outlived(at=now + timedelta(days=6)) == 0
    assert runs.clear_outlived(at=now + timedelta(days=8)) == 1
    assert not StagedPerson.objects.filter(load_id=load.pk).exists()
    assert default_storage.exists(load.file)
    assert runs.clear_outlived(at=now + timedelta(days=31)) == 1
    assert not default_storage.exists(load.file)
    assert runs.clear_outlived(at=now + timedelta(days=32)) == 0


def test_retrying_without_the_file_asks_for_it(world: World) -> None:
    load = loads.received(world)
    RegisterLoad.objects.filter(pk=load.pk).update(state=State.REFUSED)
    kept_files.remove(load)
    with pytest.raises(Refused, check=lambda error: error.code == "file_gone"):
        runs.retry(load, actor=world.register)
