"""A verdict says to which household of the file its row belongs, once two that are one were joined."""

from django.db import migrations

ADD = "ALTER TABLE households_stagedverdict ADD COLUMN home integer NOT NULL DEFAULT 0"
REMOVE = "ALTER TABLE households_stagedverdict DROP COLUMN home"


class Migration(migrations.Migration):
    dependencies = [("households", "0007_closed_households")]
    operations = [migrations.RunSQL(ADD, REMOVE)]
