from collections.abc import Iterator
from datetime import UTC, date, datetime
from threading import Thread
from unittest.mock import patch

import pytest
from django.db import connections, transaction

from accounts.errors import Refused
from grids import soundness, tree
from grids.models import Kind, Unit, UnitChange
from households.catalogue import load_tag_kinds
from households.loading.comparison import comparing
from households.loading.writing import applying
from households.models import Household, RegisterChange, Resident, ResidentTag
from households.versions import version_of
from tests.households.homes import card, home, person
from tests.households.staging_rows import applied, compared, line, load_of, verdicts
from tests.incidents.stages import report
from tests.world import World

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 11, 22, 1, tzinfo=UTC)
SECOND = datetime(2026, 11, 23, 1, tzinfo=UTC)
ANNA, BEA, CARA = (card(sequence=f"00{number}") for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def _sound_tree(world: World) -> Iterator[None]:
    yield
    assert soundness.findings() == []


def test_a_first_load_brings_doors_households_and_people(world: World) -> None:
    load = load_of(
        line(0, "张三", at=world.micro_1, address="2幢1单元501室", number=ANNA, relation="户主"),
        line(0, "李四", phone="13800001234"),
        line(1, "王五", at=world.micro_2, address="2幢1单元502室", born_on=date(1980, 2, 3)),
        line(2, at=world.micro_2, address="2幢1单元503室", dwelling="vacant"),
        at=FIRST,
    )
    written = applied(load, world.street_a, at=FIRST, actor=world.register)
    assert (written["new"], written["new_households"]) == (3, 3)
    homes = Household.objects.order_by("unit__code")
    assert [found.unit.name for found in homes] == ["2幢1单元501室", "2幢1单元502室", "2幢1单元503室"]
    made = UnitChange.objects.filter(unit=homes[0].unit).get()
    assert (made.what, made.actor, made.after["name"]) == ("made", world.register, "2幢1单元501室")
    anna = Resident.objects.get(name="张三")
    assert (anna.document_number, anna.made_in, anna.changed_at) == (ANNA, load, FIRST)


def test_the_same_file_again_writes_nothing(world: World) -> None:
    lines = [
        line(0, "张三", at=world.micro_1, address="8号", number=ANNA, relation="户主"),
        line(0, "李四", phone="13800001234"),
        line(1, "王五", at=world.micro_2, address="9号", born_on=date(1980, 2, 3)),
    ]
    applied(load_of(*lines, at=FIRST), world.street_a, at=FIRST)
    version = version_of(world.street_a.pk)
    again = load_of(*lines, at=SECOND)
    assert not any(applied(again, world.street_a, at=SECOND).values())
    assert verdicts(again) == ["unchanged"] * 3
    assert not RegisterChange.objects.exists()
    assert set(Resident.objects.values_list("changed_at", flat=True)) == {FIRST}
    assert version_of(world.street_a.pk) == version


def test_one_line_of_a_hundred_that_changed_writes_one(world: World) -> None:
    lines = [line(n, f"张{n}", at=world.micro_1, address=f"{n}号", phone=f"1380000{n:04}") for n in range(100)]
    applied(load_of(*lines, at=FIRST), world.street_a, at=FIRST)
    lines[42] = lines[42] | {"phone": "13911112222"}
    assert applied(load_of(*lines, at=SECOND), world.street_a, at=SECOND)["changed"] == 1
    changed = Resident.objects.get(changed_at=SECOND)
    change = RegisterChange.objects.get()
    assert (changed.phone, change.resident, change.what) == ("13911112222", changed, "corrected")
    assert "13911112222" not in str(change.after)


def test_who_moves_stands_in_the_history_of_both_households(world: World) -> None:
    left = home(world.micro_1, "8号")
    anna = person(left, "张三", document_number=ANNA)
    person(left, "李四", document_number=BEA)
    lines = line(0, "张三", at=world.micro_2, address="20号", number=ANNA)
    assert applied(load_of(lines, at=SECOND), world.street_a, at=SECOND)["moved"] == 1
    anna.refresh_from_db()
    assert anna.household.address == "20号"
    moves = RegisterChange.objects.filter(resident=anna, what="moved").order_by("household")
    assert {move.household for move in moves} == {left, anna.household}
    assert (moves[0].before["household"], moves[0].after["household"]) == (left.unit.code, anna.household.unit.code)


def test_a_household_that_moves_takes_its_door_along(world: World) -> None:
    known = home(world.micro_1, "8号")
    person(known, "张三", document_number=ANNA)
    lines = line(0, "张三", at=world.micro_3, address="9号", number=ANNA)
    applied(load_of(lines, at=SECOND), world.street_a, at=SECOND)
    door = Unit.objects.get(pk=known.pk)
    assert (door.parent, door.grid, door.name) == (world.micro_3, world.grid_2, "9号")
    assert RegisterChange.objects.filter(what="household_moved").get().household == known


def test_a_second_household_behind_an_address_gets_a_number_in_brackets(world: World) -> None:
    load = load_of(
        line(0, "张三", at=world.micro_1, address="8号", number=ANNA),
        line(1, "李四", address="8号", number=BEA),
        at=FIRST,
    )
    applied(load, world.street_a, at=FIRST)
    assert list(Household.objects.order_by("pk").values_list("unit__name", "address")) == [
        ("8号", "8号"),
        ("8号（2）", "8号"),
    ]


def test_a_door_that_stands_there_without_a_household_is_used(world: World) -> None:
    load = load_of(line(0, "张三", at=world.micro_1, address="新村三组12号"), at=FIRST)
    applied(load, world.street_a, at=FIRST)
    assert Household.objects.get().unit == world.household_1


def test_doubtful_rows_stay_out_unless_they_are_taken(world: World) -> None:
    anna = person(home(world.micro_1, "8号"), "张三", document_number=ANNA)
    lines = line(0, "张三", at=world.micro_2, address="9号", born_on=date(1990, 1, 1))
    assert not any(applied(load_of(lines, at=FIRST), world.street_a, at=FIRST).values())
    taken = load_of(lines, at=SECOND, answers={"doubtful": "take"})
    assert applied(taken, world.street_a, at=SECOND)["moved"] == 1
    anna.refresh_from_db()
    assert anna.household.address == "9号"


def test_who_is_gone_moves_out_only_if_it_was_said_and_comes_back_with_the_next_file(world: World) -> None:
    known = home(world.micro_1, "8号")
    person(known, "张三", document_number=ANNA)
    bea = person(known, "李四", document_number=BEA)
    both = [line(0, "张三", at=world.micro_1, address="8号", number=ANNA), line(0, "李四", number=BEA)]
    applied(load_of(both[0], at=FIRST), world.street_a, at=FIRST)
    bea.refresh_from_db()
    assert bea.moved_out_on is None
    load = load_of(both[0], at=FIRST, answers={"gone": "move_out"})
    assert applied(load, world.street_a, at=FIRST)["moved_out"] == 1
    bea.refresh_from_db()
    assert bea.moved_out_on == date(2026, 11, 22)
    applied(load_of(*both, at=SECOND), world.street_a, at=SECOND)
    bea.refresh_from_db()
    assert bea.moved_out_on is None
    assert RegisterChange.objects.filter(resident=bea).latest("pk").what == "moved_back"


def test_tags_are_added_once(world: World) -> None:
    load_tag_kinds()
    code = "elderly_alone"
    lines = [line(0, "张三", at=world.micro_1, address="8号", number=ANNA, tags=[code]), line(0, "李四", number=BEA)]
    assert applied(load_of(*lines, at=FIRST), world.street_a, at=FIRST)["tags"] == 1
    lines[1] = lines[1] | {"tags": [code]}
    again = load_of(*lines, at=SECOND)
    assert applied(again, world.street_a, at=SECOND)["tags"] == 1
    assert verdicts(again) == ["unchanged", "changed"]
    assert ResidentTag.objects.count() == 2
    assert Resident.objects.get(name="李四").changed_at == SECOND


def test_places_that_were_to_be_added_are_added_with_what_is_above_them(world: World) -> None:
    load = load_of(line(0, "张三", at=world.community_1, address="8号"), at=FIRST)
    load.places.update(grid="9网格", micro_grid="新村四组")
    assert applied(load, world.street_a, at=FIRST)["new_places"] == 2
    place = Household.objects.get().unit.micro_grid
    assert (place.name, place.form, place.grid.name) == ("新村四组", "villager_group", "9网格")


def test_a_change_in_between_is_compared_again_and_refused_if_the_counts_differ(world: World) -> None:
    person(home(world.micro_1, "8号"), "张三", document_number=ANNA)
    load = compared(
        load_of(line(0, "张三", at=world.micro_1, address="8号", number=ANNA, phone="13800001234"), at=FIRST)
    )
    home(world.micro_2, "77号")  # the version differs, the counts don't
    with patch.object(comparing, "compare_street", wraps=comparing.compare_street) as again:
        applying.apply_street(load, world.street_a.pk, actor=None, at=FIRST)
    assert again.called
    late = compared(load_of(line(0, "王五", at=world.micro_1, address="9号", number=BEA), at=SECOND))
    person(home(world.micro_1, "9号"), "王五", document_number=BEA)
    with pytest.raises(Refused) as refused:
        applying.apply_street(late, world.street_a.pk, actor=None, at=SECOND)
    assert refused.value.code == "register_changed"


def test_a_street_that_is_applied_already_answers_and_stays(world: World) -> None:
    load = load_of(line(0, "张三", at=world.micro_1, address="8号"), at=FIRST)
    written = applied(load, world.street_a, at=FIRST)
    assert applying.apply_street(load, world.street_a.pk, actor=None, at=SECOND) == written
    assert Resident.objects.count() == 1


def test_more_doors_than_a_micro_grid_has_room_for_are_numbered_with_the_street(world: World) -> None:
    few = [line(n, f"张{n}", at=world.micro_1, address=f"{n}号") for n in range(20)]
    many = [line(n, f"李{n}", at=world.micro_1, address=f"{n}室") for n in range(20, 60)]
    applied(load_of(*few, at=FIRST), world.street_a, at=FIRST)
    applied(load_of(*many, at=SECOND), world.street_a, at=SECOND)
    assert Unit.objects.filter(parent=world.micro_1, kind=Kind.HOUSEHOLD).count() == 61


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_busy_tree_and_incidents_are_filed_meanwhile(world: World) -> None:
    load = compared(load_of(line(0, "张三", at=world.micro_1, address="8号"), at=FIRST))
    codes, filed = [], []

    def other_connection() -> None:
        try:
            applying.apply_street(load, world.street_a.pk, actor=None, at=FIRST)
        except Refused as refused:
            codes.append(refused.code)
        finally:
            connections.close_all()

    with transaction.atomic():
        tree.lock_street(world.street_a)
        thread = Thread(target=other_connection)
        thread.start()
        thread.join()
    assert codes == ["street_busy"]

    def file_one() -> None:
        filed.append(report(world))
        connections.close_all()

    def file_incident(stage: str, done: int, total: int) -> None:
        if stage == "gone" and not filed:
            thread = Thread(target=file_one)
            thread.start()
            thread.join(10)

    applying.apply_street(load, world.street_a.pk, actor=None, at=FIRST, say=file_incident)
    assert filed
