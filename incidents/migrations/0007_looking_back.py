"""How things stood at a past minute: what was under way then, and the history of each, from indexes."""

import django.db.models.deletion
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models
from django.db.models.functions import Greatest

_ENDED = models.Case(
    models.When(status__in=("merged", "void"), then=Greatest("reported_at", "state_entered_at")),
    models.When(closed_at__isnull=False, then=Greatest("reported_at", "closed_at")),
    output_field=models.DateTimeField(),
)
_LASTED = models.Func(
    "reported_at", _ENDED, models.Value("[]"), function="tstzrange", output_field=DateTimeRangeField()
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_note_client_uuid")]
    operations = [
        migrations.AddIndex("incident", GistIndex(_LASTED, name="incident_lasted")),
        migrations.AddIndex(
            "statuschange",
            models.Index(fields=["incident", "id"], include=["at", "old", "new"], name="change_of_incident"),
        ),
        migrations.AddIndex(
            "statuschange",
            models.Index(fields=["incident"], condition=models.Q(act="triage"), name="change_triage"),
        ),
        migrations.AlterField(
            "statuschange",
            "incident",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                db_index=False,
                to="incidents.incident",
                verbose_name="incident",
            ),
        ),
    ]
