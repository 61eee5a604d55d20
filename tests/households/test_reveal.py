"""Showing a masked number: the right, the reason, and the record."""

import pytest

from accounts.errors import Forbidden
from accounts.models import AccessRecord
from households.services import reveal_number
from tests.households.homes import AT, card, home, person, refused
from tests.world import World

pytestmark = pytest.mark.django_db


def test_one_tap_is_enough_in_ones_own_area(world: World) -> None:
    resident = person(home(world.micro_1), document_number=card())
    shown = reveal_number(resident, what="document_number", actor=world.worker, address="10.0.0.1", at=AT)
    assert shown == card()
    told = AccessRecord.objects.get()
    assert (told.actor, told.at, told.act, told.what) == (world.worker, AT, "reveal", "document_number")
    assert (told.subject, told.subject_id, told.unit_code) == ("resident", resident.pk, resident.household.unit.code)
    assert (told.is_own_area, told.reason, told.address) == (True, "", "10.0.0.1")
    reveal_number(resident, what="document_number", actor=world.worker, at=AT)
    assert AccessRecord.objects.count() == 2  # each look counts


def test_elsewhere_a_reason_is_needed(world: World) -> None:
    resident = person(home(world.micro_1), phone="13812341234")
    for reason in ("", "  \u200b"):
        with refused("reason_missing", "reason"):
            reveal_number(resident, what="phone", actor=world.district_officer, reason=reason)
    assert not AccessRecord.objects.exists()
    assert reveal_number(resident, what="phone", actor=world.district_officer, reason="核实走失老人") == "13812341234"
    told = AccessRecord.objects.get()
    assert (told.is_own_area, told.reason) == (False, "核实走失老人")


def test_who_does_not_see_the_register_sees_no_number(world: World) -> None:
    kept = home(world.micro_1, landlord_phone="13812341234")
    for stranger in (world.worker2, world.admin, world.outsider, world.verifier, world.department):
        with pytest.raises(Forbidden):
            reveal_number(kept, what="landlord_phone", actor=stranger, reason="想知道")
    assert reveal_number(kept, what="landlord_phone", actor=world.worker) == "13812341234"


def test_only_numbers_are_revealed(world: World) -> None:
    with pytest.raises(ValueError, match="name"):
        reveal_number(person(home(world.micro_1)), what="name", actor=world.worker)
