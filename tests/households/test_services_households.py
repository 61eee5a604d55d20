"""Doors by hand: added, corrected, moved on the map, closed."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.errors import Forbidden
from accounts.sealing import unseal
from grids import tree
from grids.errors import TreeRefused
from grids.models import Unit, UnitChange
from households.models import Household, RegisterChange
from households.services import add_household, close_household, correct_household, move_household, move_out
from households.versions import version_of
from tests.grids.acts import BECAUSE, assert_sound, fresh
from tests.households.homes import AT, LATER, changes_of, home, person, refused
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_household_comes_with_a_door_of_its_own(world: World) -> None:
    made = add_household(
        world.micro_1, actor=world.worker, at=AT, address="新村三组 8号", landlord_phone="138 1234 1234"
    )
    assert (made.unit.parent_id, made.unit.name, made.unit.kind) == (world.micro_1.pk, "新村三组8号", "household")
    assert made.address == "新村三组8号"
    assert made.landlord_phone == "13812341234"
    assert made.landlord_phone_fingerprint
    assert (made.made_at, made.changed_at, made.made_in) == (AT, AT, None)
    assert changes_of(made) == ["added"]
    assert version_of(world.street_a.pk) == 1
    assert_sound()


def test_the_same_household_sent_twice_is_one(world: World) -> None:
    first = home(world.micro_1)
    again = add_household(world.micro_1, actor=world.worker, address="新村3组8号")
    assert again.pk == first.pk
    assert Household.objects.count() == 1
    assert changes_of(first) == ["added"]


def test_an_address_is_taken_however_it_is_written(world: World) -> None:
    home(world.micro_1, "3幢2单元501室")
    with refused("address_taken", "address"):
        add_household(world.micro_1, actor=None, address="3-2-501", dwelling="rented")
    home(world.micro_2, "3-2-501")  # another micro-grid has a building 3 of its own


def test_a_door_without_a_household_is_used(world: World) -> None:
    made = home(world.micro_1, "新村三组12号")
    assert made.unit_id == world.household_1.pk
    assert UnitChange.objects.filter(unit=world.household_1).count() == 1  # the one that made it


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"address": " "}, "address_missing", "address"),
        ({"address": "号" * 101}, "too_long", "address"),
        ({"address": "8号", "landlord_phone": "139"}, "phone_unknown", "landlord_phone"),
        ({"address": "8号", "dwelling": "castle"}, "choice", "dwelling"),
        ({"address": "8号", "note": "x" * 201}, "too_long", "note"),
    ],
)
def test_facts_that_cannot_be_kept_are_refused_beside_their_field(
    world: World, facts: dict[str, str], code: str, field: str
) -> None:
    with refused(code, field):
        add_household(world.micro_1, actor=None, **facts)
    assert not Household.objects.exists()


def test_only_who_keeps_the_register_there_may_change_it(world: World) -> None:
    kept = home(world.micro_1)
    for outsider in (world.worker2, world.leader, world.outsider, world.admin):
        with pytest.raises(Forbidden):
            add_household(world.micro_1, actor=outsider, address="9号")
        with pytest.raises(Forbidden):
            correct_household(kept, actor=outsider, note="x")
        with pytest.raises(Forbidden):
            close_household(kept, actor=outsider)
    with refused("kind", "micro_grid"):
        add_household(world.grid_1, actor=world.worker, address="9号")


def test_a_correction_writes_what_differs_and_tells_it(world: World) -> None:
    kept = home(world.micro_1, landlord_name="房东甲")
    corrected = correct_household(
        kept, actor=world.worker, at=LATER, reason="实地核对", address="新村三组18号", landlord_phone="13812341234"
    )
    told = RegisterChange.objects.get(what="corrected")
    assert told.before == {"address": "新村三组8号", "landlord_phone": ""}
    assert told.after["address"] == "新村三组18号"
    assert unseal(told.after["landlord_phone"]) == "13812341234"
    assert (told.actor, told.at, told.reason) == (world.worker, LATER, "实地核对")
    assert fresh(kept.unit).name == "新村三组18号"
    assert corrected.landlord_name == "房东甲"
    assert changes_of(kept) == ["added", "corrected"]  # the new name of the door is not told twice


def test_a_correction_that_changes_nothing_leaves_no_trace(world: World) -> None:
    kept = home(world.micro_1)
    correct_household(kept, actor=world.worker, seen=AT - timedelta(days=1), at=LATER, address=kept.address)
    assert changes_of(kept) == ["added"]
    assert Household.objects.get().changed_at == AT


def test_a_form_older_than_the_last_change_is_refused(world: World) -> None:
    kept = home(world.micro_1)
    correct_household(kept, actor=world.register, at=LATER, note="有犬")
    with refused("stale"):
        correct_household(kept, actor=world.worker, seen=AT, note="无人")
    correct_household(kept, actor=world.worker, seen=LATER, note="无人")
    assert Household.objects.get().note == "无人"


def test_a_household_moves_to_another_micro_grid_with_its_people(world: World) -> None:
    kept = home(world.micro_1)
    resident = person(kept)
    moved = move_household(kept, micro_grid=world.micro_3, actor=world.register, at=LATER)
    move_household(kept, micro_grid=world.micro_3, actor=world.register, at=LATER)
    assert moved.unit.parent_id == world.micro_3.pk
    resident.refresh_from_db()
    assert resident.household.unit.grid_id == world.grid_2.pk
    told = RegisterChange.objects.get(what="household_moved")
    assert (told.before, told.after) == (
        {"micro_grid": world.micro_1.code},
        {"micro_grid": world.micro_3.code},
    )
    assert_sound()


def test_a_worker_cannot_move_a_household_into_a_strangers_grid(world: World) -> None:
    kept = home(world.micro_1)
    with pytest.raises(Forbidden):
        move_household(kept, micro_grid=world.micro_3, actor=world.worker)
    home(world.micro_2, "新村3组8号")
    with refused("address_taken", "address"):
        move_household(kept, micro_grid=world.micro_2, actor=world.worker)


def test_an_empty_household_is_closed_and_one_with_people_is_not(world: World) -> None:
    kept = home(world.micro_1)
    resident = person(kept)
    with pytest.raises(TreeRefused, match="1"):
        close_household(kept, actor=world.worker)
    move_out(resident, on=AT.date(), actor=world.worker, at=AT)
    close_household(kept, actor=world.worker, at=LATER, reason="拆迁")
    close_household(kept, actor=world.worker, at=LATER)
    assert fresh(kept.unit).retired_at == LATER
    assert changes_of(kept) == ["added", "closed"]
    with refused("closed"):
        correct_household(kept, actor=world.worker, note="x")
    home(world.micro_1)  # the address is free again
    assert_sound()


def test_the_tree_pages_keep_the_register_true(world: World) -> None:
    kept = home(world.micro_1)
    resident = person(kept)
    with pytest.raises(TreeRefused):
        tree.retire_unit(kept.unit, **BECAUSE)
    tree.edit_unit(kept.unit, name="新村三组28号", **BECAUSE)
    kept.refresh_from_db()
    assert (kept.address, kept.address_key) == ("新村三组28号", "新村3组28")
    tree.move_unit(kept.unit, parent=Unit.objects.get(pk=world.micro_2.pk), **BECAUSE)
    assert changes_of(kept) == ["added", "corrected", "household_moved"]
    before = version_of(world.street_a.pk)
    tree.move_unit(world.micro_2, parent=Unit.objects.get(pk=world.grid_2.pk), **BECAUSE)
    assert version_of(world.street_a.pk) == before + 1  # previews of loads look again
    assert changes_of(resident) == ["added"]


def test_numbers_stand_sealed_in_the_history(world: World) -> None:
    kept = home(world.micro_1, landlord_phone="13812341234")
    correct_household(kept, actor=None, landlord_phone="13912341234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(before::text || after::text, '') FROM households_registerchange")
        history = cursor.fetchone()[0]
    assert "13812341234" not in history
    assert "13912341234" not in history
