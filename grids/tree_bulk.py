"""Adding thousands of units at once: for loads of registers, divisions and the demonstration district.

The rows are checked by the same rules as one unit added by hand, then written by COPY and numbered by one statement.
Called through `grids.tree`.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from django.db import connection, transaction
from django.utils.translation import gettext as _

import clock
from accounts.models import User
from grids import codes, rules, tree_numbers
from grids.errors import TreeRefused
from grids.models import Unit, UnitChange, Use

_HISTORY = """
INSERT INTO grids_unitchange (unit_id, what, actor_id, at, reason, before, after)
SELECT unit.id, %s, %s, %s, %s, '{}',
       jsonb_build_object('name', unit.name, 'code', unit.code, 'parent', parent.code)
FROM grids_unit AS unit JOIN grids_unit AS parent ON parent.id = unit.parent_id
WHERE unit.id = ANY(%s)
ORDER BY unit.id
"""


@dataclass(slots=True, eq=False)
class NewUnit:
    """A unit to be added: under a unit that exists, or under an earlier row of the same load.

    The load fills in `pk` and `code` (a community may bring its statistical code with it).
    """

    parent: Unit | Self
    kind: str
    name: str
    form: str = ""
    use: str = Use.RESIDENTIAL
    responsible_org: str = ""
    code: str = ""
    pk: int = 0
    street_id: int | None = field(default=None, init=False)
    community_id: int | None = field(default=None, init=False)
    grid_id: int | None = field(default=None, init=False)
    micro_grid_id: int | None = field(default=None, init=False)


@transaction.atomic
def add_units_in_bulk(
    street: Unit, rows: Iterable[NewUnit], *, actor: User | None, reason: str, at: datetime | None = None
) -> list[NewUnit]:
    """Add all rows to the street, parents before children, or none. Returns them with `pk` and `code` filled in.

    Leaves a row of history each, but sends no signal: nothing hangs on a new unit yet. Numbers the street afresh.
    Raises `TreeRefused` for the first row that the rules refuse; its message names the row.
    """
    rows, reason, at = list(rows), rules.clean_reason(reason), at or clock.now()
    tree_numbers.lock_street(street)
    if not rows:
        return rows
    existing = _existing_parents(street, rows)
    _check_rows(rows, existing)
    for row, pk in zip(rows, tree_numbers.next_ids(len(rows)), strict=True):
        row.pk = pk
    _give_codes(street, rows)
    _fill_ancestors(rows)
    _write(street, rows, at)
    _write_history(rows, actor=actor, reason=reason, at=at)
    return rows


def _existing_parents(street: Unit, rows: Sequence[NewUnit]) -> dict[int, Unit]:
    """The parents that stood before, as they stand now that the street is ours."""
    wanted = {row.parent.pk for row in rows if isinstance(row.parent, Unit)}
    found = Unit.objects.filter(tree_id=street.tree_id).in_bulk(wanted)
    if len(found) != len(wanted):
        raise ValueError("A load adds to one street; a parent stands in another.")
    for row in rows:
        if isinstance(row.parent, Unit):
            row.parent = found[row.parent.pk]
    return found


def _check_rows(rows: Sequence[NewUnit], existing: dict[int, Unit]) -> None:
    taken: dict[object, set[str]] = defaultdict(set)
    live = Unit.objects.filter(parent__in=existing, retired_at=None)
    for parent_id, name in live.values_list("parent_id", "name"):
        taken[existing[parent_id]].add(name)
    seen: set[object] = set(existing.values())
    for row in rows:
        if row.parent not in seen:
            raise ValueError("A load lists parents before their children.")
        seen.add(row)
        _check_row(row, taken[row.parent])


def _check_row(row: NewUnit, taken: set[str]) -> None:
    """Clean one row in place; refuse it as adding it by hand would."""
    try:
        row.name = rules.clean_name(row.name)
        facts = rules.clean_facts(row.kind, form=row.form, use=row.use, responsible_org=row.responsible_org)
        rules.check_place(row.kind, row.parent.kind)
        if isinstance(row.parent, Unit) and not row.parent.is_live:
            raise rules.retired_parent(row.parent.name)
        if row.name in taken:
            raise rules.taken_name(row.name)
    except TreeRefused as refused:
        message = _("%(name)s: %(message)s") % {"name": row.name[: rules.NAME_LENGTH], "message": refused.message}
        raise TreeRefused(message, code=refused.code, field=refused.field) from refused
    row.responsible_org = facts["responsible_org"]
    taken.add(row.name)


def _give_codes(street: Unit, rows: Sequence[NewUnit]) -> None:
    """Codes tier by tier from the top, as each begins with one given in the tier above."""
    chosen = [row for row in rows if row.code]
    for row in chosen:
        codes.check_statistical(row.kind, row.code, _prefix(street, row))
    codes.refuse_given(row.code for row in chosen)
    for kind in codes.SERIES:
        waiting = [(row, _prefix(street, row)) for row in rows if row.kind == kind and not row.code]
        if waiting:
            given = codes.reserve(kind, Counter(prefix for _row, prefix in waiting))
            numbers = {prefix: iter(series) for prefix, series in given.items()}
            for row, prefix in waiting:
                row.code = next(numbers[prefix])


def _prefix(street: Unit, row: NewUnit) -> str:
    return codes.prefix_under(row.kind, street_code=street.code, parent_code=row.parent.code)


def _fill_ancestors(rows: Sequence[NewUnit]) -> None:
    for row in rows:
        for column in rules.ANCESTOR_COLUMNS:
            setattr(row, column, getattr(row.parent, column))
        own = rules.OWN_COLUMN.get(row.kind)
        if own:
            setattr(row, own, row.pk)


def _write(street: Unit, rows: Sequence[NewUnit], at: datetime) -> None:
    file = io.StringIO()
    write, made_at = csv.writer(file).writerow, at.isoformat()
    for row in rows:
        facts = (row.kind, row.form, row.use, row.responsible_org, row.code, row.name, made_at)
        ancestors = (row.street_id, row.community_id, row.grid_id, row.micro_grid_id)
        write((row.pk, street.district_id, row.parent.pk, *facts, *ancestors))
    file.seek(0)
    tree_numbers.add_staged(street, file)


def _write_history(rows: Sequence[NewUnit], *, actor: User | None, reason: str, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _HISTORY, [UnitChange.What.MADE, actor.pk if actor else None, at, reason, [row.pk for row in rows]]
        )
