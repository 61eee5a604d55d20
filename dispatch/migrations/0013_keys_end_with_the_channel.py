"""Every key of a message now ends with its channel.

Digests, warnings and close-outs have a row of their own that keeps them from being said twice. A ladder has none for
the groups: at its next rung the key alone tells that they have heard, so keys that are there must read the same.
"""

from django.db import migrations

RENAME = """
UPDATE dispatch_outboxmessage SET dedupe_key = regexp_replace(dedupe_key, '{old}', '{new}') WHERE kind = 'escalation';
"""
FORWARDS = RENAME.format(old="^escalation:([0-9]+|-):(.+)$", new=r"escalation:\2:\1")
BACKWARDS = RENAME.format(old="^escalation:(.+):([0-9]+|-)$", new=r"escalation:\2:\1")


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0012_figures_of_today")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
