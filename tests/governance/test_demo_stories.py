"""Every reportable category has something to tell, in places where it can happen, and nobody's data."""

import csv
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from governance.demo import stories

CATEGORIES_CSV = Path(__file__).parents[2] / "incidents/catalogue/categories.csv"


def test_every_reportable_category_has_texts_and_no_group_has():
    with CATEGORIES_CSV.open(encoding="utf-8", newline="") as file:
        reportable = {row["code"] for row in csv.DictReader(file) if row["level"]}
    assert set(stories.catalogue()) == reportable


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


def test_only_complaints_are_dissatisfied():
    assert {score for score, _ in stories.EVALUATIONS} == {"satisfied", "acceptable"}
    assert {score for score, _ in stories.COMPLAINTS} == {"dissatisfied"}
