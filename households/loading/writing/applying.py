"""Writing a load into the register: a street at a time, all or nothing, in sets."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import User
from grids import tree
from grids.models import Unit
from households.loading.comparison import comparing, gone
from households.loading.staging.sets import rows, run
from households.loading.writing import houses, people, places
from households.loading.writing.jobs import Job, Say
from households.models import LoadStreet, RegisterLoad, StagedVerdict
from households.versions import hold_register, lock_register

Verdict = StagedVerdict.Verdict
_MANY = 5_000
# From so many new people on, and when they are half as many as the planner knows of, it is told at once: lists are
# opened right after a load. Not after each of a city's streets: its figures stay right while the register grows evenly.
_KNOWN = "SELECT reltuples FROM pg_class WHERE oid = 'households_resident'::regclass"
_WRITTEN = (Verdict.NEW, Verdict.CHANGED, Verdict.MOVED)
# The rows that write something, each at its place: where that was to be added, it has been by now.
_LINES = """
SELECT v.ordinal, v.home, v.resident_id, v.unit_id, coalesce(v.micro_grid_id, place.unit_id) AS micro_grid_id,
       s.name <> '' AS is_person, s.tags IS NOT NULL AS is_tagged
FROM {verdicts} AS v JOIN {staged} AS s USING (ordinal)
LEFT JOIN households_namedplacerow AS place ON place.load_id = %(load)s AND place.index = s.place
WHERE v.street_id = %(street)s AND v.verdict = ANY(%(written)s)
"""


def apply_street(
    load: RegisterLoad, street_id: int, *, actor: User | None, at: datetime, say: Say = lambda stage, done, total: None
) -> dict[str, int]:
    """Write the load's share of the street; returns what was written, which `LoadStreet.counts` keeps as `applied`.

    One transaction. A street that is applied already answers with its counts and stays as it is, so that a load which
    was interrupted is simply applied again. `at` marks every row that is written and must be another moment for each
    load. Raises `Refused` with the code

    - `street_busy`: somebody else writes the street's tree now. Nobody waits here: try again later (`runs` does);
    - `register_changed`: the register has changed since the preview, and the counts with it: compare again, and let
      the user look again.
    """
    with transaction.atomic():
        unit = Unit.objects.get(pk=street_id)
        if not tree.try_lock(unit):
            raise busy(unit)
        street = LoadStreet.objects.select_for_update().get(load=load, street_id=street_id)
        if street.state != LoadStreet.State.READY:
            return dict(street.counts.get("applied", {}))
        _compare_again_if_changed(load, street, at)
        written = _write(Job(load, unit, actor, at, say))
        street.state, street.applied_at = LoadStreet.State.APPLIED, at
        street.counts = {**street.counts, "applied": written}
        street.save(update_fields=["state", "applied_at", "counts"])
    _tell_planner(written.get("new", 0))
    return written


def _tell_planner(new: int) -> None:
    if new >= _MANY and new >= rows(_KNOWN)[0][0] / 2:
        run("ANALYZE households_resident, households_household, grids_unit")


def busy(street: Unit) -> Refused:
    return Refused(
        _("Somebody else is changing %(street)s just now. Try again in a moment.") % {"street": street.name},
        code="street_busy",
    )


def _compare_again_if_changed(load: RegisterLoad, street: LoadStreet, at: datetime) -> None:
    if lock_register(street.street_id, at=at) == street.register_version:
        return
    if comparing.compare_street(load, street.street_id) != street.counts:
        raise Refused(
            _("The register of %(street)s has changed since the preview. Look at the new counts, then apply.")
            % {"street": street.street.name},
            code="register_changed",
        )


def _write(job: Job) -> dict[str, int]:
    """Everything, in the order in which one thing needs another."""
    job.say("places", 0, 0)
    added = places.add_named(job)
    job.total = job.table("loading_line", _LINES, index="ordinal", written=_written_verdicts(job.load))
    moving_out = gone.find(job.load, job.street.pk) if job.load.answers.get("gone") == "move_out" else 0
    written = {"new_places": added}
    if job.total or moving_out:
        hold_register(job.street.pk, at=job.at)
        for stage, work in _STEPS.items():
            job.say(stage, 0, job.total)
            written |= work(job)
            job.say(stage, job.total, job.total)
    return written


def _written_verdicts(load: RegisterLoad) -> list[str]:
    """Doubtful rows stay out unless the user said to take them: then each is who it may be."""
    taken = [Verdict.DOUBTFUL] if load.answers.get("doubtful") == "take" else []
    return [*_WRITTEN, *taken]


_STEPS: dict[str, Callable[[Job], dict[str, int]]] = {
    "doors": houses.add_doors,
    "households": houses.change,
    "residents": people.add,
    "changes": people.change,
    "tags": people.tag,
    "gone": people.move_out,
}
STAGES = ("places", *_STEPS)
