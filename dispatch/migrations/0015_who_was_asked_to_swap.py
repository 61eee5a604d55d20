"""Who proposed a swap, and to whom, stood on its shifts alone; a stand-in needs columns of its own for both."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    Shift, ShiftSwap = apps.get_model("dispatch", "Shift"), apps.get_model("dispatch", "ShiftSwap")
    holder = {name: Shift.objects.filter(pk=OuterRef(name)).values("user")[:1] for name in ("shift", "for_shift")}
    ShiftSwap.objects.filter(colleague=None).update(
        proposed_by=Subquery(holder["shift"]), colleague=Subquery(holder["for_shift"])
    )


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0014_stand_ins")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
