"""Who in the register a person of the file is.

By the document within the street; without one by name and birth date within the household. One person of the register
is one of the file only. What can't be told is doubtful: one document with two names, or the same name and birth date
elsewhere in the street where one of the two has no document.
"""

from households.loading.staging.sets import pair_off, run, table

_BY_DOCUMENT = """
SELECT line.ordinal, known.id AS resident_id, known.household_id, known.name = line.name AS is_named,
       known.moved_out_on IS NULL AS is_living
FROM loading_row AS line
JOIN households_resident AS known ON known.document_fingerprint = line.mark AND known.document_fingerprint <> ''
JOIN grids_unit AS unit ON unit.id = known.household_id AND unit.street_id = line.street_id
WHERE line.mark <> '' AND line.is_person AND NOT line.is_refused
"""
_FREE = """
line.is_person AND NOT line.is_refused
  AND NOT EXISTS (SELECT FROM loading_found AS found WHERE found.ordinal = line.ordinal)
  AND NOT EXISTS (SELECT FROM loading_found AS found WHERE found.resident_id = known.id)
"""
# Two documents and one birth date: the number was mistyped once. Which time, somebody must say.
_IN_HOUSEHOLD = f"""
SELECT line.ordinal, known.id AS resident_id, known.household_id, true AS is_named,
       known.moved_out_on IS NULL AS is_living, line.born_on = known.born_on AS is_dated,
       '' NOT IN (line.mark, known.document_fingerprint) AS is_doubtful
FROM loading_row AS line JOIN loading_home AS home USING (home)
JOIN households_resident AS known ON known.household_id = home.unit_id AND known.name = line.name
WHERE {_FREE}
  AND (line.born_on = known.born_on
       OR ((line.born_on IS NULL OR known.born_on IS NULL) AND '' IN (line.mark, known.document_fingerprint)))
"""  # noqa: S608 -- constants
_IN_STREET = f"""
SELECT line.ordinal, known.id AS resident_id, known.household_id, true AS is_named, true AS is_living,
       true AS is_dated, true AS is_doubtful
FROM loading_row AS line
JOIN households_resident AS known ON known.name = line.name AND known.born_on = line.born_on
     AND known.moved_out_on IS NULL AND '' IN (line.mark, known.document_fingerprint)
JOIN grids_unit AS unit ON unit.id = known.household_id AND unit.street_id = line.street_id
WHERE {_FREE}
"""  # noqa: S608 -- constants
_KEEP = """
INSERT INTO loading_found SELECT ordinal, resident_id, household_id, is_named, is_living FROM {chosen}
"""
_DOUBT = "INSERT INTO loading_problem SELECT ordinal, 'same_person' FROM {chosen} WHERE is_doubtful"
_TWO_NAMES = """
INSERT INTO loading_problem SELECT ordinal, 'two_names' FROM loading_found AS found
WHERE NOT is_named AND NOT EXISTS (SELECT FROM loading_problem AS known WHERE known.ordinal = found.ordinal)
"""
# Nobody in the register, but the file itself has them twice, once at least without a document.
_TWICE_UNNUMBERED = """
INSERT INTO loading_problem
SELECT line.ordinal, 'same_person' FROM loading_row AS line
WHERE line.mark = '' AND line.born_on IS NOT NULL AND line.is_person AND NOT line.is_refused
  AND NOT EXISTS (SELECT FROM loading_found AS found WHERE found.ordinal = line.ordinal)
  AND EXISTS (
      SELECT FROM loading_row AS other
      WHERE other.name = line.name AND other.born_on = line.born_on AND other.is_person AND NOT other.is_refused
        AND (other.mark <> '' OR other.ordinal < line.ordinal) AND other.ordinal <> line.ordinal
  )
"""


def match_by_document() -> None:
    """Make `loading_found`: ordinal, resident_id, household_id, is_named (the names agree), is_living."""
    table("loading_likely", _BY_DOCUMENT)
    pair_off(
        "loading_likely",
        left="ordinal",
        right="resident_id",
        best="is_named DESC, is_living DESC",
        into="loading_found",
    )


def match_by_name() -> None:
    """Add those found by name and birth date, and what is doubtful. Needs `loading_home`."""
    run("CREATE INDEX ON loading_found (ordinal); CREATE INDEX ON loading_found (resident_id)")
    run(_TWO_NAMES)
    for candidates in (_IN_HOUSEHOLD, _IN_STREET):
        if table("loading_likely", candidates):
            best = "is_doubtful, is_dated DESC NULLS LAST, is_living DESC"
            pair_off("loading_likely", left="ordinal", right="resident_id", best=best, into="loading_chosen")
            run(_KEEP.format(chosen="loading_chosen"))
            run(_DOUBT.format(chosen="loading_chosen"))
    run(_TWICE_UNNUMBERED)
    run("ANALYZE loading_found")
