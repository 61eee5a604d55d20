"""The starting catalogue is whole: codes nest, every department and ability named exists, both languages are there."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from grids.models import Ability

ROOT = Path(__file__).parents[2]
KINDS_OF_TIER = {"street", "district"}


def read(path):
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def categories():
    return {row["code"]: row for row in read("incidents/catalogue/categories.csv")}


def leaves(categories):
    return {code for code, row in categories.items() if row["level"]}


def test_every_category_stands_under_its_parent_and_only_leaves_have_a_level(categories):
    parents = {row["parent"] for row in categories.values()}
    for code, row in categories.items():
        assert row["parent"] == code[:-2]
        assert not row["parent"] or row["parent"] in categories
        assert bool(row["level"]) == (code not in parents)
        assert row["level"] in {"", "1", "2", "3", "4"}


def test_every_leaf_names_known_departments_and_its_closing_conditions(categories):
    departments = {row["code"] for row in read("grids/catalogue/departments.csv")}
    for code in leaves(categories):
        row = categories[code]
        assisting = row["assist"].split(";") if row["assist"] else []
        assert row["lead"] in departments
        assert set(assisting) <= departments - {row["lead"]}
        assert all(row[column] for column in ("name_en", "description_en", "closing_conditions_en", "keywords"))


def test_six_common_kinds_stand_on_the_report_form(categories):
    assert sum(row["common"] == "1" for row in categories.values()) == 6


def test_most_categories_are_routine_and_catastrophes_are_few(categories):
    levels = Counter(categories[code]["level"] for code in leaves(categories))
    assert levels["1"] + levels["2"] > levels["3"] + levels["4"]
    assert levels["4"] < levels["3"]


def test_no_code_and_no_name_of_a_category_comes_twice():
    rows = read("incidents/catalogue/categories.csv")
    assert len({row["code"] for row in rows}) == len(rows)
    assert len({row["name"] for row in rows if row["level"]}) == sum(bool(row["level"]) for row in rows)


def test_departments_have_both_names_and_a_tier():
    rows = read("grids/catalogue/departments.csv")
    assert len({row["code"] for row in rows}) == len(rows)
    assert all(row["name"] and row["name_en"] and row["tier"] in KINDS_OF_TIER for row in rows)


def test_roles_carry_only_abilities_that_exist():
    for row in read("grids/catalogue/roles.csv"):
        assert set(row["abilities"].split(";")) <= set(Ability.values)


def test_every_ability_is_carried_by_some_role():
    carried = {ability for row in read("grids/catalogue/roles.csv") for ability in row["abilities"].split(";")}
    assert carried == set(Ability.values)
