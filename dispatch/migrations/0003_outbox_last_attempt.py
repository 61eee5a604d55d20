"""When a message was last tried: the robot's messages of the last minute are counted by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_append_only_history")]
    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="tried_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last attempt"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["channel", "tried_at"], name="outbox_by_robot"),
        ),
    ]
