"""The data quality page: each number is that of the records behind it, and each opens."""

from datetime import date

import pytest
from django.urls import reverse

import clock
from grids.catalogue import load_sizing_rules
from grids.models import SizingRule
from households.figures import figures_of
from households.models import Resident
from households.quality import Problem, count_of, households_empty, persons_with, rule_for, units_out_of_size
from tests.households.homes import born, card, home, person
from tests.query_counts import query_count


@pytest.fixture
def odd(world) -> dict[str, Resident]:
    first, second = home(world.micro_1, "一号"), home(world.micro_3, "二号")
    home(world.micro_2, "三号")
    fine = born(person(first, "甲一", phone="13812341234", document_number=card()), date(1990, 1, 1))
    twin = person(second, "甲一", phone="13812341234")
    Resident.objects.filter(pk=twin.pk).update(
        document_fingerprint=Resident.objects.get(pk=fine.pk).document_fingerprint, number_check="invalid"
    )
    return {"fine": fine, "twin": twin, "bare": person(second, "丙三")}


def names_with(problem: Problem, area) -> set[str]:
    return {resident.name + str(resident.pk) for resident in persons_with(problem, area, clock.today())}


def names(*residents: Resident) -> set[str]:
    return {resident.name + str(resident.pk) for resident in residents}


def test_each_problem_finds_its_people(world, odd):
    street = world.street_a
    assert names_with(Problem.WITHOUT_PHONE, street) == names(odd["bare"])
    assert names_with(Problem.ODD_NUMBER, street) == names(odd["twin"])
    assert names_with(Problem.WITHOUT_BIRTH_DATE, street) == names(odd["twin"], odd["bare"])
    assert names_with(Problem.IN_TWO_HOUSEHOLDS, street) == names(odd["fine"], odd["twin"])
    assert names_with(Problem.IN_TWO_HOUSEHOLDS, world.grid_1) == names(odd["fine"])
    assert [home.address for home in households_empty(street, clock.today())] == ["三号"]


def test_each_number_is_that_of_its_records(world, odd):
    for area in (world.street_a, world.grid_1, world.street_b):
        figures = figures_of(area)
        for problem in Problem:
            if problem not in (Problem.EMPTY, Problem.OUT_OF_SIZE):
                assert count_of(problem, figures, area) == persons_with(problem, area, clock.today()).count()


@pytest.mark.parametrize(("count", "fits"), [(199, False), (200, True), (300, True), (301, False)])
def test_a_rule_of_size_holds_at_its_bounds(count, fits):
    assert SizingRule(kind="micro_grid", least=200, most=300).fits(count) is fits


def test_units_outside_their_size(world, odd):
    SizingRule.objects.create(kind="micro_grid", use="residential", least=1, most=1)
    found = {each.unit.name: each.count for each in units_out_of_size(world.community_1)}
    assert found == {"2微网格": 0, "3微网格": 2, "4微网格": 0}


def test_the_most_particular_rule_counts(world):
    general = SizingRule.objects.create(kind="micro_grid", least=1, most=1)
    by_use = SizingRule.objects.create(kind="micro_grid", use="residential", least=1, most=1)
    by_form = SizingRule.objects.create(kind="micro_grid", form="villager_group", least=1, most=1)
    rules = [general, by_use, by_form]
    assert rule_for(world.micro_1, rules) == by_form
    assert rule_for(world.micro_5, rules) == by_use
    assert rule_for(world.micro_8, rules) == general
    assert rule_for(world.grid_1, rules) is None


def test_the_starting_rules_are_loaded_once(db):
    assert load_sizing_rules() == SizingRule.objects.count() > 0
    assert load_sizing_rules() == 0


def test_every_number_opens_to_its_records(world, client, odd):
    load_sizing_rules()
    client.force_login(world.register)
    client.get(reverse("households:quality"))  # counts the figures
    with query_count("households:quality"):
        shown = client.get(reverse("households:quality")).content.decode()
    for problem in Problem:
        url = reverse("households:quality_problem", args=[problem])
        assert url in shown
        page = client.get(url)
        assert page.status_code == 200
    people = client.get(reverse("households:quality_problem", args=[Problem.WITHOUT_PHONE])).content.decode()
    assert reverse("households:resident", args=[odd["bare"].pk]) in people
    assert client.get(reverse("households:quality_problem", args=["unknown"])).status_code == 404


def test_who_only_looks_on_sees_masked_names(world, client, odd):
    client.force_login(world.leader)
    shown = client.get(reverse("households:quality_problem", args=[Problem.WITHOUT_PHONE])).content.decode()
    assert "丙三" not in shown
    assert "丙*" in shown
