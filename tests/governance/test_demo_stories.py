"""Every reportable category has something to tell, in places where it can happen, and nobody's data."""

import csv
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from governance.demo import stories

ROOT = Path(__file__).parents[2]


def read(path):
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def categories():
    return {row["code"]: row for row in read("incidents/catalogue/categories.csv")}


@pytest.fixture(scope="module")
def departments():
    return {row["code"] for row in read("grids/catalogue/departments.csv")}


def leaves(categories):
    return {code for code, row in categories.items() if row["level"]}


def test_every_reportable_category_has_texts_and_no_group_has(categories):
    assert set(stories.catalogue()) == leaves(categories)


def test_three_different_reports_name_their_place():
    for category in stories.catalogue().values():
        assert len(set(category.reports)) == 3
        assert all("{place}" in text for text in category.reports)
        assert category.measures
        assert category.outcome


def test_the_texts_hold_no_numbers_that_could_be_a_persons():
    everything = stories.STORIES_CSV.read_text(encoding="utf-8")
    assert not re.search(r"\d{7,}", everything)


def test_a_report_speaks_of_the_place_it_is_given():
    text = stories.report(Random(1), "020101", "新村三组")
    assert "新村三组" in text
    assert "{" not in text


def test_a_village_has_no_lift_and_a_stairwell_no_field():
    rng = Random(1)
    in_village = Counter(stories.pick_category(rng, "villager_group") for _ in range(2000))
    in_stairwell = Counter(stories.pick_category(rng, "stairwell") for _ in range(2000))
    assert "030203" not in in_village
    assert "0507" not in in_stairwell
    assert in_stairwell["0401"] > in_stairwell["1101"]


@pytest.mark.parametrize("form", stories.SURROUNDINGS)
def test_something_can_happen_in_every_form_of_micro_grid(form):
    assert stories.pick_category(Random(1), form) in stories.catalogue()


def test_evaluations_are_between_one_and_five():
    assert all(3 <= score <= 5 for score, _ in stories.EVALUATIONS)
    assert all(1 <= score <= 2 for score, _ in stories.COMPLAINTS)


def test_every_category_stands_under_its_parent_and_only_leaves_have_a_level(categories):
    parents = {row["parent"] for row in categories.values()}
    for code, row in categories.items():
        assert row["parent"] == code[:-2]
        assert not row["parent"] or row["parent"] in categories
        assert bool(row["level"]) == (code not in parents)
        assert row["level"] in {"", "1", "2", "3", "4"}


def test_every_leaf_names_known_departments_and_its_closing_conditions(categories, departments):
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
