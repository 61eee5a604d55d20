"""History is appended, never edited: the database itself refuses anything else."""

from django.db import migrations

TABLES = (
    "grids_unitchange",
    "grids_unitsuccession",
)

FUNCTION = """
CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'History in % is appended, never edited.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
DROP_FUNCTION = "DROP FUNCTION refuse_history_change();"

REFUSE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_history_change();
"""
ALLOW = "DROP TRIGGER {table}_append_only ON {table};"


class Migration(migrations.Migration):
    dependencies = [("grids", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
        *(migrations.RunSQL(REFUSE.format(table=table), ALLOW.format(table=table)) for table in TABLES),
    ]
