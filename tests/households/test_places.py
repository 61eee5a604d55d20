"""Places as files name them, found in the tree."""

import pytest

from grids import tree
from grids.models import Form, Kind, Unit
from grids.tree import NewUnit
from households.loading.placing.place_names import keys_of, members_of, plain
from households.loading.placing.places import Directory, Match
from households.loading.rows import NamedPlace
from households.models import NamedPlaceRow
from tests.world import World

Found = NamedPlaceRow.Found


# -- names -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "spellings",
    [
        ("3网格", "第3网格", "三网格", "第三网格", "3号网格", "网格3", "网格三", "03网格", " 3 网格 ", "３网格"),
        ("新村3组", "新村三组", "新村第三组", "新村三小组", "新村第3村民小组", "新村3队"),
        ("3幢", "3栋", "三幢", "3号楼", "3#楼", "3#", "3座"),
        ("12组", "十二组", "第十二村民小组"),
    ],
)
def test_spellings_of_one_place_are_one(spellings: tuple[str, ...]) -> None:
    assert len({plain(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("高田王村村民委员会", "高田王"),
        ("高田王村委会", "高田王"),
        ("牌门社区居委会", "牌门"),
        ("牌门社区居民委员会", "牌门"),
        ("新村", "新"),
        ("村", "村"),
    ],
)
def test_what_only_says_the_kind_may_be_left_out(name: str, core: str) -> None:
    assert keys_of(name, Kind.COMMUNITY)[-1] == core


def test_a_range_holds_its_members() -> None:
    assert members_of("富春花园1-3幢") == ["富春花园1幢", "富春花园2幢", "富春花园3幢"]
    assert members_of("1幢-2幢") == ["1幢", "2幢"]
    assert members_of("3-2-501") == members_of("9-1幢") == members_of("1-900幢") == []


# -- finding ---------------------------------------------------------------------------------------------------------
def find(scope: Unit | None, **named: str) -> Match:
    return Directory.of(scope).find(NamedPlace(**named))


@pytest.mark.parametrize(
    "named",
    [
        {"community": "高田王村", "grid": "第1网格", "micro_grid": "一微网格"},
        {"community": "高田王村村委会", "grid": "网格1", "micro_grid": "微网格1"},
        {"community": "高田王", "grid": "1", "micro_grid": "1"},
        {"community": "大碶街道高田王村", "grid": "高田王村第一网格", "micro_grid": "01微网格"},
        {"grid": "高田王1网格", "community": "高田王", "micro_grid": "1微网格"},
        {"community": "高田王村", "micro_grid": "1微网格"},
        {"community": "大碶街道", "grid": "", "micro_grid": "第1微网格"},
        {"community": "高田王村", "grid": "1微网格"},
    ],
)
def test_a_micro_grid_is_found_by_any_of_its_names(world: World, named: dict[str, str]) -> None:
    assert find(world.street_a, **named) == Match(Found.BY_NAME, world.micro_1)


@pytest.mark.parametrize("grid", ["5网格", "第五网格", "网格5"])
def test_a_grid_that_is_not_there_is_no_micro_grid_of_that_number(world: World, grid: str) -> None:
    assert find(world.street_a, grid=grid).found == Found.UNKNOWN
    assert find(world.community_2, grid=grid).found == Found.UNKNOWN


def test_a_code_wins_over_names(world: World) -> None:
    micro = world.micro_3
    for named in (
        {"micro_grid": micro.code},
        {"micro_grid": f"{micro.code}0007", "community": "牌门社区"},
        {"grid": micro.grid.code, "micro_grid": "3微网格"},
        {"community": micro.community.code, "grid": "2网格", "micro_grid": "3微网格"},
    ):
        assert find(world.street_a, **named).unit == micro
    assert find(None, micro_grid=micro.code) == Match(Found.BY_CODE, micro)


def test_the_end_of_a_code_counts_below_what_is_known(world: World) -> None:
    tail = world.micro_3.code.removeprefix(world.community_1.code)
    assert find(world.street_a, community="高田王村", micro_grid=tail) == Match(Found.BY_CODE, world.micro_3)
    assert find(world.street_a, micro_grid=tail).found == Found.UNKNOWN


def test_a_name_of_several_is_ambiguous_and_never_chosen(world: World) -> None:
    tree.add_units_in_bulk(
        world.street_a,
        [NewUnit(world.grid_2, Kind.MICRO_GRID, "1微网格"), NewUnit(world.grid_3, Kind.MICRO_GRID, "1微网格")],
        actor=None,
        reason="namesakes",
    )
    assert find(world.street_a, micro_grid="1微网格").found == Found.AMBIGUOUS
    assert find(world.street_a, community="高田王村", micro_grid="1微网格").found == Found.AMBIGUOUS
    assert find(world.street_a, community="高田王村", grid="1网格", micro_grid="1微网格").unit == world.micro_1
    assert find(world.community_2, micro_grid="1微网格").unit is not None


def test_what_is_not_there_says_where_it_could_be_added(world: World) -> None:
    assert find(world.street_a, community="高田王村", grid="1网格", micro_grid="新村九组") == Match(
        Found.UNKNOWN, within=world.grid_1
    )
    assert find(world.street_a, community="高田王村", grid="9网格", micro_grid="x").within == world.community_1
    assert find(world.street_a, community="没有的村", grid="1网格").within is None
    assert find(world.community_1, grid="9网格", micro_grid="新村九组").within == world.community_1


def test_places_outside_the_area_are_outside(world: World) -> None:
    for named in (
        {"community": "星阳社区", "grid": "1网格"},
        {"community": world.community_b.code},
        {"micro_grid": world.micro_b.code},
        {"micro_grid": "330299001001001001"},
    ):
        assert find(world.street_a, **named).found == Found.OUTSIDE, named
    assert find(world.community_1, community="牌门社区", micro_grid="5微网格").found == Found.OUTSIDE
    assert find(None, community="星阳社区").unit == world.micro_b
    assert find(None, micro_grid="330299001001001001").found == Found.OUTSIDE


def test_an_address_says_the_building_or_the_group(world: World) -> None:
    rows = [
        NewUnit(world.grid_2, Kind.MICRO_GRID, "新村三组", form=Form.VILLAGER_GROUP),
        NewUnit(world.grid_3, Kind.MICRO_GRID, "富春花园1-4幢", form=Form.BUILDING),
    ]
    group, buildings = tree.add_units_in_bulk(world.street_a, rows, actor=None, reason="hints")
    by_group = find(world.street_a, community="高田王村", hint="新村3组")
    assert (by_group.found, by_group.unit and by_group.unit.pk) == (Found.BY_ADDRESS, group.pk)
    by_building = find(world.street_a, hint="富春花园3幢")
    assert (by_building.found, by_building.unit and by_building.unit.pk) == (Found.BY_ADDRESS, buildings.pk)
    assert find(world.street_a, community="高田王村", hint="富春花园3幢").found == Found.UNKNOWN
    assert find(world.street_a, hint="富春花园7幢").found == Found.UNKNOWN


def test_what_the_file_is_for_answers_where_nothing_is_named(world: World) -> None:
    assert find(world.micro_2) == Match(Found.BY_SCOPE, world.micro_2)
    assert find(world.community_1) == Match(Found.UNKNOWN, within=world.community_1)
    assert find(world.street_a) == Match(Found.UNKNOWN)
    assert find(world.community_b) == Match(Found.BY_SCOPE, world.micro_b)
    assert find(None, community="星阳社区") == Match(Found.BY_NAME, world.micro_b)


def test_retired_units_are_no_answer(world: World) -> None:
    tree.retire_unit(world.micro_2, actor=None, reason="gone")
    assert find(world.street_a, community="高田王村", micro_grid="2微网格").found == Found.UNKNOWN
    assert find(world.street_a, micro_grid=world.micro_2.code).found == Found.UNKNOWN
