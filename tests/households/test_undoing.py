from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from accounts.errors import Refused
from grids import soundness
from grids.models import Kind, Unit, UnitChange
from households.catalogue import load_tag_kinds
from households.loading.writing import undoing
from households.models import Household, LoadStreet, RegisterChange, RegisterLoad, Resident, ResidentTag
from households.services import add_resident, correct_resident
from tests.households.homes import card, home, person
from tests.households.staging_rows import applied, line, load_of
from tests.incidents.stages import report
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 1, tzinfo=UTC)
ANNA, BEA, CARA, DORA = (card(sequence=f"00{number}") for number in (1, 2, 3, 4))


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the register, and every unit that is in use."""
    queries = {
        "households": "SELECT * FROM households_household ORDER BY unit_id",
        "residents": "SELECT * FROM households_resident ORDER BY id",
        "tags": "SELECT * FROM households_residenttag ORDER BY id",
        "units": "SELECT id, parent_id, name, code, community_id, grid_id, micro_grid_id, level, retired_at"
        " FROM grids_unit WHERE retired_at IS NULL ORDER BY id",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, query in queries.items():
            cursor.execute(query)
            found[name] = cursor.fetchall()
    return found


def full_load(world: World) -> RegisterLoad:
    """A load that does everything at once to a register that has something of each."""
    load_tag_kinds()
    stays, goes = home(world.micro_1, "8号"), home(world.micro_1, "10号")
    person(stays, "张三", document_number=ANNA, phone="13900001111")
    person(stays, "李四", document_number=BEA)
    person(stays, "王五", document_number=CARA)
    person(goes, "赵六", document_number=DORA)
    return load_of(
        line(0, "张三", at=world.micro_1, address="8号", number=ANNA, phone="13800001234", tags=["elderly_alone"]),
        line(0, "钱七", relation="女儿", dwelling="rented", landlord_phone="13700001234"),
        line(1, "李四", at=world.micro_2, address="20号", number=BEA),
        line(2, "赵六", at=world.micro_3, address="30号", number=DORA),
        at=AT,
        answers={"gone": "move_out"},
    )


def undo(load: RegisterLoad, world: World) -> dict[str, int]:
    return undoing.undo_street(load, world.street_a.pk, actor=world.register, at=LATER)


def test_undoing_restores_every_row(world: World) -> None:
    load = full_load(world)
    before = dump()
    written = applied(load, world.street_a, at=AT)
    assert sorted(written.items()) == [
        ("changed", 1),
        ("changed_households", 2),
        ("moved", 1),
        ("moved_out", 1),
        ("new", 1),
        ("new_households", 1),
        ("new_places", 0),
        ("tags", 1),
    ]
    undo(load, world)
    assert dump() == before
    assert soundness.findings() == []
    share = LoadStreet.objects.get()
    assert (share.state, share.undone_by, share.undone_at) == ("undone", world.register, LATER)


def test_doors_of_the_load_retire_and_their_codes_stay_given(world: World) -> None:
    load = load_of(line(0, "张三", at=world.micro_2, address="8号"), at=AT)
    applied(load, world.street_a, at=AT)
    door = Household.objects.get().unit
    undo(load, world)
    door.refresh_from_db()
    assert door.retired_at == LATER
    assert list(UnitChange.objects.filter(unit=door).order_by("pk").values_list("what", flat=True)) == [
        "made",
        "retired",
    ]
    again = load_of(line(0, "张三", at=world.micro_2, address="8号"), at=LATER)
    applied(again, world.street_a, at=LATER)
    assert Household.objects.get().unit.code > door.code


def test_history_says_that_it_was_undone(world: World) -> None:
    load = full_load(world)
    applied(load, world.street_a, at=AT)
    undo(load, world)
    told = RegisterChange.objects.filter(what="undone", resident__name="张三").get()
    assert (told.load, told.actor, "changed_at" in told.after) == (load, world.register, False)
    assert told.after["phone"] != told.before["phone"]


def test_places_that_the_load_added_retire_with_it(world: World) -> None:
    load = load_of(line(0, "张三", at=world.community_1, address="8号"), at=AT)
    load.places.update(grid="9网格", micro_grid="新村四组")
    before = dump()
    applied(load, world.street_a, at=AT)
    undo(load, world)
    assert dump() == before


@pytest.mark.parametrize("deed", ["corrected", "joined", "reported", "tag ended"])
def test_it_is_refused_once_somebody_has_built_on_it(world: World, deed: str) -> None:
    load = full_load(world)
    applied(load, world.street_a, at=AT)
    new = Household.objects.get(address="20号")
    if deed == "corrected":
        correct_resident(Resident.objects.get(name="钱七"), actor=None, at=LATER, note="在外地")
    elif deed == "joined":
        add_resident(new, actor=None, at=LATER, name="孙八")
    elif deed == "reported":
        report(world, unit=new.unit)
    else:
        ResidentTag.objects.update(until=date(2026, 11, 23))
    with pytest.raises(Refused) as refused:
        undo(load, world)
    assert refused.value.code == "changed_since"
    assert "1" in refused.value.message
    assert Unit.objects.filter(kind=Kind.HOUSEHOLD, retired_at=None, made_at=AT).count() == 1


def test_a_later_load_that_touched_other_rows_is_no_hindrance(world: World) -> None:
    first = load_of(line(0, "张三", at=world.micro_1, address="8号", number=ANNA), at=AT)
    applied(first, world.street_a, at=AT)
    second = load_of(line(0, "李四", at=world.micro_1, address="9号", number=BEA), at=LATER)
    applied(second, world.street_a, at=LATER)
    undo(first, world)
    assert list(Resident.objects.values_list("name", flat=True)) == ["李四"]


def test_undoing_twice_is_fine(world: World) -> None:
    load = load_of(line(0, "张三", at=world.micro_1, address="8号"), at=AT)
    applied(load, world.street_a, at=AT)
    assert undo(load, world) == undo(load, world)
