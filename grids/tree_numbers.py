"""The numbering of a street's tree: nested sets with room left for what comes later.

`lft` and `rght` of a unit enclose those of everything below it. Every unit keeps free numbers after its last child,
so a household added by hand takes two of them and moves nobody. Where the room is used up, one UPDATE shifts what
lies between there and the next ancestor with room, never the whole street (MPTT's own insert rewrites everything to
its right). The numbers say order and nesting only: with gaps, counts never come from `(rght - lft - 1) / 2`.

Called by `grids.tree` alone, under the street's lock.
"""

from typing import IO, Any

from django.db import connection, transaction
from django.db.models import F

from grids.models import Kind, Unit

# First key of the two-key advisory locks; the second is the street's id.
LOCK_CLASS = 0x57474733
# Free places kept after the last child, counted in leaves (two numbers each). A micro-grid takes 24 households more, a
# grid four micro-grids, a community about three grids.
ROOM: dict[str, int] = {
    Kind.HOUSEHOLD: 0,
    Kind.MICRO_GRID: 24,
    Kind.GRID: 100,
    Kind.COMMUNITY: 400,
    Kind.AREA: 1000,
    Kind.STREET: 2000,
}


def lock_street(unit: Unit) -> None:
    """Hold the street that `unit` belongs to until the transaction ends; wait for whoever holds it now.

    Two writers without it were measured to corrupt a tree within seconds. Read the units to be changed only afterwards:
    what was read before may be old.
    """
    hold(unit.tree_id)


def lock_new_streets() -> None:
    """Hold the right to add streets: there is no tree yet that could be locked."""
    hold(0)


def hold(key: int) -> None:
    """The lock itself: `key` is the tree's number, which is its street's id."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The street's lock lasts for a transaction; begin one first.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, key])


def try_lock(street: Unit) -> bool:
    """Hold the street like `lock_street` if nobody else does; doesn't wait. Returns whether it is ours now."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("The street's lock lasts for a transaction; begin one first.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, street.tree_id])
        return bool(cursor.fetchone()[0])


def next_ids(count: int) -> list[int]:
    """Keys for `count` new units, so that rows can point at one another before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('grids_unit', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def width(kind: str) -> int:
    """The numbers that a new unit takes: its own two and its room."""
    return 2 + 2 * ROOM[kind]


def open_place(parent: Unit, wanted: int) -> int:
    """The first of `wanted` free consecutive numbers after the last child of `parent`.

    Uses the room that is there; otherwise shifts the units between the parent's end and the next ancestor with room.
    """
    start = _end_of_children(parent.tree_id, parent.rght)
    if parent.rght - start < wanted:
        _shift(parent, wanted + 2 * ROOM[parent.kind])
    return start


def move_subtree(unit: Unit, *, start: int, levels: int, columns: dict[str, int]) -> None:
    """Renumber the subtree of `unit` to begin at `start`, with new ancestor columns; its old numbers become room."""
    by = start - unit.lft
    Unit.objects.filter(tree_id=unit.tree_id, lft__range=(unit.lft, unit.rght)).update(
        lft=F("lft") + by, rght=F("rght") + by, level=F("level") + levels, **columns
    )


# Each unit opens and closes once; walking all openings and closings in order and adding up the numbers that each step
# takes gives lft and rght. A closing takes the room before it, too. The path of codes puts a unit before everything
# below it, and its path with "~", which no code contains, behind.
_WANTED = """
walk AS (
    SELECT id, kind, 0 AS level, code || '/' COLLATE "C" AS path FROM grids_unit WHERE id = %(street)s
    UNION ALL
    SELECT child.id, child.kind, walk.level + 1, walk.path || child.code || '/'
    FROM walk JOIN {units} AS child ON child.parent_id = walk.id
), room AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(rooms)s::int[]) AS room (kind, leaves)
), steps AS (
    SELECT id, level, path AS place, 1 AS taken FROM walk
    UNION ALL
    SELECT id, level, path || '~', 1 + 2 * leaves FROM walk JOIN room USING (kind)
), numbers AS (
    SELECT id, level, sum(taken) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) AS number FROM steps
), wanted AS (
    SELECT id, level, min(number)::int AS lft, max(number)::int AS rght FROM numbers GROUP BY id, level
)
"""
_RENUMBER = """
UPDATE grids_unit AS unit
SET lft = wanted.lft, rght = wanted.rght, level = wanted.level, tree_id = %(street)s
FROM wanted
WHERE wanted.id = unit.id
  AND (unit.lft, unit.rght, unit.level, unit.tree_id) IS DISTINCT FROM
      (wanted.lft, wanted.rght, wanted.level, %(street)s)
