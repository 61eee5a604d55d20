"""The plan of the demonstration district: exact numbers, real communities, no name twice where it would confuse."""

import csv
from pathlib import Path

import pytest

from governance.demo import layout, scales

DIVISIONS = Path(__file__).parents[2] / "grids/catalogue/divisions/ningbo_beilun_330206.csv"


@pytest.fixture(scope="module")
def divisions():
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        return [
            layout.Division(
                row["street_code"],
                row["village_code"],
                row["village"],
                "village" if row["village_code"][9] in "23" else "residents",
            )
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize("scale", scales.SCALES.values(), ids=scales.SCALES)
def test_a_plan_has_exactly_the_grids_and_doors_of_its_scale(divisions, scale):
    laid = layout.plan(divisions, scale, seed=1)
    grids = [grid for community in laid.communities for grid in community.grids]
    micro_grids = list(laid.micro_grids())
    assert len(grids) == scale.grids
    assert len(micro_grids) == scale.micro_grids
    assert sum(micro_grid.households for micro_grid in micro_grids) == scale.households


def test_the_street_has_its_44_real_communities_and_three_invented_ones(divisions):
    laid = layout.plan(divisions, scales.STREET, seed=1)
    assert len(laid.communities) == 47
    assert sum(community.invented for community in laid.communities) == 3
    forms = [community.division.form for community in laid.communities]
    assert (forms.count("village"), forms.count("residents")) == (33, 14)


def test_invented_communities_take_no_real_code(divisions):
    real = {division.code for division in divisions}
    laid = layout.plan(divisions, scales.STREET, seed=1)
    assert not [one for one in laid.communities if one.invented and one.division.code in real]


def test_a_street_that_already_holds_the_invented_communities_gets_them_once(divisions):
    laid = layout.plan(divisions, scales.STREET, seed=1)
    again = layout.plan([community.division for community in laid.communities], scales.STREET, seed=1)
    assert again == laid


@pytest.mark.parametrize("scale", scales.SCALES.values(), ids=scales.SCALES)
def test_names_differ_among_the_grids_and_micro_grids_of_a_community(divisions, scale):
    for community in layout.plan(divisions, scale, seed=1).communities:
        grids = [grid.name for grid in community.grids]
        micro_grids = [micro_grid.name for grid in community.grids for micro_grid in grid.micro_grids]
        assert len(set(grids)) == len(grids)
        assert len(set(micro_grids)) == len(micro_grids)


def test_dedicated_units_name_their_organisation_and_residential_ones_have_none(divisions):
    for community in layout.plan(divisions, scales.STREET, seed=1).communities:
        for grid in community.grids:
            for unit in (grid, *grid.micro_grids):
                assert unit.use == grid.use
                assert bool(unit.organisation) == (unit.use == "dedicated")


def test_the_demo_worker_finds_the_third_group_of_the_new_village(divisions):
    laid = layout.plan(divisions, scales.SMALL, seed=1)
    assert "新村三组微网格" in [
        micro_grid.name for grid in laid.communities[0].grids for micro_grid in grid.micro_grids
    ]


def test_a_missing_community_is_named(divisions):
    with pytest.raises(ValueError, match="330206004202"):
        layout.plan(divisions[:3], scales.SMALL, seed=1)


@pytest.mark.parametrize(("total", "weights", "least"), [(7, [1, 1, 1], 0), (10, [5, 1, 1], 2), (3, [1, 9, 1], 1)])
def test_parts_sum_exactly_and_give_everybody_the_least(total, weights, least):
    parts = layout.apportion(total, weights, least)
    assert sum(parts) == total
    assert min(parts) >= least
