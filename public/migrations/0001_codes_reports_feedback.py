"""Place codes, what belongs to a resident's report, the versions of the notice, and feedback."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.sealing


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("grids", "0007_modes_and_absences"),
        ("incidents", "0005_acts_of_residents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(unique=True, verbose_name="version")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                ("text_en", models.TextField(max_length=2000, verbose_name="English text")),
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
            ],
            options={
                "verbose_name": "privacy notice",
                "verbose_name_plural": "privacy notices",
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("problem", "Something doesn't work"),
                            ("burden", "It makes needless work"),
                            ("idea", "An idea"),
                            ("praise", "Praise"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="text")),
                ("client_uuid", models.UUIDField(unique=True)),
                ("link", accounts.sealing.SealedTextField(verbose_name="secret of the link")),
                ("link_digest", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback on the product",
                "verbose_name_plural": "feedback on the product",
                "ordering": ["-sent_at"],
            },
        ),
        migrations.CreateModel(
            name="PlaceCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=9, unique=True, verbose_name="code")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="valid until")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_codes",
                        to="grids.unit",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "place code",
                "verbose_name_plural": "place codes",
            },
        ),
        migrations.CreateModel(
            name="ResidentReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("link_digest", models.CharField(max_length=64, unique=True)),
                ("link", accounts.sealing.SealedTextField(verbose_name="secret of the link")),
                ("secret", accounts.sealing.SealedTextField(verbose_name="query code")),
                ("phone", accounts.sealing.SealedTextField(blank=True, verbose_name="phone")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                ("answer_due_at", models.DateTimeField(verbose_name="first answer due")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="first answered at")),
                ("reminded_at", models.DateTimeField(null=True, verbose_name="reminded at")),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="public.consent",
                        verbose_name="privacy notice",
                    ),
                ),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resident_report",
                        to="incidents.incident",
                        verbose_name="incident",
                    ),
                ),
                (
                    "place_code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="public.placecode",
                        verbose_name="place code",
                    ),
                ),
            ],
            options={
                "verbose_name": "resident's report",
                "verbose_name_plural": "residents' reports",
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=1000, verbose_name="answer")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="public.residentreport",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a resident",
                "verbose_name_plural": "answers to residents",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="placecode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("unit",), name="place_code_one_valid"
            ),
        ),
        migrations.AddIndex(
            model_name="residentreport",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("reminded_at", None)),
                fields=["answer_due_at"],
                name="report_answer_owed",
            ),
        ),
    ]
