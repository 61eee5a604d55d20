"""Where rows of a file wait between reading and applying.

Both tables are partitioned by load: a load's rows are written by COPY into an unlogged partition of their own and
dropped with it, which costs nothing and leaves no dead rows. A crash of the database empties them; the file is then
read again. Numbers are sealed here as in the register.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StagedPerson(models.Model):
    """One person of a file, cleaned (`loading.rows.People`, one row)."""

    pk = models.CompositePrimaryKey("load_id", "ordinal")
    load_id = models.BigIntegerField()
    ordinal = models.IntegerField()
    """Counted through the file from 0."""
    sheet = models.SmallIntegerField()
    line = models.IntegerField()
    member = models.SmallIntegerField()
    home = models.IntegerField()
    place = models.IntegerField()
    household_number = models.TextField()
    address = models.TextField()
    address_key = models.TextField()
    dwelling = models.TextField()
    landlord_name = models.TextField()
    landlord_phone = models.TextField()
    landlord_phone_fingerprint = models.TextField()
    name = models.TextField()
    initials = models.TextField()
    document = models.TextField()
    document_number = models.TextField()
    document_fingerprint = models.TextField()
    number_check = models.TextField()
    phone = models.TextField()
    phone_fingerprint = models.TextField()
    sex = models.TextField()
    born_on = models.DateField(null=True)
    relation = models.TextField()
    residence = models.TextField()
    moved_in_on = models.DateField(null=True)
    moved_out_on = models.DateField(null=True)
    tags = ArrayField(models.TextField(), null=True)
    note = models.TextField()
    problems = models.JSONField(null=True)
    """[[code of `loading.fields.Problem`, column], …] as found in the file alone; NULL for none."""

    class Meta:
        managed = False
        db_table = "households_stagedperson"
        verbose_name = _("row of a file")
        verbose_name_plural = _("rows of files")
        ordering: ClassVar = ["load_id", "ordinal"]


class StagedVerdict(models.Model):
    """What one staged row would do to the register (`loading.comparing`)."""

    class Verdict(models.TextChoices):
        NEW = "new", pgettext_lazy("rows of a load", "New")
        CHANGED = "changed", pgettext_lazy("rows of a load", "Changed")
        MOVED = "moved", pgettext_lazy("rows of a load", "Moved")
        UNCHANGED = "unchanged", pgettext_lazy("rows of a load", "Unchanged")
        DOUBTFUL = "doubtful", pgettext_lazy("rows of a load", "Doubtful")
        REFUSED = "refused", pgettext_lazy("rows of a load", "Refused")

    pk = models.CompositePrimaryKey("load_id", "ordinal")
    load_id = models.BigIntegerField()
    ordinal = models.IntegerField()
    street_id = models.BigIntegerField(null=True)
    micro_grid_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    """The household's door; NULL for one that is to be added."""
    resident_id = models.BigIntegerField(null=True)
    """Who it is in the register; NULL for somebody new and for a line without a person."""
    verdict = models.TextField(choices=Verdict)
    problems = models.JSONField(null=True)
    """Those of the staged row and what comparing added."""
    home = models.IntegerField()
    """The household in the file, as `StagedPerson.home`; households that are one have the first one's."""

    class Meta:
        managed = False
        db_table = "households_stagedverdict"
        verbose_name = _("verdict on a row")
        verbose_name_plural = _("verdicts on rows")
        ordering: ClassVar = ["load_id", "ordinal"]
