"""What was closed today, archived since or not, found by its moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_category_by_whom")]
    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["closed_at"],
                name="incident_closed_latest",
            ),
        ),
    ]
