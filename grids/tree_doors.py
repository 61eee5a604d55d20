"""Doors by the thousand, in sets: for loads of registers. Called through `grids.tree`, under the street's lock.

The caller writes into a temporary table what it wants; nothing of it passes through Python, save names that are taken.
Two doors of one micro-grid can't have one name: the first keeps it, the next are told apart by a number in brackets,
`2幢1单元501室（2）`, in the order in which they were staged.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import User
from grids import codes, rules, tree_numbers
from grids.models import Kind, Unit, UnitChange
from grids.signals import doors_moved

What = UnitChange.What

_NEW = """
CREATE TEMPORARY TABLE grids_new_door (
    key integer, position integer, micro_grid_id bigint, name text, unit_id bigint, code text
) ON COMMIT DROP
"""
_MOVED = """
CREATE TEMPORARY TABLE grids_moved_door (
    key bigint, position integer, micro_grid_id bigint, name text, unit_id bigint
) ON COMMIT DROP
"""
_MISPLACED = """
SELECT micro.id, micro.name FROM {doors} AS door LEFT JOIN grids_unit AS micro ON micro.id = door.micro_grid_id
WHERE micro.kind IS DISTINCT FROM 'micro_grid' OR micro.tree_id <> %s OR micro.retired_at IS NOT NULL LIMIT 1
"""
# Doors that would share a name with one that stays, or with another of the same table.
_CLASHING = """
WITH staying AS (
    SELECT unit.parent_id, unit.name FROM grids_unit AS unit
    WHERE unit.parent_id IN (SELECT micro_grid_id FROM {doors}) AND unit.retired_at IS NULL
      AND NOT EXISTS (SELECT FROM {doors} AS door WHERE door.unit_id = unit.id)
), named AS (
    SELECT *, count(*) OVER (PARTITION BY micro_grid_id, name) AS times FROM {doors}
)
SELECT micro_grid_id, name, key FROM named
WHERE times > 1 OR (micro_grid_id, name) IN (SELECT parent_id, name FROM staying)
ORDER BY position, key
"""
_TAKEN = """
SELECT parent_id, name FROM grids_unit AS unit
WHERE parent_id = ANY(%(micro_grids)s) AND retired_at IS NULL
  AND NOT EXISTS (SELECT FROM {doors} AS door WHERE door.unit_id = unit.id)
UNION ALL
SELECT micro_grid_id, name FROM {doors} WHERE micro_grid_id = ANY(%(micro_grids)s) AND key <> ALL(%(keys)s)
"""
_GIVE_KEYS = """
UPDATE grids_new_door AS door SET unit_id = given.unit_id, code = given.code
FROM (
    SELECT numbered.key, numbered.unit_id, given.code
    FROM (
        SELECT key, nextval((SELECT pg_get_serial_sequence('grids_unit', 'id')::regclass)) AS unit_id, micro_grid_id,
               row_number() OVER (PARTITION BY micro_grid_id ORDER BY position, key) AS number
        FROM (SELECT * FROM grids_new_door ORDER BY position, key) AS ordered
    ) AS numbered JOIN unnest(%s::bigint[], %s::int[], %s::text[]) AS given (micro_grid_id, number, code)
        USING (micro_grid_id, number)
) AS given
WHERE given.key = door.key
"""
_STAGE_UNITS = f"""
INSERT INTO grids_new_unit ({tree_numbers.STAGED_COLUMNS})
SELECT door.unit_id, micro.district_id, micro.id, '{Kind.HOUSEHOLD}', '', 'residential', '', door.code, door.name, %s,
       micro.street_id, micro.community_id, micro.grid_id, micro.id
FROM grids_new_door AS door JOIN grids_unit AS micro ON micro.id = door.micro_grid_id
ORDER BY door.unit_id
"""  # noqa: S608 -- constants
_MADE = """
INSERT INTO grids_unitchange (unit_id, what, actor_id, at, reason, before, after)
SELECT door.unit_id, 'made', %s, %s, %s, '{}',
       jsonb_build_object('name', door.name, 'code', door.code, 'parent', micro.code)
