"""The access log."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessRecord(models.Model):
    """Somebody looked at, or took out, what is kept about people. Append-only by trigger; read by the auditor alone.

    It names its subject by kind and key and holds nothing personal itself. `unit_code` is the place at that time.
    """

    class Act(models.TextChoices):
        REVEAL = "reveal", _("Number revealed")
        EXPORT = "export", _("Masked register exported")
        EXPORT_UNMASKED = "export_unmasked", _("Register exported with full numbers")
        EXPORT_DECIDED = "export_decided", _("Export decided")
        DOWNLOAD = "download", _("File downloaded")
        LOAD = "load", _("Register loaded")
        UNDO_LOAD = "undo_load", _("Load undone")
        AUDIT = "audit", _("Access log read")

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("at"))
    act = models.CharField(_("act"), max_length=20, choices=Act)
    subject = models.CharField(_("subject"), max_length=20)
    """The kind of thing: resident, household, organisation, export, load."""
    subject_id = models.BigIntegerField(_("number of the subject"), null=True)
    what = models.CharField(_("what"), max_length=20, blank=True)
    """The field that was shown: document_number, phone."""
    unit_code = models.CharField(_("place"), max_length=22, blank=True)
    is_own_area = models.BooleanField(_("own area"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("access log")
        indexes: ClassVar = [
            models.Index(fields=["at"], name="access_at"),
            models.Index(fields=["actor", "at"], name="access_actor"),
            models.Index(fields=["subject", "subject_id", "at"], name="access_subject"),
        ]

    def __str__(self) -> str:
        return self.get_act_display()
