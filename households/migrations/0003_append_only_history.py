"""History is appended, never edited: the database itself refuses anything else."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER households_registerchange_append_only BEFORE UPDATE OR DELETE ON households_registerchange
FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
"""
ALLOW = "DROP TRIGGER households_registerchange_append_only ON households_registerchange;"


class Migration(migrations.Migration):
    dependencies = [("households", "0002_registers"), ("grids", "0002_append_only_history")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