FROM grids_new_door AS door JOIN grids_unit AS micro ON micro.id = door.micro_grid_id ORDER BY door.unit_id
"""
_CHANGED = """
INSERT INTO grids_unitchange (unit_id, what, actor_id, at, reason, before, after)
SELECT unit.id, change.what, %s, %s, %s, change.before, change.after
FROM grids_moved_door AS door JOIN grids_unit AS unit ON unit.id = door.unit_id
JOIN grids_unit AS old ON old.id = unit.parent_id JOIN grids_unit AS new ON new.id = door.micro_grid_id
CROSS JOIN LATERAL (VALUES
    ('moved', old.id <> new.id, jsonb_build_object('parent', old.code), jsonb_build_object('parent', new.code)),
    ('renamed', unit.name <> door.name, jsonb_build_object('name', unit.name), jsonb_build_object('name', door.name))
) AS change (what, is_so, before, after)
WHERE change.is_so ORDER BY unit.id
"""
_RENAME = """
UPDATE grids_unit AS unit SET name = door.name FROM grids_moved_door AS door
WHERE unit.id = door.unit_id AND unit.name <> door.name
"""
_ONLY_RENAMED = """
DELETE FROM grids_moved_door AS door USING grids_unit AS unit
WHERE unit.id = door.unit_id AND unit.parent_id = door.micro_grid_id
"""
_REDRAW = """
UPDATE grids_unit AS unit
SET parent_id = micro.id, micro_grid_id = micro.id, grid_id = micro.grid_id, community_id = micro.community_id
FROM grids_moved_door AS door JOIN grids_unit AS micro ON micro.id = door.micro_grid_id
WHERE unit.id = door.unit_id
"""
_RETIRE = """
WITH retired AS (
    UPDATE grids_unit SET retired_at = %s WHERE id = ANY(%s) AND tree_id = %s AND retired_at IS NULL RETURNING id
)
INSERT INTO grids_unitchange (unit_id, what, actor_id, at, reason, before, after)
SELECT id, 'retired', %s, %s, %s, '{}', jsonb_build_object('retired_at', %s::text, 'successors', '[]'::jsonb)
FROM retired ORDER BY id
"""


def stage_new_doors() -> None:
    """Make the temporary table `grids_new_door`: the caller fills `key`, `position`, `micro_grid_id` and `name`."""
    _execute("DROP TABLE IF EXISTS pg_temp.grids_new_door")
    _execute(_NEW)


def add_staged_doors(street: Unit, *, actor: User | None, reason: str, at: datetime) -> None:
    """Add the doors of `grids_new_door`; fills in `unit_id`, `code` and the `name` that each got.

    Codes follow `position`. A row of history each; no signal, as nothing hangs on a new door yet. Raises `TreeRefused`
    when a micro-grid is out of use or has no code left.
    """
    reason = rules.clean_reason(reason)
    _begin(street, "grids_new_door")
    counts = dict(_rows("SELECT micro_grid_id, count(*) FROM grids_new_door GROUP BY 1"))
    if not counts:
        return
    _give_codes(counts)
    _execute("DROP TABLE IF EXISTS pg_temp.grids_new_unit")
    _execute(tree_numbers.STAGING)
    _execute(_STAGE_UNITS, [at])
    _execute("ANALYZE grids_new_unit")
    tree_numbers.add_staged_doors(street)
    _execute("DROP TABLE grids_new_unit")
    _execute(_MADE, [actor.pk if actor else None, at, reason])


def stage_moved_doors() -> None:
    """Make the temporary table `grids_moved_door`: `key` and `unit_id` (the door), `position`, `micro_grid_id`, `name`.

    All columns say how the door shall be; what is so already is no change.
    """
    _execute("DROP TABLE IF EXISTS pg_temp.grids_moved_door")
    _execute(_MOVED)


def move_staged_doors(street: Unit, *, actor: User | None, reason: str, at: datetime) -> None:
    """Move and rename the doors of `grids_moved_door`, with a row of history for each change.

    Raises `TreeRefused` when a micro-grid is out of use.
    """
    reason = rules.clean_reason(reason)
    _begin(street, "grids_moved_door")
    _execute(_CHANGED, [actor.pk if actor else None, at, reason])
    _execute(_RENAME)
    _execute(_ONLY_RENAMED)
    moved = [row[0] for row in _rows("SELECT unit_id FROM grids_moved_door ORDER BY unit_id")]
    if not moved:
        return
    is_placed = tree_numbers.place_moved_doors(street)
    _execute(_REDRAW)
    if not is_placed:
        tree_numbers.number_street(street)
    doors_moved.send(sender=Unit, unit_ids=moved)


def retire_doors(street: Unit, unit_ids: Sequence[int], *, actor: User | None, reason: str, at: datetime) -> None:
    """Take the doors out of use. The caller has seen to it that nothing hangs on them; no signal is sent."""
    tree_numbers.lock_street(street)
    by = [actor.pk if actor else None, at, rules.clean_reason(reason), at.isoformat()]
    _execute(_RETIRE, [at, list(unit_ids), street.tree_id, *by])


def _begin(street: Unit, doors: str) -> None:
    """Hold the street; see that the micro-grids can take the doors in; give every door a name of its own."""
    tree_numbers.lock_street(street)
    _execute(f"ANALYZE {doors}")
    for _pk, name in _rows(_MISPLACED.format(doors=doors), [street.tree_id]):
        raise rules.retired_parent(name or "")
    clashing = _rows(_CLASHING.format(doors=doors))
    if clashing:
        _tell_apart(doors, clashing)


def _tell_apart(doors: str, clashing: Sequence[tuple[int, str, int]]) -> None:
    asked = {"micro_grids": [row[0] for row in clashing], "keys": [row[2] for row in clashing]}
    taken: dict[int, set[str]] = defaultdict(set)
    for micro_grid, name in _rows(_TAKEN.format(doors=doors), asked):
        taken[micro_grid].add(name)
    given = []
    for micro_grid, name, key in clashing:
        own = _free_name(name, taken[micro_grid])
        taken[micro_grid].add(own)
        given.append((key, own))
    keys, names = zip(*given, strict=True)
    _execute(
        f"UPDATE {doors} AS door SET name = given.name"  # noqa: S608 -- one of two tables of this module
        " FROM unnest(%s::bigint[], %s::text[]) AS given (key, name) WHERE given.key = door.key",
        [list(keys), list(names)],
    )


def _free_name(name: str, taken: set[str]) -> str:
    number, own = 1, name
    while own in taken:
        number += 1
        suffix = f"（{number}）"
        own = name[: rules.NAME_LENGTH - len(suffix)] + suffix
    return own


def _give_codes(counts: dict[int, int]) -> None:
    """Codes from the micro-grids' own sequences, and keys, both in the order of the positions."""
    prefixes = dict(_rows("SELECT code, id FROM grids_unit WHERE id = ANY(%s)", [list(counts)]))
    given = codes.reserve(Kind.HOUSEHOLD, {prefix: counts[pk] for prefix, pk in prefixes.items()})
    rows = [
        (prefixes[prefix], number, code) for prefix, series in given.items() for number, code in enumerate(series, 1)
    ]
    _execute(_GIVE_KEYS, [list(column) for column in zip(*rows, strict=True)])


def _execute(sql: str, parameters: Sequence[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _rows(sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
