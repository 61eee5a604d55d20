"""Adding one unit by hand."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grids import tree
from grids.models import Form, Kind, Unit, UnitChange, Use
from tests.grids.acts import BECAUSE, assert_sound, changes_of, fresh, names_below, refused
from tests.world import World

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_a_new_unit_stands_at_the_end_of_its_parents_children(world: World) -> None:
    unit = tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="9微网格", form=Form.BUILDING, **BECAUSE)
    assert names_below(world.grid_1) == ["1微网格", "新村三组12号", "2微网格", "9微网格"]
    assert unit.path == [world.street_a, world.community_1, world.grid_1, unit]
    assert (unit.level, unit.code) == (3, world.grid_1.code + "003")
    assert_sound()


def test_it_leaves_one_row_of_history_saying_who_when_and_why(world: World) -> None:
    unit = tree.add_unit(
        world.micro_2, kind=Kind.HOUSEHOLD, name="8号", actor=world.register, reason=" 新建房屋 ", at=AT
    )
    change = UnitChange.objects.get(unit=unit)
    assert (change.what, change.actor, change.at, change.reason) == ("made", world.register, AT, "新建房屋")
    assert change.after == {"name": "8号", "code": unit.code, "parent": world.micro_2.code}
    assert unit.made_at == AT


def test_a_household_takes_room_and_moves_no_other_unit(world: World) -> None:
    before = dict(Unit.objects.values_list("pk", "lft"))
    with CaptureQueriesContext(connection) as asked:
        unit = tree.add_unit(world.micro_2, kind=Kind.HOUSEHOLD, name="8号", **BECAUSE)
    assert dict(Unit.objects.exclude(pk=unit.pk).values_list("pk", "lft")) == before
    assert not [query["sql"] for query in asked if query["sql"].startswith("UPDATE")]


def test_when_the_room_is_used_up_the_tree_makes_more(world: World) -> None:
    for number in range(60):  # the room of a micro-grid holds 24
        tree.add_unit(world.micro_1, kind=Kind.HOUSEHOLD, name=f"新村四组{number}号", **BECAUSE)
    assert len(names_below(world.micro_1)) == 61
    assert_sound()


def test_a_shift_stays_within_the_nearest_unit_that_has_room(world: World) -> None:
    for number in range(23):
        tree.add_unit(world.micro_1, kind=Kind.HOUSEHOLD, name=f"新村四组{number}号", **BECAUSE)
    far_away = [world.grid_2, world.micro_3, world.community_2, world.street_a]
    before = [(fresh(unit).lft, fresh(unit).rght) for unit in far_away]
    for number in range(10):
        tree.add_unit(world.micro_1, kind=Kind.HOUSEHOLD, name=f"新村五组{number}号", **BECAUSE)
    assert [(fresh(unit).lft, fresh(unit).rght) for unit in far_away] == before
    assert_sound()


def test_a_street_begins_a_tree_of_its_own(world: World) -> None:
    street = tree.add_street(world.district, name="霞浦街道", code="330206005", **BECAUSE)
    assert (street.tree_id, street.street_id, street.level) == (street.pk, street.pk, 0)
    tree.add_unit(street, kind=Kind.COMMUNITY, name="九峰山社区", form=Form.RESIDENTS, **BECAUSE)
    assert_sound()


def test_a_second_street_of_the_same_name_is_refused(world: World) -> None:
    with refused("name_taken", "name"):
        tree.add_street(world.district, name="大碶街道", **BECAUSE)


def test_an_area_may_stand_between_street_and_community(world: World) -> None:
    area = tree.add_unit(world.street_a, kind=Kind.AREA, name="东片区", **BECAUSE)
    community = tree.add_unit(area, kind=Kind.COMMUNITY, name="塔峙社区", **BECAUSE)
    assert area.code == world.street_a.code + "A01"
    assert community.code == world.street_a.code + "900"
    assert community.street_id == world.street_a.pk
    assert_sound()


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("street_a", Kind.STREET),
        ("street_a", Kind.GRID),
        ("community_1", Kind.AREA),
        ("community_1", Kind.MICRO_GRID),
        ("grid_1", Kind.GRID),
        ("micro_1", Kind.MICRO_GRID),
        ("household_1", Kind.HOUSEHOLD),
    ],
)
def test_a_kind_stands_only_where_it_may(world: World, place: str, kind: Kind) -> None:
    with refused("kind", "kind"):
        tree.add_unit(getattr(world, place), kind=kind, name="不该在这里", **BECAUSE)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_missing"),
        (" \u3000 ", "name_missing"),
        ("长" * 101, "name_too_long"),
        ("1微\x00网格", "name_unprintable"),
        ("1微\u202e网格", "name_unprintable"),
        ("1微\n网格", "name_unprintable"),
        (" 1微网格 ", "name_taken"),
    ],
)
def test_a_name_that_is_no_name_is_refused_beside_its_field(world: World, name: str, code: str) -> None:
    with refused(code, "name"):
        tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name=name, **BECAUSE)
    assert UnitChange.objects.filter(unit__parent=world.grid_1).count() == 2


@pytest.mark.parametrize(("reason", "code"), [(" ", "reason_missing"), ("长" * 501, "reason_too_long")])
def test_no_change_without_a_reason(world: World, reason: str, code: str) -> None:
    with refused(code, "reason"):
        tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="9微网格", actor=None, reason=reason)


def test_a_dedicated_grid_names_its_organisation(world: World) -> None:
    with refused("responsible_org_missing", "responsible_org"):
        tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="医院", use=Use.DEDICATED, **BECAUSE)
    unit = tree.add_unit(
        world.grid_1, kind=Kind.MICRO_GRID, name="医院", use=Use.DEDICATED, responsible_org="人民医院", **BECAUSE
    )
    assert unit.responsible_org == "人民医院"


def test_form_and_use_must_fit_the_kind(world: World) -> None:
    with refused("form", "form"):
        tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="9微网格", form=Form.VILLAGE, **BECAUSE)
    with refused("use", "use"):
        tree.add_unit(world.street_a, kind=Kind.COMMUNITY, name="新区", use=Use.DEDICATED, **BECAUSE)


def test_the_name_of_a_retired_sibling_is_free_again(world: World) -> None:
    tree.retire_unit(world.micro_2, **BECAUSE)
    unit = tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name="2微网格", **BECAUSE)
    assert unit.code != world.micro_2.code


def test_a_retired_unit_takes_nothing_in(world: World) -> None:
    tree.retire_unit(world.micro_2, **BECAUSE)
    with refused("retired", "parent"):
        tree.add_unit(world.micro_2, kind=Kind.HOUSEHOLD, name="8号", **BECAUSE)
    assert changes_of(world.micro_2) == ["made", "retired"]
