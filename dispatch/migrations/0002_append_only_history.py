"""History is appended, never edited: the database itself refuses anything else."""

from django.db import migrations

TABLES = (
    "dispatch_dayclose",
    "dispatch_daycloseline",
)

REFUSE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
"""
ALLOW = "DROP TRIGGER {table}_append_only ON {table};"


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial"), ("grids", "0002_append_only_history")]
    operations = [migrations.RunSQL(REFUSE.format(table=table), ALLOW.format(table=table)) for table in TABLES]