"""
_NUMBER = f"WITH RECURSIVE {_WANTED.format(units='grids_unit')} {_RENUMBER}"
# The same for units that wait in a staging table with the columns named here: numbered first, written once. (Written
# first and numbered afterwards, every row costs its ten index entries and its six foreign key checks twice.)
STAGED_COLUMNS = (
    "id, district_id, parent_id, kind, form, use, responsible_org, code, name, made_at,"
    " street_id, community_id, grid_id, micro_grid_id"
)
STAGING = f"CREATE TEMPORARY TABLE grids_new_unit AS SELECT {STAGED_COLUMNS} FROM grids_unit LIMIT 0"  # noqa: S608
_ADD_STAGED = f"""
WITH RECURSIVE units AS (
    SELECT id, parent_id, kind, code FROM grids_unit WHERE tree_id = %(street)s
    UNION ALL
    SELECT id, parent_id, kind, code FROM grids_new_unit
), {_WANTED.format(units="units")}, renumbered AS ({_RENUMBER})
INSERT INTO grids_unit ({STAGED_COLUMNS}, lft, rght, level, tree_id)
SELECT {STAGED_COLUMNS}, lft, rght, level, %(street)s FROM grids_new_unit JOIN wanted USING (id)
"""  # noqa: S608 -- put together from constants of this module


def number_street(street: Unit) -> int:
    """Number the whole street afresh from its parents, in the order of the codes, with room everywhere.

    One statement whatever the size; the way for loads, where placing unit by unit would shift the same rows again and
    again. Returns how many units got other numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, _parameters(street))
        return int(cursor.rowcount)


# Doors that find room in their micro-grids move nobody: each takes the next two numbers after the last child.
_HAS_ROOM = """
SELECT coalesce(bool_and(micro.rght - last.rght > 2 * wanted.doors), true)
FROM (SELECT {micro} AS id, count(*) AS doors FROM {doors} GROUP BY 1) AS wanted
JOIN grids_unit AS micro ON micro.id = wanted.id
CROSS JOIN LATERAL (
    SELECT coalesce(max(child.rght), micro.lft) AS rght FROM grids_unit AS child WHERE child.parent_id = micro.id
) AS last
"""
_INTO_ROOM = """
SELECT door.id, last.rght + 2 * number - 1 AS lft, last.rght + 2 * number AS rght, micro.level + 1 AS level
FROM (
    SELECT {door} AS id, {micro} AS micro_grid_id, row_number() OVER (PARTITION BY {micro} ORDER BY {door}) AS number
    FROM {doors}
) AS door JOIN grids_unit AS micro ON micro.id = door.micro_grid_id
CROSS JOIN LATERAL (
    SELECT coalesce(max(child.rght), micro.lft) AS rght FROM grids_unit AS child WHERE child.parent_id = micro.id
) AS last
"""
_ADD_DOORS = f"""
INSERT INTO grids_unit ({STAGED_COLUMNS}, lft, rght, level, tree_id)
SELECT {STAGED_COLUMNS}, lft, rght, level, %(street)s
FROM grids_new_unit JOIN ({_INTO_ROOM.format(doors="grids_new_unit", door="id", micro="parent_id")}) AS place USING (id)
"""  # noqa: S608 -- put together from constants of this module
_MOVE_DOORS = f"""
UPDATE grids_unit AS unit
SET lft = place.lft, rght = place.rght, level = place.level
FROM ({_INTO_ROOM.format(doors="grids_moved_door", door="unit_id", micro="micro_grid_id")}) AS place
WHERE place.id = unit.id
"""  # noqa: S608 -- put together from constants of this module


def add_staged_doors(street: Unit) -> None:
    """Write the doors that wait in `grids_new_unit`: into the room of their micro-grids, else number the street afresh.

    The keys must be in the order that the doors shall have.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HAS_ROOM.format(doors="grids_new_unit", micro="parent_id"))
        has_room = cursor.fetchone()[0]
        cursor.execute(_ADD_DOORS if has_room else _ADD_STAGED, _parameters(street))


def place_moved_doors(street: Unit) -> bool:
    """Number the doors of `grids_moved_door` (unit_id, micro_grid_id) behind the last of their new micro-grids.

    Call it before their parents change. Returns False, and has done nothing, when there isn't room for all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HAS_ROOM.format(doors="grids_moved_door", micro="micro_grid_id"))
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_MOVE_DOORS)
        return True


