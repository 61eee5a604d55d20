"""The access log is appended, never edited: the database itself refuses anything else."""

from django.db import migrations

CREATE = """
CREATE FUNCTION refuse_access_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The access log is appended, never edited.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER accounts_accessrecord_append_only BEFORE UPDATE OR DELETE ON accounts_accessrecord
FOR EACH ROW EXECUTE FUNCTION refuse_access_log_change();
"""
DROP = """
DROP TRIGGER accounts_accessrecord_append_only ON accounts_accessrecord;
DROP FUNCTION refuse_access_log_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_access_log_and_inbox")]
    operations = [migrations.RunSQL(CREATE, DROP)]
