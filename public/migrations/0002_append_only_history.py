"""What a resident was told, and under which notice, is appended and never edited: the database refuses anything else."""

from django.db import migrations

TABLES = ("public_answer", "public_consent")

REFUSE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
"""
ALLOW = "DROP TRIGGER {table}_append_only ON {table};"


class Migration(migrations.Migration):
    dependencies = [("public", "0001_codes_reports_feedback"), ("grids", "0002_append_only_history")]
    operations = [migrations.RunSQL(REFUSE.format(table=table), ALLOW.format(table=table)) for table in TABLES]