# What the ancestor columns must be, from the parents alone.
_FILL_ANCESTORS = """
WITH RECURSIVE walk AS (
    SELECT id, id AS street_id, NULL::bigint AS community_id, NULL::bigint AS grid_id, NULL::bigint AS micro_grid_id
    FROM grids_unit WHERE id = %(street)s
    UNION ALL
    SELECT child.id, walk.street_id,
           CASE child.kind WHEN 'community' THEN child.id ELSE walk.community_id END,
           CASE child.kind WHEN 'grid' THEN child.id ELSE walk.grid_id END,
           CASE child.kind WHEN 'micro_grid' THEN child.id ELSE walk.micro_grid_id END
    FROM walk JOIN grids_unit AS child ON child.parent_id = walk.id
)
UPDATE grids_unit AS unit
SET street_id = walk.street_id, community_id = walk.community_id,
    grid_id = walk.grid_id, micro_grid_id = walk.micro_grid_id
FROM walk
WHERE walk.id = unit.id
  AND (unit.street_id, unit.community_id, unit.grid_id, unit.micro_grid_id) IS DISTINCT FROM
      (walk.street_id, walk.community_id, walk.grid_id, walk.micro_grid_id)
"""


def rebuild_street(street: Unit) -> None:
    """Numbers, levels and ancestor columns of the whole street afresh from the parents, which are the truth."""
    hold(street.tree_id)
    hold(street.pk)  # the same unless the tree's number is what is wrong
    with connection.cursor() as cursor:
        cursor.execute(_FILL_ANCESTORS, {"street": street.pk})
    number_street(street)


def add_staged(street: Unit, rows: IO[str]) -> None:
    """Write new units of the street, given as CSV in the order of `STAGED_COLUMNS`, and number the street afresh."""
    with connection.cursor() as cursor:
        cursor.execute(STAGING)
        # Forms and organisations are empty text, never NULL; the ancestor columns the other way round.
        cursor.copy_expert(
            "COPY grids_new_unit FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (form, responsible_org))", rows
        )
        cursor.execute(_ADD_STAGED, _parameters(street))
        cursor.execute("DROP TABLE grids_new_unit")


def _parameters(street: Unit) -> dict[str, Any]:
    return {"street": street.pk, "kinds": list(ROOM), "rooms": list(ROOM.values())}


def _end_of_children(tree_id: int, rght: int) -> int:
    """The first free number before `rght`: one past the last child, or past the unit's own `lft` if it has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 + greatest("
            "(SELECT max(rght) FROM grids_unit WHERE tree_id = %(tree)s AND rght < %(rght)s),"
            "(SELECT lft FROM grids_unit WHERE tree_id = %(tree)s AND rght = %(rght)s))",
            {"tree": tree_id, "rght": rght},
        )
        return int(cursor.fetchone()[0])


def _shift(parent: Unit, by: int) -> None:
    """Move everything from the end of `parent` on by so many numbers, up to the next ancestor that has room for it.

    A unit whose `rght` lies in that stretch either lies in it wholly or reaches into it from before (`parent` itself
    and those between it and that ancestor): so one range of one index finds them all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grids_unit SET rght = rght + %(by)s,"
            " lft = CASE WHEN lft > %(start)s THEN lft + %(by)s ELSE lft END"
            " WHERE tree_id = %(tree)s AND rght >= %(start)s AND rght < %(limit)s",
            {"start": parent.rght, "limit": _next_room(parent, by), "by": by, "tree": parent.tree_id},
        )


def _next_room(parent: Unit, wanted: int) -> int:
    """Where the shifting may stop: at the end of the nearest unit above `parent` that has `wanted` free numbers there.

    When none has, behind the street: nothing encloses it, so it may grow.
    """
    above = Unit.objects.filter(tree_id=parent.tree_id, lft__lt=parent.lft, rght__gt=parent.rght).order_by("rght")
    street_end = parent.rght
    for rght in above.values_list("rght", flat=True):
        if rght - _end_of_children(parent.tree_id, rght) >= wanted:
            return int(rght)
        street_end = rght
    return street_end + 1
