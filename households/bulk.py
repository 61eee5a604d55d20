"""Filling the register by the thousand: households and residents by COPY, their numbers sealed on the way.

The door units must exist (`grids.tree.add_units_in_bulk`). Rows are taken as they are: whoever loads has checked them.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

import clock
from accounts.sealing import fingerprint, seal
from households import names
from households.loading.cleaning import addresses
from households.models import Resident

_HOUSEHOLDS = """
COPY households_household (unit_id, address, address_key, number, dwelling, landlord_name, landlord_phone,
                           landlord_phone_fingerprint, note, made_at, changed_at)
FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (address_key, number, landlord_name, landlord_phone,
                                             landlord_phone_fingerprint, note))
"""
_RESIDENTS = """
COPY households_resident (household_id, name, initials, document, document_number, document_fingerprint, number_check,
                          phone, phone_fingerprint, sex, born_on, relation, residence, note, made_at, changed_at)
FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (initials, document_number, document_fingerprint, number_check,
                                             phone, phone_fingerprint, relation, note))
"""


@dataclass(frozen=True, slots=True)
class NewResident:
    """One person behind the door; empty texts for what is not known."""

    name: str
    sex: str
    born_on: date | None
    id_number: str
    phone: str
    relation: str
    residence: str


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """One door (the key of its unit) with its people."""

    unit_id: int
    address: str
    dwelling: str
    residents: Sequence[NewResident]


@transaction.atomic
def add_households(households: Iterable[NewHousehold], *, at: datetime | None = None) -> tuple[int, int]:
    """Write all households and their residents, or none. Returns how many of each.

    Raises `django.db.IntegrityError` when a door has its household already.
    """
    homes, people = io.StringIO(), io.StringIO()
    write_home, write_person = csv.writer(homes).writerow, csv.writer(people).writerow
    made_at = (at or clock.now()).isoformat()
    counted = [0, 0]
    for household in households:
        write_home(_home(household, made_at))
        counted[0] += 1
        for resident in household.residents:
            write_person(_person(household.unit_id, resident, made_at))
            counted[1] += 1
    homes.seek(0)
    people.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(_HOUSEHOLDS, homes)
        cursor.copy_expert(_RESIDENTS, people)
    return counted[0], counted[1]


def _home(home: NewHousehold, made_at: str) -> list[object]:
    return [
        *(home.unit_id, home.address, addresses.key_of(home.address), "", home.dwelling),
        *("", "", "", "", made_at, made_at),
    ]


def _person(unit_id: int, resident: NewResident, made_at: str) -> list[object]:
    has_number = bool(resident.id_number)
    return [
        *(unit_id, resident.name, names.initials(resident.name)),
        Resident.Document.ID_CARD if has_number else Resident.Document.OTHER,
        *(seal(resident.id_number), fingerprint(resident.id_number)),
        Resident.NumberCheck.VALID if has_number else Resident.NumberCheck.NONE,
        *(seal(resident.phone), fingerprint(resident.phone)),
        *(resident.sex, resident.born_on, resident.relation, resident.residence, "", made_at, made_at),
    ]
