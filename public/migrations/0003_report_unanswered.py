"""The list of residents who wait for an answer, and its number in the menu, read only those who do."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("public", "0002_append_only_history")]

    operations = [
        migrations.AddIndex(
            model_name="residentreport",
            index=models.Index(fields=["answer_due_at"], condition=Q(answered_at=None), name="report_unanswered"),
        ),
    ]
