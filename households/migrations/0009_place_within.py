"""The column said `parent`, which is a word of the tree's alone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("households", "0008_verdict_home")]
    operations = [migrations.RenameField("namedplacerow", "parent", "within")]
