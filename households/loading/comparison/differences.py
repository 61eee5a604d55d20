"""What rows of a file would change, field by field, as a person reads it. For the rows of one page at a time."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.masking import mask_name, mask_number, mask_phone
from accounts.sealing import unseal
from grids.models import Unit
from households.loading.comparison import facts
from households.loading.comparison.facts import Fact
from households.loading.fields import Field
from households.loading.staging import partitions
from households.loading.staging.sets import rows
from households.models import Household, RegisterLoad, Resident, StagedPerson, StagedVerdict

_PEOPLE = f"""
SELECT v.ordinal, {facts.record(facts.PERSON, "r")}, {facts.record(facts.PERSON, "s")}
FROM {{verdicts}} AS v JOIN {{staged}} AS s USING (ordinal) JOIN households_resident AS r ON r.id = v.resident_id
WHERE v.ordinal = ANY(%s)
"""  # noqa: S608 -- constants
_HOUSEHOLDS = f"""
SELECT v.ordinal, {facts.record(facts.HOUSEHOLD, "r")}, {facts.record(facts.HOUSEHOLD, "s")}
FROM {{verdicts}} AS v
JOIN (SELECT *, household_number AS number, address <> '' AS is_addressed FROM {{staged}}) AS s USING (ordinal)
JOIN households_household AS r ON r.unit_id = v.unit_id WHERE v.ordinal = ANY(%s)
"""  # noqa: S608 -- constants
# Where they live now, and where the file has them: by the household, and by the micro-grid.
_PLACES = """
SELECT v.ordinal, home.address, coalesce(known.address, s.address), old.id, v.micro_grid_id
FROM {verdicts} AS v JOIN {staged} AS s USING (ordinal)
LEFT JOIN households_resident AS r ON r.id = v.resident_id
JOIN households_household AS home ON home.unit_id = coalesce(r.household_id, v.unit_id)
JOIN grids_unit AS door ON door.id = home.unit_id JOIN grids_unit AS old ON old.id = door.micro_grid_id
LEFT JOIN households_household AS known ON known.unit_id = v.unit_id
WHERE v.ordinal = ANY(%s) AND (home.unit_id IS DISTINCT FROM v.unit_id OR old.id IS DISTINCT FROM v.micro_grid_id)
"""
_CHOICES: dict[str, Any] = {
    Field.DOCUMENT: Resident.Document,
    Field.SEX: Resident.Sex,
    Field.RESIDENCE: Resident.Residence,
    Field.DWELLING: Household.Dwelling,
}
_MASKED = {Field.NUMBER: mask_number, Field.PHONE: mask_phone, Field.LANDLORD_PHONE: mask_phone}
_NAMES = (Field.NAME, Field.LANDLORD_NAME)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that would change, as a person reads it. Numbers are masked always."""

    label: str
    old: str
    new: str


def differences(load: RegisterLoad, ordinals: Sequence[int], *, names: bool) -> dict[int, list[Difference]]:
    """By row of the file; rows that change nothing are not in it."""
    found: dict[int, list[Difference]] = defaultdict(list)
    for ordinal, difference in _moves(load, ordinals):
        found[ordinal].append(difference)
    for sql, kinds in ((_HOUSEHOLDS, facts.HOUSEHOLD), (_PEOPLE, facts.PERSON)):
        for ordinal, old, new in _rows(sql, load, ordinals):
            found[ordinal] += _of_facts(kinds, json.loads(old), json.loads(new), names=names)
    return found


def _moves(load: RegisterLoad, ordinals: Sequence[int]) -> list[tuple[int, Difference]]:
    moved = _rows(_PLACES, load, ordinals)
    micro_grids = Unit.objects.in_bulk([pk for row in moved for pk in row[3:] if pk])
    told = []
    for ordinal, old, new, old_place, new_place in moved:
        if old != new:
            told.append((ordinal, Difference(_("Door"), old, new)))
        if old_place != new_place:
            names = (micro_grids[pk].name if pk else "" for pk in (old_place, new_place))
            told.append((ordinal, Difference(str(Field.MICRO_GRID.label), *names)))
    return told


def _rows(sql: str, load: RegisterLoad, ordinals: Sequence[int]) -> list[tuple[Any, ...]]:
    tables = {"staged": StagedPerson, "verdicts": StagedVerdict}
    filled = sql.format(**{name: partitions.name_of(model, load.pk) for name, model in tables.items()})
    with_ordinals: Any = [list(ordinals)]
    return rows(filled, with_ordinals)


def _of_facts(kinds: Sequence[Fact], old: dict[str, Any], new: dict[str, Any], *, names: bool) -> list[Difference]:
    told = []
    for fact in kinds:
        column = fact.columns[0]
        if column in new:
            before, after = (_read(fact.field, side.get(column), names=names) for side in (old, new))
            told.append(Difference(str(fact.field.label), before, after))
    return told


def _read(field: Field, value: Any, *, names: bool) -> str:
    if not value:
        return ""
    if field in _MASKED:
        return _MASKED[field](unseal(value))
    if field in _NAMES and not names:
        return mask_name(value)
    if field in _CHOICES:
        return str(dict(_CHOICES[field].choices).get(value, value))
    return str(value)
