"""Keys are changed without losing a value, a search or the history."""

import base64
from datetime import UTC, datetime

import pytest
from django.db import connection
from pytest_django import Settings

from accounts import key_rotation
from accounts.sealing import fingerprint, seal, unseal
from households.models import Household, RegisterChange, Resident
from tests.world import World

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()
NUMBER, PHONE = "11010519491231002X", "13812341234"
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def resident(world: World, settings: Settings) -> Resident:
    """Somebody sealed with the old key, with a corrected phone in the history."""
    settings.FIELD_KEYS = [OLD]
    household = Household.objects.create(unit=world.household_1, address="新村三组12号", made_at=AT, changed_at=AT)
    one = Resident.objects.create(
        household=household,
        name="方舟",
        document_number=NUMBER,
        document_fingerprint=fingerprint(NUMBER),
        phone=PHONE,
        phone_fingerprint=fingerprint(PHONE),
        made_at=AT,
        changed_at=AT,
    )
    RegisterChange.objects.create(
        household=household,
        resident=one,
        what=RegisterChange.What.CORRECTED,
        actor=None,
        at=AT,
        before={"phone": seal("13900000000"), "name": "方周"},
        after={"phone": seal(PHONE), "name": "方舟"},
    )
    settings.FIELD_KEYS = [NEW, OLD]
    return one


def raw(column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM households_resident")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_values_and_history_move_to_the_new_key(resident: Resident, settings: Settings) -> None:
    assert key_rotation.reseal() == 4  # two columns of the resident, before and after of the change
    assert raw("document_number").startswith("new:")
    assert key_rotation.count_by_key() == {"new": 4}
    change = RegisterChange.objects.get()
    assert unseal(change.before["phone"]) == "13900000000"
    assert change.before["name"] == "方周"
    settings.FIELD_KEYS = [NEW]
    assert Resident.objects.get().document_number == NUMBER


@pytest.mark.django_db
def test_a_second_run_finds_nothing_to_do(resident: Resident) -> None:
    key_rotation.reseal()
    assert key_rotation.reseal() == 0


@pytest.mark.django_db
def test_fingerprints_stay_until_they_are_made_anew(resident: Resident, settings: Settings) -> None:
    assert raw("document_fingerprint") == fingerprint(NUMBER)
    key_rotation.reseal()
    assert key_rotation.remake_fingerprints() == 2
    settings.FIELD_KEYS = [NEW]
    assert raw("document_fingerprint") == fingerprint(NUMBER)
    assert raw("phone_fingerprint") == fingerprint(PHONE)


@pytest.mark.django_db
def test_the_history_is_still_refused_to_everybody_else(resident: Resident) -> None:
    key_rotation.reseal()
    with pytest.raises(Exception, match="appended, never edited"), connection.cursor() as cursor:
        cursor.execute("UPDATE households_registerchange SET reason = 'x'")
