"""A landlord's phone is compared by its fingerprint, as a resident's is: two sealed texts of one number differ."""

from django.db import migrations, models

ADD = "ALTER TABLE households_stagedperson ADD COLUMN landlord_phone_fingerprint text NOT NULL DEFAULT ''"
REMOVE = "ALTER TABLE households_stagedperson DROP COLUMN landlord_phone_fingerprint"


class Migration(migrations.Migration):
    dependencies = [("households", "0004_staging")]
    operations = [
        migrations.AddField(
            "household",
            "landlord_phone_fingerprint",
            models.CharField(max_length=32, blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunSQL(ADD, REMOVE),
    ]
