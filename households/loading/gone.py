"""Who lives where the file covers, and isn't in it.

A file covers the micro-grids for which it names somebody. Who has a line that was refused or is doubtful isn't gone:
neither the person that it would be, nor anybody of the same name in the micro-grid. What becomes of the others is
asked, never assumed.
"""

from typing import Any

from households.loading import partitions
from households.loading.sets import rows, table
from households.models import RegisterLoad, StagedPerson, StagedVerdict

_GONE = """
FROM households_resident AS r JOIN grids_unit AS unit ON unit.id = r.household_id
WHERE r.moved_out_on IS NULL AND unit.retired_at IS NULL AND r.made_in_id IS DISTINCT FROM %(load)s
  AND unit.micro_grid_id IN (
      SELECT v.micro_grid_id FROM {verdicts} AS v JOIN {staged} AS s USING (ordinal)
      WHERE v.verdict <> 'refused' AND s.name <> ''
  )
  AND NOT EXISTS (SELECT FROM {verdicts} AS v WHERE v.resident_id = r.id)
  AND NOT EXISTS (
      SELECT FROM {verdicts} AS v JOIN {staged} AS s USING (ordinal)
      WHERE v.verdict IN ('refused', 'doubtful') AND v.micro_grid_id = unit.micro_grid_id AND s.name = r.name
  )
"""


def counts(load: RegisterLoad) -> list[tuple[int, int]]:
    """How many are gone, by street."""
    select = "SELECT unit.street_id, count(*)" + _from(load) + "GROUP BY unit.street_id"
    return rows(select, _parameters(load))  # type: ignore[return-value]


def page(load: RegisterLoad, *, offset: int, limit: int) -> list[int]:
    """The keys of some of them, by place and name."""
    select = "SELECT r.id" + _from(load) + "ORDER BY unit.tree_id, unit.lft, r.id OFFSET %(offset)s LIMIT %(limit)s"
    return [row[0] for row in rows(select, {**_parameters(load), "offset": offset, "limit": limit})]


def find(load: RegisterLoad, street_id: int) -> int:
    """Make `loading_gone`: resident_id of those in the street; returns how many."""
    select = "SELECT r.id AS resident_id" + _from(load) + "AND unit.street_id = %(street)s"
    return table("loading_gone", select, {**_parameters(load), "street": street_id})


def _from(load: RegisterLoad) -> str:
    staged, verdicts = (partitions.name_of(model, load.pk) for model in (StagedPerson, StagedVerdict))
    return _GONE.format(staged=staged, verdicts=verdicts)


def _parameters(load: RegisterLoad) -> dict[str, Any]:
    return {"load": load.pk}
