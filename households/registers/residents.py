"""The register of actual residents: one row a person who lives here today (practice 41 of the handbook).

Its columns are those of the template for loads, so what was exported in full can be loaded again as it is.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.masking import mask_name, mask_number, mask_phone
from households.living import living
from households.loading.fields import Field
from households.models import ExportRequest, Household, Resident
from households.registers.areas import in_order, within
from households.registers.columns import Column, Register, Scope
from households.registers.places import places, street

_UNIT = "household__unit__"


def _rows(scope: Scope) -> QuerySet[Resident]:
    people = Resident.objects.filter(living(scope.on), within(scope.area, _UNIT))
    if scope.kind:
        people = people.filter(residence=scope.kind)
    return people.order_by(*in_order(_UNIT), "pk")


def year_only(day: date | None) -> str:
    """A birth date says as much about a person as a number does; the year is enough to work with."""
    return str(day.year) if day else ""


def nothing(_value: Any) -> str:
    """Free text holds anything, so it isn't masked but left out."""
    return ""


RESIDENTS = Register(
    code=ExportRequest.Register.RESIDENTS,
    title=ExportRequest.Register.RESIDENTS.label,
    columns=(
        street(_UNIT),
        *places(_UNIT),
        Column("household_number", Field.HOUSEHOLD_NUMBER.label, "household__number", on_page=False),
        Column("address", Field.ADDRESS.label, "household__address", width=20),
        Column("dwelling", Field.DWELLING.label, "household__dwelling", Household.Dwelling, on_page=False),
        Column("name", Field.NAME.label, "name", masked=mask_name, is_name=True),
        Column("relation", Field.RELATION.label, "relation"),
        Column("sex", Field.SEX.label, "sex", Resident.Sex, width=6),
        Column("born_on", Field.BORN_ON.label, "born_on", masked=year_only),
        Column("document", Field.DOCUMENT.label, "document", Resident.Document, width=14, on_page=False),
        Column("number", Field.NUMBER.label, "document_number", masked=mask_number, width=22),
        Column("phone", Field.PHONE.label, "phone", masked=mask_phone, width=14),
        Column("residence", Field.RESIDENCE.label, "residence", Resident.Residence, width=14),
        Column("moved_in_on", Field.MOVED_IN_ON.label, "moved_in_on", on_page=False),
        Column("note", Field.NOTE.label, "note", masked=nothing, width=20, on_page=False),
    ),
    rows=_rows,
    kinds=lambda: Resident.Residence.choices,
    kind_label=Field.RESIDENCE.label,
    record=("households:resident", "pk"),
)
