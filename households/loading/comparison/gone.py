"""Who lives where the file covers, and isn't in it.

A file covers the micro-grids for which it names somebody. Who has a line that was refused or is doubtful isn't gone:
neither the person that it would be, nor anybody of the same name in the micro-grid. What becomes of the others is
asked, never assumed.
"""

from typing import Any

from households.loading.staging import partitions
from households.loading.staging.sets import rows, table
from households.models import RegisterLoad, StagedPerson, StagedVerdict

# Those held back are found once: a database that hasn't looked at its tables yet (a fresh installation) takes the join
# for cheap and makes it for every resident, which took minutes for a street.
_HELD = """
WITH held AS MATERIALIZED (
    SELECT DISTINCT v.micro_grid_id, s.name
    FROM {verdicts} AS v JOIN {staged} AS s USING (ordinal)
    WHERE v.verdict IN ('refused', 'doubtful')
)
"""
_GONE = """
FROM households_resident AS r JOIN grids_unit AS unit ON unit.id = r.household_id
WHERE r.moved_out_on IS NULL AND unit.retired_at IS NULL AND r.made_in_id IS DISTINCT FROM %(load)s
  AND unit.micro_grid_id IN (
      SELECT v.micro_grid_id FROM {verdicts} AS v JOIN {staged} AS s USING (ordinal)
      WHERE v.verdict <> 'refused' AND s.name <> ''
  )
  AND NOT EXISTS (SELECT FROM {verdicts} AS v WHERE v.resident_id = r.id)
  AND NOT EXISTS (SELECT FROM held WHERE held.micro_grid_id = unit.micro_grid_id AND held.name = r.name)
"""


def counts(load: RegisterLoad) -> list[tuple[int, int]]:
    """How many are gone, by street."""
    select = _query(load, "SELECT unit.street_id, count(*)", "GROUP BY unit.street_id")
    return rows(select, _parameters(load))


def page(load: RegisterLoad, *, offset: int, limit: int) -> list[int]:
    """The keys of some of them, by place and name."""
    select = _query(load, "SELECT r.id", "ORDER BY unit.tree_id, unit.lft, r.id OFFSET %(offset)s LIMIT %(limit)s")
    return [row[0] for row in rows(select, {**_parameters(load), "offset": offset, "limit": limit})]


def find(load: RegisterLoad, street_id: int) -> int:
    """Make `loading_gone`: resident_id of those in the street; returns how many."""
    select = _query(load, "SELECT r.id AS resident_id", "AND unit.street_id = %(street)s")
    return table("loading_gone", select, {**_parameters(load), "street": street_id})


def _query(load: RegisterLoad, select: str, rest: str) -> str:
    staged, verdicts = (partitions.name_of(model, load.pk) for model in (StagedPerson, StagedVerdict))
    return "".join((_HELD, select, _GONE, rest)).format(staged=staged, verdicts=verdicts)


def _parameters(load: RegisterLoad) -> dict[str, Any]:
    return {"load": load.pk}
