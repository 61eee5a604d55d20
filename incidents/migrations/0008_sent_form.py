"""What was taken of a phone's queue is known again when it comes a second time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_looking_back")]

    operations = [
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True, verbose_name="at")),
            ],
            options={"verbose_name": "form taken", "verbose_name_plural": "forms taken"},
        ),
    ]
