"""What the rows of a file would do to the register, in sets: a statement a question, whatever its size."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import transaction

from households.loading.comparison import facts, gone, houses, matching_homes, matching_people, matching_rows
from households.loading.staging import partitions
from households.loading.staging.sets import rows, run, table
from households.models import LoadStreet, RegisterLoad, StagedPerson, StagedVerdict
from households.versions import version_of

Verdict = StagedVerdict.Verdict
type Counts = dict[str, Any]

# What changes of the household shows on its first line that is taken.
_SHOWN = """
SELECT change.home, min(line.ordinal) AS ordinal
FROM loading_house_change AS change JOIN loading_home AS home ON home.first_home = change.home
JOIN loading_row AS line ON line.home = home.home
WHERE change.differs AND NOT line.is_refused
  AND NOT EXISTS (SELECT FROM loading_problem AS found WHERE found.ordinal = line.ordinal)
GROUP BY change.home
"""
_PROBLEMS = """
SELECT ordinal, jsonb_agg(jsonb_build_array(problem, -1)) AS problems, bool_or(problem IN ('two_names', 'same_person'))
       AS is_doubtful
FROM loading_problem GROUP BY ordinal
"""
_NEW_TAG = """EXISTS (
    SELECT FROM unnest(s.tags) AS tag (code) JOIN households_tagkind AS kind ON kind.code = tag.code
    WHERE NOT EXISTS (SELECT FROM households_residenttag AS known WHERE known.resident_id = r.id
                      AND known.kind_id = kind.id AND known.until IS NULL))"""
_VERDICTS = f"""
INSERT INTO {{verdicts}} (load_id, ordinal, street_id, micro_grid_id, unit_id, resident_id, verdict, problems, home)
SELECT %(load)s, line.ordinal, line.street_id, coalesce(home.micro_grid_id, line.micro_grid_id), home.unit_id,
       found.resident_id,
       CASE WHEN line.is_refused THEN 'refused'
            WHEN problem.is_doubtful THEN 'doubtful'
            WHEN (line.is_person AND r.id IS NULL) OR (NOT line.is_person AND home.unit_id IS NULL) THEN 'new'
            WHEN coalesce(house.moves, false) OR (line.is_person AND r.household_id IS DISTINCT FROM home.unit_id)
                THEN 'moved'
            WHEN shown.ordinal IS NOT NULL
                 OR (line.is_person AND (({facts.differ(facts.PERSON)}) OR (s.tags IS NOT NULL AND {_NEW_TAG})))
                THEN 'changed'
            ELSE 'unchanged' END,
       CASE WHEN problem.problems IS NULL THEN s.problems ELSE coalesce(s.problems, '[]') || problem.problems END,
       coalesce(home.first_home, line.home)
