from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0005_deadline_running"), ("grids", "0006_sizing_rules")]
    operations = [
        migrations.RemoveConstraint(model_name="limitrule", name="limit_is_minutes_or_time"),
        migrations.RenameField(model_name="limitrule", old_name="minutes", new_name="amount"),
    ]
