"""Taking a load back: the register as it was before, and the tree as sound as ever.

Whom the load brought goes, with the households and tags; their doors retire, as a code is never given again. What it
changed or moved gets its old values out of the history, its old `changed_at` with them, and a row of history says so.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from grids import tree
from grids.errors import TreeRefused
from grids.models import Unit
from households.loading.comparison import facts
from households.loading.staging.sets import rows, run, table
from households.loading.writing import changed_since
from households.loading.writing.applying import busy
from households.models import LoadStreet, RegisterLoad
from households.versions import hold_register

_NEWCOMERS = """
SELECT r.id FROM households_resident AS r JOIN grids_unit AS unit ON unit.id = r.household_id
WHERE r.made_in_id = %(load)s AND r.made_at = %(then)s AND unit.street_id = %(street)s
"""
_NEW_HOUSEHOLDS = """
SELECT r.unit_id AS id FROM households_household AS r JOIN grids_unit AS unit ON unit.id = r.unit_id
WHERE r.made_in_id = %(load)s AND r.made_at = %(then)s AND unit.street_id = %(street)s
"""
_NEW_DOORS = """
SELECT unit.id FROM undone_new_household AS home JOIN grids_unit AS unit USING (id)
WHERE unit.made_at = %(then)s AND unit.retired_at IS NULL
"""
# One load may leave several rows of history of one person; all say the same of the moment before.
_CHANGED = """
SELECT {who} AS id, jsonb_object_agg(said.key, said.value) AS before,
       jsonb_object_agg(said.key, coalesce(change.after -> said.key, 'null')) - 'changed_at' AS after
FROM households_registerchange AS change JOIN grids_unit AS unit ON unit.id = change.household_id
CROSS JOIN LATERAL jsonb_each(change.before) AS said
WHERE change.load_id = %(load)s AND change.at = %(then)s AND unit.street_id = %(street)s AND {about}
GROUP BY 1
"""
_RECORD = """
INSERT INTO households_registerchange (household_id, resident_id, what, actor_id, at, load_id, reason, before, after)
SELECT {household}, {resident}, 'undone', %(actor)s, %(at)s, %(load)s, '', mine.after, mine.before - 'changed_at'
FROM {mine} AS mine {joined} ORDER BY mine.id
"""
_RESTORE_PEOPLE = f"""
UPDATE households_resident AS r
SET {facts.restored(facts.PERSON, "mine.before")}, changed_at = (mine.before ->> 'changed_at')::timestamptz,
    household_id = coalesce((SELECT id FROM grids_unit WHERE code = mine.before ->> 'household'), r.household_id)
FROM undone_person AS mine WHERE mine.id = r.id
"""  # noqa: S608 -- constants
_RESTORE_HOUSEHOLDS = f"""
UPDATE households_household AS r
SET {facts.restored(facts.HOUSEHOLD, "mine.before")}, changed_at = (mine.before ->> 'changed_at')::timestamptz
FROM undone_household AS mine WHERE mine.id = r.unit_id
"""  # noqa: S608 -- constants
_MOVE_BACK = """
INSERT INTO grids_moved_door (key, unit_id, position, micro_grid_id, name)
SELECT unit.id, unit.id, row_number() OVER (ORDER BY unit.code), coalesce(old.id, unit.parent_id),
       coalesce(renamed.before ->> 'name', unit.name)
FROM undone_household AS mine JOIN grids_unit AS unit USING (id)
LEFT JOIN grids_unit AS old ON old.code = mine.before ->> 'micro_grid'
LEFT JOIN grids_unitchange AS renamed
    ON renamed.unit_id = unit.id AND renamed.at = %(then)s AND renamed.what = 'renamed'
