"""What was done, said and found stays as it was written: the database itself refuses anything else."""

from django.db import migrations

TABLES = (
    "dispatch_clockaudit",
    "dispatch_dayclosereason",
    "dispatch_deadlineshift",
    "dispatch_escalationstep",
    "dispatch_outboxattempt",
    "dispatch_supervisionstep",
    "dispatch_whistlestep",
)

REFUSE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
"""
ALLOW = "DROP TRIGGER {table}_append_only ON {table};"


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0007_clocks_and_calls"), ("grids", "0002_append_only_history")]
    operations = [migrations.RunSQL(REFUSE.format(table=table), ALLOW.format(table=table)) for table in TABLES]
