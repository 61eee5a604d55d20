"""A household that is closed says so in its history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0006_load_runs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registerchange",
            name="what",
            field=models.CharField(
                choices=[
                    ("added", "Added"),
                    ("corrected", "Corrected"),
                    ("moved", "Moved to another household"),
                    ("moved_out", "Moved out"),
                    ("moved_back", "Moved back in"),
                    ("household_moved", "Household moved"),
                    ("split", "Split off"),
                    ("merged", "Merged"),
                    ("closed", "Closed"),
                    ("tagged", "Tagged"),
                    ("untagged", "Tag ended"),
                    ("undone", "Load undone"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
