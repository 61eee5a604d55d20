"""Posts as a filter: a door's own key is never mistaken for an incident's."""

import pytest

from grids.selectors import visible_to as visible_units
from incidents.models import Incident
from incidents.selectors import visible_to
from tests.incidents import stages
from tests.world import post

pytestmark = pytest.mark.django_db


def test_a_post_at_a_door_sees_that_door_and_what_is_reported_there(world):
    warden = post("warden", "看门人", "volunteer", world.household_1)
    here = stages.report(world, unit=world.household_1)
    stages.report(world, unit=world.micro_2)
    assert list(visible_to(warden)) == [here]
    assert list(visible_units(warden)) == [world.household_1]


def test_an_incident_whose_key_is_that_of_the_door_stays_unseen(world):
    warden = post("warden", "看门人", "volunteer", world.household_1)
    foreign = stages.report(world, unit=world.micro_2)
    twin = Incident.objects.get(pk=foreign.pk)
    twin.pk, twin.client_uuid, twin.number = (
        world.household_1.pk,
        "00000000-0000-4000-8000-000000000001",
        "20261120-twin",
    )
    twin.save(force_insert=True)
    assert not visible_to(warden).exists()
