"""People of a load: new ones, what changes of those that are known, their tags, and who is gone."""

from django.utils import timezone

from households.loading.comparison import facts
from households.loading.writing.jobs import Job

STEP = 20_000
"""People written between two signs of life."""

# Whom the file knows and what it changes of them; a tag alone is a change, too.
_CHANGES = f"""
SELECT line.ordinal, r.id AS resident_id, r.household_id AS old_id, at.unit_id AS new_id, r.changed_at,
       (r.household_id <> at.unit_id) AS moves, r.moved_out_on IS NOT NULL AND s.moved_out_on IS NULL AS is_back
FROM loading_line AS line JOIN {{staged}} AS s USING (ordinal) JOIN loading_at AS at ON at.home = line.home
JOIN households_resident AS r ON r.id = line.resident_id
WHERE line.is_person AND (r.household_id <> at.unit_id OR {facts.differ(facts.PERSON)})
"""  # noqa: S608 -- constants
# A move stands in the history of both households.
_RECORD = f"""
INSERT INTO households_registerchange (household_id, resident_id, what, actor_id, at, load_id, reason, before, after)
SELECT house.id, r.id,
       CASE WHEN change.moves THEN 'moved' WHEN change.is_back THEN 'moved_back' ELSE 'corrected' END,
       %(actor)s, %(at)s, %(load)s, '',
       {facts.record(facts.PERSON, "r")} || place.before || jsonb_build_object('changed_at', r.changed_at),
       {facts.record(facts.PERSON, "s")} || place.after
FROM loading_person_change AS change JOIN {{staged}} AS s USING (ordinal)
JOIN households_resident AS r ON r.id = change.resident_id
JOIN grids_unit AS old ON old.id = change.old_id JOIN grids_unit AS new ON new.id = change.new_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN change.moves THEN jsonb_build_object('household', old.code) ELSE jsonb_build_object() END,
           CASE WHEN change.moves THEN jsonb_build_object('household', new.code) ELSE jsonb_build_object() END
) AS place (before, after)
CROSS JOIN LATERAL unnest(CASE WHEN change.moves THEN ARRAY[old.id, new.id] ELSE ARRAY[new.id] END) AS house (id)
ORDER BY change.ordinal
"""  # noqa: S608 -- constants
_CHANGE = f"""
UPDATE households_resident AS r
SET {facts.assignments(facts.PERSON)}, household_id = change.new_id, changed_at = %(at)s
FROM loading_person_change AS change JOIN {{staged}} AS s USING (ordinal) WHERE r.id = change.resident_id
"""  # noqa: S608 -- constants
_NEWCOMERS = """
SELECT nextval((SELECT pg_get_serial_sequence('households_resident', 'id')::regclass)) AS id, ordinal, unit_id
FROM (
    SELECT line.ordinal, at.unit_id FROM loading_line AS line JOIN loading_at AS at USING (home)
    WHERE line.is_person AND line.resident_id IS NULL ORDER BY line.ordinal
) AS ordered
"""
_BOUNDS = "SELECT coalesce(min(ordinal), 0), coalesce(max(ordinal), -1) FROM loading_newcomer"
_ADD = f"""
INSERT INTO households_resident (id, household_id, {", ".join(facts.columns(facts.PERSON))}, made_at, made_in_id,
                                 changed_at)
SELECT newcomer.id, newcomer.unit_id, {facts.new_values(facts.PERSON)}, %(at)s, %(load)s, %(at)s
FROM loading_newcomer AS newcomer JOIN {{staged}} AS s USING (ordinal)
WHERE newcomer.ordinal >= %(first)s AND newcomer.ordinal < %(end)s ORDER BY newcomer.ordinal
"""  # noqa: S608 -- constants
_TAGS = """
SELECT DISTINCT who.id AS resident_id, kind.id AS kind_id, kind.code, who.is_new
FROM loading_line AS line JOIN {staged} AS s USING (ordinal)
LEFT JOIN loading_newcomer AS newcomer USING (ordinal)
CROSS JOIN LATERAL (SELECT coalesce(line.resident_id, newcomer.id), newcomer.id IS NOT NULL) AS who (id, is_new)
CROSS JOIN LATERAL unnest(s.tags) AS tag (code) JOIN households_tagkind AS kind ON kind.code = tag.code
WHERE line.is_tagged AND line.is_person AND NOT EXISTS (
    SELECT FROM households_residenttag AS known
    WHERE known.resident_id = who.id AND known.kind_id = kind.id AND known.until IS NULL
)
"""
_ADD_TAGS = """
INSERT INTO households_residenttag (resident_id, kind_id, note, since, made_by_id, made_in_id)
SELECT resident_id, kind_id, '', %(day)s, %(actor)s, %(load)s FROM loading_tag ORDER BY resident_id, kind_id
"""
# What the row of history keeps of the moment before is what stood there before this load.
_RECORD_TAGS = """
INSERT INTO households_registerchange (household_id, resident_id, what, actor_id, at, load_id, reason, before, after)
SELECT r.household_id, r.id, 'tagged', %(actor)s, %(at)s, %(load)s, '',
       jsonb_build_object('changed_at', coalesce(change.changed_at, r.changed_at)), jsonb_build_object('tag', tag.code)
FROM loading_tag AS tag JOIN households_resident AS r ON r.id = tag.resident_id
LEFT JOIN loading_person_change AS change ON change.resident_id = r.id
WHERE NOT tag.is_new ORDER BY r.id, tag.kind_id
"""
_TOUCH_TAGGED = """
UPDATE households_resident AS r SET changed_at = %(at)s FROM loading_tag AS tag
WHERE tag.resident_id = r.id AND NOT tag.is_new AND r.changed_at <> %(at)s
"""
_RECORD_GONE = """
INSERT INTO households_registerchange (household_id, resident_id, what, actor_id, at, load_id, reason, before, after)
SELECT r.household_id, r.id, 'moved_out', %(actor)s, %(at)s, %(load)s, '',
       jsonb_build_object('moved_out_on', NULL, 'changed_at', r.changed_at), jsonb_build_object('moved_out_on', %(day)s)
FROM loading_gone AS gone JOIN households_resident AS r ON r.id = gone.resident_id ORDER BY r.id
"""
_MOVE_OUT = """
UPDATE households_resident AS r SET moved_out_on = %(day)s, changed_at = %(at)s
FROM loading_gone AS gone WHERE r.id = gone.resident_id
"""


