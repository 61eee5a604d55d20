"""Is every tree sound? Set-based questions to the database, whose answers name the units that are wrong.

A tree is sound when every unit lies inside its parent, beside its siblings and one level deeper, stands under a kind
that may hold it, carries its ancestors' ids, and shares no number with another unit. MPTT's corruption is silent: pages
go on showing a tree, only not the right one. So this runs each night.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids import rules, tree
from grids.models import Unit

PROBLEMS = {
    "tree": gettext_lazy("is numbered in another tree than the unit that it belongs to"),
    "nesting": gettext_lazy("doesn't lie inside the unit that it belongs to"),
    "overlap": gettext_lazy("overlaps the next unit under the same parent"),
    "number": gettext_lazy("shares a number with another unit"),
    "level": gettext_lazy("has a wrong level"),
    "columns": gettext_lazy("has wrong ancestor columns"),
    "kind": gettext_lazy("stands under a kind that can't hold it"),
    "retired": gettext_lazy("is in use under a retired unit"),
}


@dataclass(frozen=True)
class Finding:
    """One thing wrong with one unit."""

    unit_id: int
    code: str
    problem: str

    def __str__(self) -> str:
        return _("%(code)s %(problem)s") % {"code": self.code, "problem": PROBLEMS[self.problem]}


# Each unit beside its parent. The outer WHERE comes first in the plan, so that only unsound rows are taken apart.
_ASIDE_THE_PARENT = """
SELECT seen.id, seen.code, wrong.problem
FROM (
    SELECT unit.id, unit.code,
        unit.tree_id <> coalesce(parent.tree_id, unit.id) AS tree,
        unit.lft <= parent.lft OR unit.rght >= parent.rght AS nesting,
        unit.level <> coalesce(parent.level + 1, 0) AS level,
        (unit.street_id, unit.community_id, unit.grid_id, unit.micro_grid_id) IS DISTINCT FROM (
            CASE unit.kind WHEN 'street' THEN unit.id ELSE parent.street_id END,
            CASE unit.kind WHEN 'community' THEN unit.id ELSE parent.community_id END,
            CASE unit.kind WHEN 'grid' THEN unit.id ELSE parent.grid_id END,
            CASE unit.kind WHEN 'micro_grid' THEN unit.id ELSE parent.micro_grid_id END) AS columns,
        parent.kind || '/' || unit.kind <> ALL (%(places)s) AS kind,
        unit.retired_at IS NULL AND parent.retired_at IS NOT NULL AS retired
    FROM grids_unit AS unit LEFT JOIN grids_unit AS parent ON parent.id = unit.parent_id
    WHERE %(street)s IS NULL OR unit.tree_id = %(street)s OR unit.street_id = %(street)s
) AS seen
CROSS JOIN LATERAL (VALUES
    ('tree', tree), ('nesting', nesting), ('level', level), ('columns', columns), ('kind', kind), ('retired', retired)
) AS wrong (problem, is_so)
WHERE (tree OR nesting OR level OR columns OR kind OR retired) AND wrong.is_so
"""
_AMONG_SIBLINGS = """
SELECT id, code, 'overlap' FROM (
    SELECT id, code, rght, lead(lft) OVER (PARTITION BY parent_id ORDER BY lft) AS next_lft
    FROM grids_unit
    WHERE parent_id IS NOT NULL AND (%(street)s IS NULL OR tree_id = %(street)s)
) AS unit
WHERE next_lft <= rght
"""
_NUMBERS_TWICE = """
WITH number AS (
    SELECT tree_id, lft AS number, id FROM grids_unit WHERE %(street)s IS NULL OR tree_id = %(street)s
    UNION ALL
    SELECT tree_id, rght, id FROM grids_unit WHERE %(street)s IS NULL OR tree_id = %(street)s
)
SELECT DISTINCT unit.id, unit.code, 'number'
FROM (SELECT array_agg(id) AS ids FROM number GROUP BY tree_id, number HAVING count(*) > 1) AS twice
CROSS JOIN LATERAL unnest(twice.ids) AS shared (id)
JOIN grids_unit AS unit ON unit.id = shared.id
"""
_STREETS_OF = """
WITH RECURSIVE line AS (
    SELECT id, parent_id FROM grids_unit WHERE id = ANY(%s)
    UNION
    SELECT above.id, above.parent_id FROM line JOIN grids_unit AS above ON above.id = line.parent_id
)
SELECT id FROM line WHERE parent_id IS NULL ORDER BY id
"""


def findings(street: Unit | None = None) -> list[Finding]:
    """Everything that is wrong, in one street or in all of them, by code. Empty: sound."""
    places = [f"{parent}/{child}" for parent, children in rules.CHILD_KINDS.items() for child in children]
    parameters = {"street": street.pk if street else None, "places": places}
    rows = _rows(_ASIDE_THE_PARENT, parameters) + _rows(_AMONG_SIBLINGS, parameters)
    if rows:  # where each unit lies strictly inside its parent and beside its siblings, no number can come twice
        rows += _rows(_NUMBERS_TWICE, parameters)
    found = [Finding(*row) for row in rows]
    return sorted(found, key=lambda finding: (finding.code, finding.problem))


def repair(found: list[Finding]) -> list[Unit]:
    """Rebuild the streets in which something was found from the parents, each under its lock; returns them.

    A unit that stands in an impossible place stays there: where it belongs, a person has to say.
    """
    streets = list(Unit.objects.filter(pk__in=_street_ids(found)).order_by("pk"))
    for street in streets:
        with transaction.atomic():
            tree.rebuild_street(street)
    return streets


def _street_ids(found: list[Finding]) -> list[int]:
    return [row[0] for row in _rows(_STREETS_OF, [[finding.unit_id for finding in found]])]


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
