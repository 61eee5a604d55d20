"""The places of one load: kept with what they were found to be, said by hand, remembered.

A place that is to be added (`Found.NEW`) points at the unit it will lie in until `writing_places` has added it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.models import Ability, Kind, Unit
from grids.posts import has_ability
from households.loading.errors import FileRefused
from households.loading.placing.places import Directory, Match
from households.loading.rows import NO_PLACE, NamedPlace
from households.models import NamedPlaceRow, RegisterLoad, RememberedPlace

Found = NamedPlaceRow.Found
SAID = (Found.BY_USER, Found.NEW)
"""What the user has said stays, whatever we find."""
_LENGTH = 60
_MOSTLY = 0.5
_WRITE = """
UPDATE households_namedplacerow AS place SET found = said.found, unit_id = said.unit_id, within_id = said.within_id
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) AS said (id, found, unit_id, within_id)
WHERE said.id = place.id
"""


@transaction.atomic
def keep(load: RegisterLoad, named: Sequence[NamedPlace], lines: Mapping[int, int]) -> None:
    """Write the places that the file names, in place of those before; what was said of one of the same name stays.

    `lines` counts the lines of each place, and under `NO_PLACE` those that name none.
    """
    said = {_name(row): row for row in load.places.filter(found__in=SAID)}
    load.places.all().delete()
    indexed = [(index, place) for index, place in enumerate(named) if lines.get(index)]
    if lines.get(NO_PLACE):
        indexed.append((NO_PLACE, NamedPlace()))
    rows = [_row(load, index, place, lines[index]) for index, place in indexed]
    for row in rows:
        if before := said.get(_name(row)):
            row.found, row.unit_id, row.within_id = before.found, before.unit_id, before.within_id
    NamedPlaceRow.objects.bulk_create(rows, batch_size=2000)


@transaction.atomic
def find(load: RegisterLoad) -> None:
    """Find every place that nobody has said, in the tree as it stands now. Adds those that may be, if it was asked.

    Raises `FileRefused` when most lines lie outside the area: it is the file of another place.
    """
    directory = Directory.of(load.scope)
    remembered = _remembered(load)
    rows = list(load.places.select_related("unit"))
    for row in rows:
        if row.found == Found.BY_USER and row.unit is not None and row.unit.is_live:
            continue
        wanted = row.found == Found.NEW or load.answers.get("add_all_places", False)
        match = directory.find(_name(row))
        unit = remembered.get(_name(row))
        if match.unit is None and unit is not None and directory.covers(unit):
            match = Match(Found.BY_USER, unit)
        _set(row, match)
        if wanted and can_be_added(row):
            _set_new(row)
    _write(rows)
    _note_additions(load, rows)
    _refuse_another_place(load, rows)


@transaction.atomic
def say(
    load: RegisterLoad,
    *,
    actor: User | None,
    units: Mapping[int, Unit | None],
    add: Collection[int],
    at: datetime,
) -> bool:
    """What the user says of places, by their index: a micro-grid, none (found anew), or to add it. True: it's news.

    Raises `Refused` beside `unit-<index>` or `add-<index>`, and then nothing is changed.
    """
    rows = {row.index: row for row in load.places.all()}
    directory = Directory.of(load.scope)
    changed = [_say_unit(load, rows[index], unit, directory) for index, unit in units.items() if index in rows]
    changed += [_say_new(rows[index], actor) for index in add if index in rows]
    _write(rows.values())
    _note_additions(load, rows.values())
    _remember(load, [row for row in rows.values() if row.found == Found.BY_USER and row.index in units], actor, at)
    return any(changed)


def can_be_added(row: NamedPlaceRow) -> bool:
    """Whether enough is known to add the place to the tree: the community or grid above it, and its name."""
    if row.found != Found.UNKNOWN or row.within is None:
        return False
    has_grid = row.within.kind == Kind.GRID or bool(row.grid)
    return has_grid and bool(row.micro_grid or row.hint)


def _say_unit(load: RegisterLoad, row: NamedPlaceRow, unit: Unit | None, directory: Directory) -> bool:
    if unit is None:
        changed = row.found in SAID
        if changed:
            _set(row, directory.find(_name(row)))
        return changed
    if unit.kind != Kind.MICRO_GRID or not unit.is_live or not directory.covers(unit):
        text = _("“%(unit)s” isn't a micro-grid in use of the area that this file is for. Choose another one.")
        raise Refused(text % {"unit": unit.name}, code="not_a_micro_grid", field=f"unit-{row.index}")
    changed = row.unit_id != unit.pk
    if changed:
        _set(row, Match(Found.BY_USER, unit))
    return changed


def _say_new(row: NamedPlaceRow, actor: User | None) -> bool:
    if row.found == Found.NEW:
        return False
    if not can_be_added(row):
        text = _("“%(place)s” can't be added: the file doesn't say which community and grid it lies in. Choose a unit.")
        raise Refused(text % {"place": row}, code="place_without_parent", field=f"add-{row.index}")
    if actor is not None and not has_ability(actor, Ability.MANAGE_TREE, row.within):
        raise Forbidden(
            _("You may load registers here, but not add units to the tree."), code="who", field=f"add-{row.index}"
        )
    _set_new(row)
    return True


def _set(row: NamedPlaceRow, match: Match) -> None:
    row.found, row.unit, row.within = match.found, match.unit, match.within


def _write(rows: Iterable[NamedPlaceRow]) -> None:
    """What was found, in one statement: `bulk_update` took a second for the thousand micro-grids of a street."""
    values = [(row.pk, row.found, row.unit_id, row.within_id) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*values, strict=True)] or [[], [], [], []])


def _set_new(row: NamedPlaceRow) -> None:
    row.found, row.unit = Found.NEW, row.within


def _note_additions(load: RegisterLoad, rows: Iterable[NamedPlaceRow]) -> None:
    """Comparing takes additions only from a load that says so."""
    load.answers["add_places"] = any(row.found == Found.NEW for row in rows)
    RegisterLoad.objects.filter(pk=load.pk).update(answers=load.answers)


def _remember(load: RegisterLoad, rows: Iterable[NamedPlaceRow], actor: User | None, at: datetime) -> None:
    """For the next file of the same street; the last word counts. Lines that name no place say nothing of the next."""
    street_id = load.scope.street_id if load.scope else None
    for row in rows:
        if row.index != NO_PLACE and row.unit is not None:
            RememberedPlace.objects.update_or_create(
                street_id=street_id,
                **_name(row)._asdict(),
                defaults={"unit": row.unit, "made_by": actor, "made_at": at},
            )


def _remembered(load: RegisterLoad) -> dict[NamedPlace, Unit]:
    street_id = load.scope.street_id if load.scope else None
    rows = RememberedPlace.objects.filter(street_id=street_id, unit__retired_at=None).select_related("unit")
    return {_name(row): row.unit for row in rows}


def _refuse_another_place(load: RegisterLoad, rows: Sequence[NamedPlaceRow]) -> None:
    lines = Counter[bool]()
    for row in rows:
        lines[row.found == Found.OUTSIDE] += row.lines
    if lines[True] <= _MOSTLY * lines.total():
        return
    named = max((row for row in rows if row.found == Found.OUTSIDE), key=lambda row: row.lines)
    area = load.scope.name if load.scope else _("this district")
    raise FileRefused(
        _(
            "This file is of another place: %(lines)s of %(total)s lines lie outside %(area)s, most of them in"
            " “%(place)s”. Check that the right file was chosen, and what it is loaded for."
        )
        % {"lines": lines[True], "total": lines.total(), "area": area, "place": str(named).strip()},
        code="another_place",
    )


def _row(load: RegisterLoad, index: int, place: NamedPlace, lines: int) -> NamedPlaceRow:
    names = {name: value[:_LENGTH] for name, value in place._asdict().items()}
    return NamedPlaceRow(load=load, index=index, lines=lines, found=Found.UNKNOWN, **names)


def _name(row: NamedPlaceRow | RememberedPlace) -> NamedPlace:
    return NamedPlace(row.community, row.grid, row.micro_grid, row.hint)
