"""A supplement is a remark that was typed as a report; the form's id makes one that is sent twice one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_acts_of_residents")]

    operations = [
        migrations.AddField(
            model_name="note",
            name="client_uuid",
            field=models.UUIDField(null=True, unique=True, verbose_name="client's own id"),
        ),
    ]
