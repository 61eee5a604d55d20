"""The nearest running clock of an incident is read from the index alone, without the clocks that stand still."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0004_limit_is_never_empty")]
    operations = [
        migrations.RemoveIndex(model_name="deadline", name="deadline_undone"),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("cancelled_at", None), ("met_at", None), ("suspended_at", None)),
                fields=["incident", "due_at"],
                include=["clock"],
                name="deadline_running",
            ),
        ),
    ]
