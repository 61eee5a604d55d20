"""Error workbooks of very many lines are written by the loader and kept sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0009_place_within")]
    operations = [
        migrations.AddField(
            "registerload", "error_file", models.CharField(blank=True, default="", editable=False, max_length=200)
        ),
        migrations.AddField(
            "registerload", "errors_asked_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
    ]
