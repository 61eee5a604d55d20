"""History is appended, never edited: the database itself refuses anything else."""

from django.db import migrations

TABLES = (
    "incidents_statuschange",
    "incidents_result",
    "incidents_note",
    "incidents_evaluation",
)

REFUSE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
"""
ALLOW = "DROP TRIGGER {table}_append_only ON {table};"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("grids", "0002_append_only_history")]
    operations = [migrations.RunSQL(REFUSE.format(table=table), ALLOW.format(table=table)) for table in TABLES]
