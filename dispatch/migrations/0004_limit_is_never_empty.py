"""A limit without minutes and without a time of day got past the constraint: it was unknown, not false."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0003_outbox_last_attempt"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="limitrule",
            name="limit_is_minutes_or_time",
        ),
        migrations.AddConstraint(
            model_name="limitrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("at_time", None), ("minutes__gte", 1), ("minutes__isnull", False)),
                    models.Q(("at_time__isnull", False), ("minutes", None)),
                    _connector="OR",
                ),
                name="limit_is_minutes_or_time",
                violation_error_message="Give either a number of minutes (at least 1) or a time of day.",
            ),
        ),
    ]
