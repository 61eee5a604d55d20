"""Which household of the register a household of the file is.

It is found again by its number, by its address within the micro-grid, or by most of its people, in this order; and one
household of the register answers to one of the file only.

- A number alone isn't trusted: villages number afresh when they sort a list. It counts within the micro-grid when the
  addresses agree or one is missing, or when somebody of the same number or name lives there; elsewhere in the community
  when somebody with the same document does.
- Behind one address several households may live. Those with another number are other ones; among the rest the people
  decide, then the order.
- By people: more than half of those whom we know live there, and they are more than half of who lives there. So a child
  that moves out takes no household along.

Two households of the file with one number at one address are one.
"""

from households.loading.staging.sets import pair_off, run, table

_HOMES = """
WITH home AS (
    SELECT home, max(number) AS number, min(ordinal) FILTER (WHERE address_key <> '') AS addressed,
           min(ordinal) FILTER (WHERE NOT is_refused) AS first
    FROM loading_row GROUP BY home
)
SELECT home.home, home.number, coalesce(addressed.address_key, '') AS address_key, coalesce(addressed, first) AS told,
       first.street_id, first.community_id, first.micro_grid_id, first.place, NULL::bigint AS unit_id,
       min(home.home) OVER (
           PARTITION BY first.street_id, first.micro_grid_id, first.place, home.number, addressed.address_key,
                        CASE WHEN home.number = '' THEN home.home END
       ) AS first_home
FROM home JOIN loading_row AS first ON first.ordinal = home.first
LEFT JOIN loading_row AS addressed ON addressed.ordinal = home.addressed
"""
_CANDIDATES = """
SELECT home.home, house.unit_id, true AS by_number, unit.micro_grid_id = home.micro_grid_id AS is_near,
       house.address_key = home.address_key OR '' IN (house.address_key, home.address_key) AS fits
FROM loading_home AS home
JOIN grids_unit AS unit ON unit.community_id = home.community_id AND unit.kind = 'household'
     AND unit.retired_at IS NULL
JOIN households_household AS house ON house.unit_id = unit.id AND house.number = home.number
WHERE home.number <> '' AND home.first_home = home.home
UNION ALL
SELECT home.home, house.unit_id, false, true, true
FROM loading_home AS home
JOIN grids_unit AS unit ON unit.micro_grid_id = home.micro_grid_id AND unit.kind = 'household'
     AND unit.retired_at IS NULL
JOIN households_household AS house ON house.unit_id = unit.id AND house.address_key = home.address_key
WHERE home.address_key <> '' AND home.first_home = home.home AND '' IN (home.number, house.number)
"""
# How many people of the file's household live in the register's: by their documents, and else by their names.
_BY_DOCUMENT = """
SELECT home.first_home AS home, found.household_id AS unit_id, count(*) AS shared
FROM loading_found AS found JOIN loading_row AS line USING (ordinal) JOIN loading_home AS home USING (home)
WHERE found.is_living GROUP BY 1, 2
"""
_BY_NAMES = """
WITH counted AS (
    SELECT home, unit_id, fits, count(*) OVER (PARTITION BY home) AS units,
           count(*) OVER (PARTITION BY unit_id) AS homes
    FROM loading_candidate
)
SELECT candidate.home, candidate.unit_id, count(*) AS shared
FROM counted AS candidate
JOIN loading_home AS home ON home.first_home = candidate.home
JOIN loading_row AS line ON line.home = home.home AND line.is_person
JOIN households_resident AS known ON known.household_id = candidate.unit_id AND known.name = line.name
     AND known.moved_out_on IS NULL
WHERE NOT candidate.fits OR candidate.units > 1 OR candidate.homes > 1
GROUP BY 1, 2
"""
_TRUSTED = """
SELECT candidate.home, candidate.unit_id, candidate.by_number, candidate.is_near,
       coalesce(document.shared, 0) AS documents, coalesce(named.shared, 0) AS names
FROM loading_candidate AS candidate
LEFT JOIN loading_document AS document USING (home, unit_id)
LEFT JOIN loading_named AS named USING (home, unit_id)
WHERE document.shared > 0 OR (candidate.is_near AND (candidate.fits OR named.shared > 0))
"""
_BY_PEOPLE = """
WITH living AS (
    SELECT known.household_id AS unit_id, count(*) AS people
    FROM households_resident AS known WHERE known.moved_out_on IS NULL
     AND known.household_id IN (SELECT unit_id FROM loading_document)
    GROUP BY 1
), known AS (SELECT home, sum(shared) AS people FROM loading_document GROUP BY home)
INSERT INTO loading_pair (home, unit_id)
SELECT document.home, document.unit_id
FROM loading_document AS document JOIN known USING (home) JOIN living USING (unit_id)
WHERE document.shared * 2 > known.people AND document.shared * 2 > living.people
  AND NOT EXISTS (SELECT FROM loading_pair AS pair WHERE pair.home = document.home)
  AND NOT EXISTS (SELECT FROM loading_pair AS pair WHERE pair.unit_id = document.unit_id)
"""
_FOUND = """
UPDATE loading_home AS home SET unit_id = pair.unit_id FROM loading_pair AS pair WHERE pair.home = home.first_home
"""


def match() -> None:
    """Make `loading_home`: one a household of the file, with `unit_id` of the household that it is, if any.

    Needs `loading_row`, and `loading_found` for who of the file lives where.
    """
    table("loading_home", _HOMES, index="home")
    table("loading_document", _BY_DOCUMENT)
    table("loading_candidate", _CANDIDATES)
    table("loading_named", _BY_NAMES)
    table("loading_trusted", _TRUSTED)
    pair_off(
        "loading_trusted",
        left="home",
        right="unit_id",
        best="by_number DESC, documents DESC, names DESC, is_near DESC",
        into="loading_pair",
    )
    run(_BY_PEOPLE)
    run(_FOUND)
    run("ANALYZE loading_home")