FROM loading_row AS line JOIN {{staged}} AS s USING (ordinal)
LEFT JOIN loading_home AS home ON home.home = line.home
LEFT JOIN loading_found AS found ON found.ordinal = line.ordinal
LEFT JOIN households_resident AS r ON r.id = found.resident_id
LEFT JOIN loading_found_problem AS problem ON problem.ordinal = line.ordinal
LEFT JOIN loading_house_change AS house ON house.home = home.first_home
LEFT JOIN loading_shown AS shown ON shown.ordinal = line.ordinal
WHERE %(street)s IS NULL OR line.street_id = %(street)s
ORDER BY line.ordinal
"""  # noqa: S608 -- constants
_LINES = "SELECT line.ordinal, home.first_home AS home FROM loading_row AS line JOIN loading_home AS home USING (home)"
_COUNTS = "SELECT street_id, verdict, count(*) FROM {verdicts} GROUP BY 1, 2"
_HOUSEHOLDS = """
SELECT street_id, count(DISTINCT home), count(DISTINCT home) FILTER (WHERE unit_id IS NULL)
FROM {verdicts} WHERE verdict <> 'refused' GROUP BY street_id
"""
_BY_PROBLEM = """
SELECT street_id, problem.value ->> 0, count(DISTINCT ordinal)
FROM {verdicts} CROSS JOIN LATERAL jsonb_array_elements(problems) AS problem WHERE problems IS NOT NULL GROUP BY 1, 2
"""


def compare(load: RegisterLoad, *, on: date) -> None:
    """Fill the load's partition of `StagedVerdict`, its `LoadStreet`s and `load.counts`, all afresh.

    Reads the staged rows and the places as they stand now: call it again when a place was chosen or an answer given.
    `on` is the day of the preview. Streets that are applied already keep their counts.

    Counts, of the load and of each street: rows by verdict (`new`, `changed`, `moved`, `unchanged`, `doubtful`,
    `refused`), `rows`, `households` (of the file), `new_households`, `gone`, and `problems` (rows by problem).
    """
    partitions.make(StagedVerdict, load.pk)
    with transaction.atomic():
        # Before the register is read: what changes from here on makes the versions differ when the load is applied.
        versions = {street: version_of(street) for street in _streets(load)}
        _judge(load)
        partitions.finish(StagedVerdict, load.pk)
        counts = _count(load)
        load.counts = _total(counts)
        load.save(update_fields=["counts"])
        _keep_streets(load, {street: counted for street, counted in counts.items() if street is not None}, versions)


def compare_street(load: RegisterLoad, street_id: int) -> Counts:
    """Judge the rows of one street again, within the transaction that is about to apply them; returns its counts."""
    run(f"DELETE FROM {_verdicts(load)} WHERE street_id = %(street)s", {"street": street_id})  # noqa: S608 -- a number names the table
    _judge(load, street_id)
    return _count(load).get(street_id) or _no_counts()


def _judge(load: RegisterLoad, street_id: int | None = None) -> None:
    staged, verdicts = partitions.name_of(StagedPerson, load.pk), _verdicts(load)
    matching_rows.prepare(load.pk, staged=staged, add_places=load.answers.get("add_places", True))
    matching_people.match_by_document()
    matching_homes.match()
    matching_people.match_by_name()
    houses.read(staged=staged, lines=_LINES)
    houses.compare("(SELECT * FROM loading_home WHERE home = first_home)")
    table("loading_shown", _SHOWN)
    table("loading_found_problem", _PROBLEMS)
    run(_VERDICTS.format(staged=staged, verdicts=verdicts), {"load": load.pk, "street": street_id})


def _verdicts(load: RegisterLoad) -> str:
    return partitions.name_of(StagedVerdict, load.pk)


def _streets(load: RegisterLoad) -> list[int]:
    streets = load.places.exclude(unit__street=None).values_list("unit__street_id", flat=True)
    return sorted(set(streets))


def _no_counts() -> Counts:
    numbers = (*Verdict.values, "rows", "households", "new_households", "gone")
    return {**dict.fromkeys(numbers, 0), "problems": {}}


def _count(load: RegisterLoad) -> dict[int | None, Counts]:
    """By street; None counts the rows whose place isn't known."""
    verdicts = _verdicts(load)
    counts: dict[int | None, Counts] = defaultdict(_no_counts)
    for street, verdict, count in rows(_COUNTS.format(verdicts=verdicts)):
        counts[street][verdict] = count
        counts[street]["rows"] += count
    for street, households, new in rows(_HOUSEHOLDS.format(verdicts=verdicts)):
        counts[street].update(households=households, new_households=new)
    for street, problem, count in rows(_BY_PROBLEM.format(verdicts=verdicts)):
        counts[street]["problems"][problem] = count
    for street, count in gone.counts(load):
        counts[street]["gone"] = count
    return counts


def _total(counts: dict[int | None, Counts]) -> Counts:
    total = _no_counts()
    for counted in counts.values():
        for key, value in counted.items():
            if key != "problems":
                total[key] += value
        for problem, count in counted["problems"].items():
            total["problems"][problem] = total["problems"].get(problem, 0) + count
    return total


def _keep_streets(load: RegisterLoad, counts: dict[int, Counts], versions: dict[int, int]) -> None:
    load.streets.filter(state=LoadStreet.State.READY).exclude(street__in=counts).delete()
    done = set(load.streets.exclude(state=LoadStreet.State.READY).values_list("street_id", flat=True))
    for street_id, counted in counts.items():
        if street_id not in done:
            compared = {"counts": counted, "register_version": versions[street_id]}
            LoadStreet.objects.update_or_create(load=load, street_id=street_id, defaults=compared)
