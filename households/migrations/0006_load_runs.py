"""What runs of loads keep: signs of life, attempts, where a place could be added, places once said by hand."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0005_register_abilities"),
        ("households", "0005_landlord_phone_fingerprint"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="namedplacerow",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grids.unit",
                verbose_name="belongs to",
            ),
        ),
        migrations.AddField(
            model_name="registerload",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="registerload",
            name="began_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="begun at"),
        ),
        migrations.AddField(
            model_name="registerload",
            name="staged_rows",
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="namedplacerow",
            name="found",
            field=models.CharField(
                choices=[
                    ("code", "By its code"),
                    ("name", "By its name"),
                    ("address", "By the address"),
                    ("scope", "By the place that the file is for"),
                    ("user", "Chosen by hand"),
                    ("new", "To be added"),
                    ("unknown", "Not in the tree"),
                    ("ambiguous", "Several of this name"),
                    ("outside", "Outside your area"),
                ],
                max_length=10,
                verbose_name="found",
            ),
        ),
        migrations.AlterField(
            model_name="namedplacerow",
            name="index",
            field=models.IntegerField(),
        ),
        migrations.CreateModel(
            name="RememberedPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("community", models.CharField(blank=True, max_length=60, verbose_name="community")),
                ("grid", models.CharField(blank=True, max_length=60, verbose_name="grid")),
                ("micro_grid", models.CharField(blank=True, max_length=60, verbose_name="micro-grid")),
                ("hint", models.CharField(blank=True, max_length=60)),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "street",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                        verbose_name="street",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.unit",
                        verbose_name="micro-grid",
                    ),
                ),
            ],
            options={
                "verbose_name": "remembered place",
                "verbose_name_plural": "remembered places",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("street", "community", "grid", "micro_grid", "hint"),
                        name="place_remembered_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