def change(job: Job) -> dict[str, int]:
    """Write what differs of those whom the register knows, after recording what stood before."""
    job.table("loading_person_change", _CHANGES)
    job.run(_RECORD)
    job.run(_CHANGE)
    moved = job.rows("SELECT count(*) FILTER (WHERE moves), count(*) FROM loading_person_change")[0]
    return {"moved": moved[0], "changed": moved[1] - moved[0]}


def add(job: Job) -> dict[str, int]:
    """Write the new ones in the order of the file, some thousands at a time."""
    count = job.table("loading_newcomer", _NEWCOMERS, index="ordinal")
    first, last = job.rows(_BOUNDS)[0]
    done = 0
    for start in range(first, last + 1, STEP):
        done += job.run(_ADD, first=start, end=start + STEP)
        job.say("residents", done, job.total)
    return {"new": count}


def tag(job: Job) -> dict[str, int]:
    """Add the tags that somebody doesn't have yet. A load ends no tag."""
    count = job.table("loading_tag", _TAGS)
    if count:
        job.run(_ADD_TAGS, day=timezone.localdate(job.at))
        job.run(_RECORD_TAGS)
        job.run(_TOUCH_TAGGED)
    return {"tags": count}


def move_out(job: Job) -> dict[str, int]:
    """Let those go whom the file doesn't name any more, if the user said so."""
    if job.load.answers.get("gone") != "move_out":
        return {"moved_out": 0}
    day = timezone.localdate(job.at)
    job.run(_RECORD_GONE, day=day)
    return {"moved_out": job.run(_MOVE_OUT, day=day)}
