"""Filling the register by the thousand: households and residents by COPY, their numbers sealed on the way.

The door units must exist (`grids.tree.add_units_in_bulk`). Rows are taken as they are: whoever loads has checked them.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from accounts.sealing import fingerprint, seal
from households.models import Resident

_HOUSEHOLDS = "COPY households_household (unit_id, address, dwelling) FROM STDIN WITH (FORMAT csv)"
_RESIDENTS = """
COPY households_resident (household_id, name, document, document_number, document_fingerprint, phone, phone_fingerprint,
                          sex, born_on, relation, residence)
FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (document_number, document_fingerprint, phone, phone_fingerprint, relation))
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
def add_households(households: Iterable[NewHousehold]) -> tuple[int, int]:
    """Write all households and their residents, or none. Returns how many of each.

    Raises `django.db.IntegrityError` when a door has its household already.
    """
    homes, people = io.StringIO(), io.StringIO()
    write_home, write_person = csv.writer(homes).writerow, csv.writer(people).writerow
    counted = [0, 0]
    for household in households:
        write_home([household.unit_id, household.address, household.dwelling])
        counted[0] += 1
        for resident in household.residents:
            write_person(_row(household.unit_id, resident))
            counted[1] += 1
    homes.seek(0)
    people.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(_HOUSEHOLDS, homes)
        cursor.copy_expert(_RESIDENTS, people)
    return counted[0], counted[1]


def _row(unit_id: int, resident: NewResident) -> list[object]:
    return [
        unit_id,
        resident.name,
        Resident.Document.ID_CARD if resident.id_number else Resident.Document.OTHER,
        seal(resident.id_number),
        fingerprint(resident.id_number),
        seal(resident.phone),
        fingerprint(resident.phone),
        resident.sex,
        resident.born_on,
        resident.relation,
        resident.residence,
    ]
