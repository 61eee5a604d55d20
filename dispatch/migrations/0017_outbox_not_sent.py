from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0016_swap_asks_somebody")]
    operations = [
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("state", "sent"), _negated=True), fields=["state", "-id"], name="outbox_not_sent"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["kind", "-id"], name="outbox_by_kind"),
        ),
    ]
