"""Tags of the invented people: what ages and households say of themselves, and a few more, always the same ones."""

from datetime import date

from django.db import connection

from households.rules import years_before

# Kinds that follow from the register itself, in the order of what fits whom. `%(…)s` are days of birth.
_BY_AGE = """
WITH home AS (
    SELECT household_id, count(*) AS people, count(*) FILTER (WHERE born_on <= %(sixty)s) AS elderly
    FROM households_resident GROUP BY household_id
), fitting AS (
    SELECT resident.id, 'oldest_old' AS kind FROM households_resident AS resident WHERE born_on <= %(eighty)s
    UNION ALL
    SELECT resident.id, CASE home.people WHEN 1 THEN 'elderly_alone' ELSE 'empty_nest' END
    FROM households_resident AS resident JOIN home USING (household_id)
    WHERE resident.residence = 'registered' AND home.elderly = home.people AND home.people <= 2
)
"""
# One in so many of an age group. The draw is a hash of who and where, so that the same district has the same people.
_BY_LOT = """
WITH kinds (kind, one_in, born_from, born_to) AS (VALUES
    ('disabled', 90, NULL, NULL), ('minimum_living', 140, NULL, NULL), ('veteran', 60, NULL, %(eighteen)s),
    ('serious_illness', 170, NULL, %(eighteen)s), ('mental_disorder', 400, NULL, %(eighteen)s),
    ('community_correction', 900, %(sixty)s, %(eighteen)s), ('released', 900, %(sixty)s, %(eighteen)s),
    ('left_behind_child', 40, %(eighteen)s, NULL), ('child_in_need', 120, %(eighteen)s, NULL)
), fitting AS (
    SELECT resident.id, kinds.kind
    FROM households_resident AS resident JOIN grids_unit AS unit ON unit.id = resident.household_id
    JOIN kinds ON (kinds.born_from IS NULL OR resident.born_on > kinds.born_from::date)
              AND (kinds.born_to IS NULL OR resident.born_on <= kinds.born_to::date)
    WHERE resident.residence = 'registered'
      AND ('x' || left(md5(kinds.kind || unit.code || resident.name || resident.born_on), 7))::bit(28)::int
          %% kinds.one_in = 0
)
"""
_WRITE = """
INSERT INTO households_residenttag (resident_id, kind_id, level, note, since)
SELECT fitting.id, tagkind.id, NULL, '', %(since)s
FROM fitting JOIN households_tagkind AS tagkind ON tagkind.code = fitting.kind
"""


def give(*, on: date, since: date) -> int:
    """Tag the people of the district as of the day `on`, counting from `since`. Returns how many tags were given."""
    days = {"sixty": years_before(on, 60), "eighty": years_before(on, 80), "eighteen": years_before(on, 18)}
    given = 0
    with connection.cursor() as cursor:
        for fitting in (_BY_AGE, _BY_LOT):
            cursor.execute(fitting + _WRITE, days | {"since": since})
            given += cursor.rowcount
    return given
