"""Copies of limits that were made before measures: {"minutes": n} becomes an amount of a measure.

Standstills were notes in the copy; each becomes a `DeadlineShift`, with the reason and the approver of the suspension.
"""

from datetime import datetime

from django.db import migrations

BATCH = 2000


def renew(apps, schema_editor):
    Deadline, DeadlineShift = apps.get_model("dispatch", "Deadline"), apps.get_model("dispatch", "DeadlineShift")
    old = Deadline.objects.filter(rule__has_any_keys=["minutes", "stood_still"]).order_by("pk")
    while rows := list(old[:BATCH]):
        suspensions = _suspensions(apps, rows)
        shifts = []
        for row in rows:
            shifts += _shifts(DeadlineShift, row, suspensions.get(row.incident_id, []))
            minutes = row.rule.pop("minutes", None)
            if minutes is not None:
                row.rule |= {"amount": minutes, "measure": "minutes", "mode": ""}
        Deadline.objects.bulk_update(rows, ["rule"])
        DeadlineShift.objects.bulk_create(shifts)


def _suspensions(apps, rows):
    """The suspensions of these incidents by incident, the latest first."""
    StatusChange = apps.get_model("incidents", "StatusChange")
    found = {}
    acts = StatusChange.objects.filter(act="suspend", incident__in={row.incident_id for row in rows})
    for act in acts.order_by("-at", "-pk"):
        found.setdefault(act.incident_id, []).append(act)
    return found


def _shifts(DeadlineShift, row, suspensions):
    notes = row.rule.pop("stood_still", [])
    later = [note["due_was"] for note in notes[1:]]
    dues = [*map(datetime.fromisoformat, later), row.due_at] if notes else []
    for note, due_is in zip(notes, dues, strict=True):
        since = datetime.fromisoformat(note["from"])
        by = next((act for act in suspensions if act.at <= since), None)
        yield DeadlineShift(
            deadline=row,
            kind="stood_still",
            at=datetime.fromisoformat(note["until"]),
            since=since,
            due_was=datetime.fromisoformat(note["due_was"]),
            due_is=due_is,
            reason=by.data.get("reason", "") if by else "",
            approved_by_id=by.actor_id if by else None,
        )


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0010_outbox_pacing"), ("incidents", "0001_initial")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
