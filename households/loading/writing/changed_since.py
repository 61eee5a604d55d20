"""Whether a load can be taken back: nothing that it wrote has changed since, and nothing new hangs on it."""

from collections.abc import Iterator

from django.db.models import ManyToOneRel, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.errors import Refused
from grids.models import Unit, UnitChange
from households.loading.staging.sets import rows
from households.models import Household, RegisterChange, Resident, ResidentTag

# Whom the load brought and cannot be found here any more has been moved to another street.
_PEOPLE = """
SELECT (SELECT count(*) FROM undone_newcomer AS mine JOIN households_resident AS r USING (id)
        WHERE r.changed_at <> %(then)s)
     + (SELECT greatest(%(new)s - count(*), 0) FROM undone_newcomer)
     + (SELECT count(*) FROM undone_person AS mine LEFT JOIN households_resident AS r ON r.id = mine.id
        WHERE r.changed_at IS DISTINCT FROM %(then)s)
     + (SELECT count(*) FROM households_resident AS r WHERE r.household_id IN (SELECT id FROM undone_new_household)
        AND NOT EXISTS (SELECT FROM undone_newcomer AS mine WHERE mine.id = r.id)
        AND NOT EXISTS (SELECT FROM undone_person AS mine WHERE mine.id = r.id))
     + (SELECT count(DISTINCT tag.resident_id) FROM households_residenttag AS tag
        WHERE (tag.made_in_id = %(load)s AND tag.until IS NOT NULL
               AND tag.resident_id IN (SELECT id FROM undone_person UNION ALL SELECT id FROM undone_newcomer))
           OR (tag.made_in_id IS DISTINCT FROM %(load)s AND tag.resident_id IN (SELECT id FROM undone_newcomer)))
"""
_HOUSEHOLDS = """
SELECT (SELECT count(*) FROM undone_new_household AS mine JOIN households_household AS r ON r.unit_id = mine.id
        WHERE r.changed_at <> %(then)s)
     + (SELECT greatest(%(new_households)s - count(*), 0) FROM undone_new_household)
     + (SELECT count(*) FROM undone_household AS mine LEFT JOIN households_household AS r ON r.unit_id = mine.id
        WHERE r.changed_at IS DISTINCT FROM %(then)s)
"""
# What the load itself wrote, and the history, which stays.
_OWN = (Unit, UnitChange, Household, Resident, ResidentTag, RegisterChange)
_HANGING = ((Unit, "undone_door"), (Household, "undone_new_household"), (Resident, "undone_newcomer"))


def refuse_if_changed(parameters: dict[str, object]) -> None:
    """Raise `Refused` (`changed_since`), saying how much of what the load wrote isn't as it wrote it.

    Needs the tables of `undoing`. What hangs on a new door or person is any row of any app that points there, such as
    a report: the models are asked for their relations, so no app need be known here.
    """
    people, households = (rows(sql, parameters)[0][0] for sql in (_PEOPLE, _HOUSEHOLDS))
    hanging = sum(_pointing())
    said = [
        ngettext("%(count)d person", "%(count)d people", people) % {"count": people} if people else "",
        ngettext("%(count)d household", "%(count)d households", households) % {"count": households}
        if households
        else "",
        ngettext("%(count)d entry at a new door", "%(count)d entries at new doors", hanging) % {"count": hanging}
        if hanging
        else "",
    ]
    told = [part for part in said if part]
    if told:
        listed = pgettext("between the items of a list", ", ").join(told)
        raise Refused(
            _("This load can't be undone any more: changed or added since then: %(what)s.") % {"what": listed},
            code="changed_since",
        )


def _pointing() -> Iterator[int]:
    """How many rows of other models point at the new doors, households and people."""
    for model, table in _HANGING:
        for pointing, column in _relations(model):
            sql = f"SELECT count(*) FROM {pointing} WHERE {column} IN (SELECT id FROM {table})"  # noqa: S608 -- models
            yield rows(sql)[0][0]


def _relations(model: type[Model]) -> Iterator[tuple[str, str]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            other = relation.related_model
            if other not in _OWN and other._meta.managed:
                yield other._meta.db_table, str(relation.field.column)
