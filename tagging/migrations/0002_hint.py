import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What stands beside each incident in the queue."""

    dependencies = [
        ("grids", "0007_modes_and_absences"),
        ("incidents", "0005_acts_of_residents"),
        ("tagging", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hint",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hint",
                        serialize=False,
                        to="incidents.incident",
                        verbose_name="incident",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="at")),
                (
                    "dictionary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tagging.dictionaryversion",
                        verbose_name="version of the dictionary",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="grids.department",
                        verbose_name="lead department",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hints",
                        to="tagging.suggestion",
                        verbose_name="suggestion",
                    ),
                ),
                (
                    "tagger",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tagging.tagger",
                        verbose_name="training",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggestion in the queue",
                "verbose_name_plural": "suggestions in the queue",
            },
        ),
    ]