WHERE old.id IS NOT NULL OR renamed.id IS NOT NULL
"""
_TAKE_AWAY = (
    "DELETE FROM households_residenttag AS tag WHERE tag.made_in_id = %(load)s"
    " AND tag.resident_id IN (SELECT id FROM undone_person UNION ALL SELECT id FROM undone_newcomer)",
    "DELETE FROM households_resident AS r USING undone_newcomer AS mine WHERE mine.id = r.id",
    "DELETE FROM households_household AS r USING undone_new_household AS mine WHERE mine.id = r.unit_id",
)


def undo_street(load: RegisterLoad, street_id: int, *, actor: User | None, at: datetime) -> dict[str, int]:
    """Restore exactly what was before the load's share of the street was applied; returns what was restored.

    One transaction. A street that isn't applied is left alone. Raises `Refused` with the code `street_busy` (see
    `applying`) or `changed_since`, whose message says how many of the load's rows have changed or got something
    attached since.
    """
    with transaction.atomic():
        unit = Unit.objects.get(pk=street_id)
        if not tree.try_lock(unit):
            raise busy(unit)
        street = LoadStreet.objects.select_for_update().get(load=load, street_id=street_id)
        if street.state != LoadStreet.State.APPLIED:
            return dict(street.counts.get("undone", {}))
        written = street.counts.get("applied", {})
        undone = _undo(load, unit, street, actor=actor, at=at) if any(written.values()) else {}
        street.state, street.undone_at, street.undone_by = LoadStreet.State.UNDONE, at, actor
        street.counts = {**street.counts, "undone": undone}
        street.save(update_fields=["state", "undone_at", "undone_by", "counts"])
        return undone


def _undo(load: RegisterLoad, street: Unit, share: LoadStreet, *, actor: User | None, at: datetime) -> dict[str, int]:
    written = share.counts["applied"]
    parameters: dict[str, Any] = {
        "load": load.pk,
        "street": street.pk,
        "then": share.applied_at,
        "actor": actor.pk if actor else None,
        "at": at,
        "new": written.get("new", 0),
        "new_households": written.get("new_households", 0),
    }
    hold_register(street.pk, at=at)
    counts = _find(parameters)
    changed_since.refuse_if_changed(parameters)
    doors = [row[0] for row in rows("SELECT id FROM undone_door ORDER BY id")]
    _put_back(street, parameters, actor=actor, at=at)
    for statement in _TAKE_AWAY:
        run(statement, parameters)
    tree.retire_doors(street, doors, actor=actor, reason=_reason(), at=at)
    _retire_places(street, share, actor=actor, at=at)
    return counts


def _find(parameters: dict[str, Any]) -> dict[str, int]:
    """The tables of what the load wrote; returns how much it is."""
    people = _CHANGED.format(who="change.resident_id", about="change.resident_id IS NOT NULL")
    households = _CHANGED.format(who="change.household_id", about="change.resident_id IS NULL")
    counts = {
        "new": table("undone_newcomer", _NEWCOMERS, parameters, index="id"),
        "new_households": table("undone_new_household", _NEW_HOUSEHOLDS, parameters, index="id"),
        "changed": table("undone_person", people, parameters, index="id"),
        "changed_households": table("undone_household", households, parameters, index="id"),
    }
    table("undone_door", _NEW_DOORS, parameters)
    return counts


def _put_back(street: Unit, parameters: dict[str, Any], *, actor: User | None, at: datetime) -> None:
    """What was changed or moved, with a row of history each."""
    joined = "JOIN households_resident AS r ON r.id = mine.id"
    run(_RESTORE_PEOPLE, parameters)
    run(_RECORD.format(mine="undone_person", household="r.household_id", resident="mine.id", joined=joined), parameters)
    run(_RESTORE_HOUSEHOLDS, parameters)
    run(_RECORD.format(mine="undone_household", household="mine.id", resident="NULL::bigint", joined=""), parameters)
    tree.stage_moved_doors()
    if run(_MOVE_BACK, parameters):
        tree.move_staged_doors(street, actor=actor, reason=_reason(), at=at)


def _retire_places(street: Unit, share: LoadStreet, *, actor: User | None, at: datetime) -> None:
    """Places that the load added retire from below, unless somebody has begun to use them."""
    made = Unit.objects.filter(tree_id=street.pk, made_at=share.applied_at, retired_at=None)
    named = share.load.places.filter(found="new").values("unit")
    above = made.filter(pk__in=named) | made.filter(pk__in=Unit.objects.filter(pk__in=named).values("grid"))
    for unit in above.order_by("-level", "-lft"):
        try:
            tree.retire_unit(unit, actor=actor, reason=_reason(), at=at)
        except TreeRefused as refused:
            if refused.code not in ("has_children", "has_posts"):
                raise


def _reason() -> str:
    return _("A load was undone")
