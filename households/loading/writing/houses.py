"""Doors and households of a load: new ones with their codes and numbers, and what changes of those that are known."""

from django.utils.translation import gettext as _

from grids import tree
from grids.rules import NAME_LENGTH
from households.loading.comparison import facts, houses
from households.loading.writing.jobs import Job

# All lines of a household tell of it, also those that write nothing themselves.
_HOMES = "SELECT ordinal, home FROM {verdicts} WHERE home IN (SELECT home FROM loading_line)"
# Where each household stands: behind its own door, or a door of this address that nobody is registered behind yet.
_PLACED = """
WITH home AS (
    SELECT home, min(ordinal) AS first, max(unit_id) AS unit_id, min(micro_grid_id) AS micro_grid_id
    FROM loading_line GROUP BY home
), empty AS (
    SELECT DISTINCT ON (unit.id) unit.id AS unit_id, home.home
    FROM home JOIN loading_house AS house USING (home)
    JOIN grids_unit AS unit ON unit.parent_id = home.micro_grid_id AND unit.name = house.address
         AND unit.retired_at IS NULL
    WHERE home.unit_id IS NULL
      AND NOT EXISTS (SELECT FROM households_household AS known WHERE known.unit_id = unit.id)
    ORDER BY unit.id, home.first
)
SELECT home.home, home.first, home.micro_grid_id, coalesce(home.unit_id, empty.unit_id) AS unit_id,
       home.unit_id IS NULL AS is_new
FROM home LEFT JOIN empty USING (home)
"""
_DOORS = f"""
INSERT INTO grids_new_door (key, position, micro_grid_id, name)
SELECT at.home, at.first, at.micro_grid_id, left(house.address, {NAME_LENGTH})
FROM loading_at AS at JOIN loading_house AS house USING (home) WHERE at.unit_id IS NULL ORDER BY at.first
"""  # noqa: S608 -- constants
_TAKE_DOORS = """
UPDATE loading_at AS at SET unit_id = door.unit_id FROM grids_new_door AS door WHERE door.key = at.home
"""
_ADD = f"""
INSERT INTO households_household (unit_id, {", ".join(facts.columns(facts.HOUSEHOLD))}, note, made_at, made_in_id,
                                  changed_at)
SELECT at.unit_id, {facts.new_values(facts.HOUSEHOLD)}, '', %(at)s, %(load)s, %(at)s
FROM loading_at AS at JOIN loading_house AS s USING (home) WHERE at.is_new ORDER BY at.unit_id
"""  # noqa: S608 -- constants
_RECORD = f"""
INSERT INTO households_registerchange (household_id, resident_id, what, actor_id, at, load_id, reason, before, after)
SELECT r.unit_id, NULL, CASE WHEN change.moves THEN 'household_moved' ELSE 'corrected' END, %(actor)s, %(at)s,
       %(load)s, '',
       {facts.record(facts.HOUSEHOLD, "r")} || place.before || jsonb_build_object('changed_at', r.changed_at),
       {facts.record(facts.HOUSEHOLD, "s")} || place.after
FROM loading_house_change AS change JOIN loading_house AS s USING (home)
JOIN households_household AS r ON r.unit_id = change.unit_id
JOIN grids_unit AS unit ON unit.id = r.unit_id JOIN grids_unit AS old ON old.id = unit.parent_id
JOIN loading_at AS at USING (home) JOIN grids_unit AS new ON new.id = at.micro_grid_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN change.moves THEN jsonb_build_object('micro_grid', old.code) ELSE jsonb_build_object() END,
           CASE WHEN change.moves THEN jsonb_build_object('micro_grid', new.code) ELSE jsonb_build_object() END
) AS place (before, after)
ORDER BY r.unit_id
"""  # noqa: S608 -- constants
_MOVED_DOORS = f"""
INSERT INTO grids_moved_door (key, unit_id, position, micro_grid_id, name)
SELECT unit.id, unit.id, at.first, at.micro_grid_id,
       CASE WHEN {facts.HOUSEHOLD[0].said} THEN left(s.address, {NAME_LENGTH}) ELSE unit.name END
FROM loading_house_change AS change JOIN loading_house AS s USING (home) JOIN loading_at AS at USING (home)
JOIN households_household AS r ON r.unit_id = change.unit_id JOIN grids_unit AS unit ON unit.id = r.unit_id
WHERE change.moves OR ({facts.HOUSEHOLD[0].said})
"""  # noqa: S608 -- constants
_CHANGE = f"""
UPDATE households_household AS r SET {facts.assignments(facts.HOUSEHOLD)}, changed_at = %(at)s
FROM loading_house_change AS change JOIN loading_house AS s USING (home) WHERE r.unit_id = change.unit_id
"""  # noqa: S608 -- constants


def add_doors(job: Job) -> dict[str, int]:
    """Make `loading_house` (what the file says) and `loading_at` (where each household stands); add what is new."""
    houses.read(staged=job.filled("{staged}"), lines=job.filled(_HOMES))
    job.table("loading_at", _PLACED)
    tree.stage_new_doors()
    job.run(_DOORS)
    tree.add_staged_doors(job.street, actor=job.actor, reason=_("New in a file that was loaded"), at=job.at)
    job.run(_TAKE_DOORS)
    return {"new_households": job.run(_ADD)}


def change(job: Job) -> dict[str, int]:
    """Other facts, another address, another micro-grid for households that are known."""
    houses.compare("(SELECT * FROM loading_at WHERE NOT is_new)")
    changed = job.run(_RECORD)
    if changed:
        tree.stage_moved_doors()
        job.run(_MOVED_DOORS)
        tree.move_staged_doors(job.street, actor=job.actor, reason=_("Otherwise in a file that was loaded"), at=job.at)
        job.run(_CHANGE)
    return {"changed_households": changed}
