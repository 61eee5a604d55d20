"""Roles and departments to begin with."""

import pytest

from grids.catalogue import load_departments, load_roles
from grids.models import Ability, Department, Role
from tests.world import World

pytestmark = pytest.mark.django_db


def test_every_ability_of_the_file_is_one_that_the_code_knows() -> None:
    assert load_roles() == Role.objects.count() > 10
    for role in Role.objects.all():
        assert role.abilities
        assert set(role.abilities) <= set(Ability.values)


def test_loading_again_leaves_what_the_administrator_changed() -> None:
    load_roles()
    Role.objects.filter(code="verifier").update(name="质检员")
    assert load_roles() == 0
    assert Role.objects.get(code="verifier").name == "质检员"


def test_departments_of_the_streets_tier_belong_to_the_street(world: World) -> None:
    assert load_departments(world.street_a) == 0
    assert Department.objects.get(code="police").street == world.street_a
    assert Department.objects.get(code="gas").street is None
