"""The rows of a file as comparing needs them: their place, whether they can be used, and who stands there twice."""

from households.loading.fields import SEVERITY, Problem, Severity
from households.loading.staging.sets import run, table

_REFUSED = [problem for problem, severity in SEVERITY.items() if severity == Severity.REFUSED]
_IS_REFUSED = "$[*][0] ? (" + " || ".join(f'@ == "{problem}"' for problem in _REFUSED) + ")"

# A place is good while its micro-grid is in use. One that is to be added says under which unit, and so in which street.
_PLACES = """
SELECT place.index, unit.street_id, unit.community_id,
       CASE WHEN unit.kind = 'micro_grid' THEN unit.id END AS micro_grid_id,
       CASE WHEN place.found IN ('unknown', 'ambiguous', 'outside') THEN 'place_' || place.found
            WHEN unit.id IS NULL OR unit.retired_at IS NOT NULL
                 OR (unit.kind <> 'micro_grid' AND (place.found <> 'new' OR NOT %(add_places)s)) THEN 'place_unknown'
       END AS problem
FROM households_namedplacerow AS place LEFT JOIN grids_unit AS unit ON unit.id = place.unit_id
WHERE place.load_id = %(load)s
"""
_ROWS = """
SELECT s.ordinal, s.home, s.place, s.household_number AS number, s.address_key, s.name, s.born_on,
       s.document_fingerprint AS mark, place.street_id, place.community_id, place.micro_grid_id,
       s.name <> '' AS is_person, wrong.problem,
       coalesce(s.problems @? %(is_refused)s, false) OR wrong.problem IS NOT NULL AS is_refused
FROM {staged} AS s LEFT JOIN loading_place AS place ON place.index = s.place
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.place = -1 AND place.micro_grid_id IS NULL THEN 'no_place' ELSE place.problem END AS problem
) AS wrong
"""
_USABLE = "is_person AND NOT is_refused"
# One number, several lines: of each name the first counts. With several names somebody must say which is right.
_BY_NUMBER = f"""
WITH again AS (
    SELECT mark, count(DISTINCT name) > 1 AS is_doubtful FROM loading_row WHERE mark <> '' AND {_USABLE}
    GROUP BY mark HAVING count(*) > 1
), line AS (
    SELECT ordinal, is_doubtful, row_number() OVER (PARTITION BY mark, name ORDER BY ordinal) > 1 AS is_repeated
    FROM loading_row JOIN again USING (mark) WHERE {_USABLE}
)
SELECT ordinal, CASE WHEN is_repeated THEN 'twice_in_file' ELSE 'two_names' END AS problem
FROM line WHERE is_repeated OR is_doubtful
"""  # noqa: S608 -- constants
# Without a number: the same name and birth date in one household is the same person again.
_BY_NAME = f"""
INSERT INTO loading_problem
SELECT ordinal, 'twice_in_file' FROM (
    SELECT ordinal, row_number() OVER (PARTITION BY home, name, born_on ORDER BY ordinal) AS time
    FROM loading_row WHERE mark = '' AND born_on IS NOT NULL AND {_USABLE}
) AS line WHERE time > 1
"""  # noqa: S608 -- constants


def prepare(load_id: int, *, staged: str, add_places: bool) -> None:
    """Make `loading_place`, `loading_row` (one a staged row) and `loading_problem` (ordinal, problem: what we found).

    A repeated line is refused from here on.
    """
    table("loading_place", _PLACES, {"load": load_id, "add_places": add_places})
    table("loading_row", _ROWS.format(staged=staged), {"is_refused": _IS_REFUSED})
    table("loading_problem", _BY_NUMBER)
    run(_BY_NAME)
    run(f"""
        UPDATE loading_row SET is_refused = true FROM loading_problem AS found
        WHERE found.ordinal = loading_row.ordinal AND found.problem = '{Problem.TWICE_IN_FILE.value}'
    """)  # noqa: S608 -- a constant
    run("INSERT INTO loading_problem SELECT ordinal, problem FROM loading_row WHERE problem IS NOT NULL")
