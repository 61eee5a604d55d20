"""Registers that leave the product."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.models import Unit


class ExportRequest(models.Model):
    """One register that somebody takes out as a file. Masked ones are made at once; unmasked ones need somebody else.

    Who asked, for what purpose and who approved stays on the row and is written into the file itself. The file goes
    when it expires; the row stays.
    """

    class Register(models.TextChoices):
        RESIDENTS = "residents", _("Actual residents")
        KEY_PEOPLE = "key_people", _("Key people")
        ORGANISATIONS = "organisations", _("Key organisations")
        RESOURCES = "resources", _("Area resources")

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel (.xlsx)"
        CSV = "csv", "CSV (.csv)"

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for approval")
        REFUSED = "refused", _("Refused")
        MAKING = "making", _("Being written")
        READY = "ready", _("Ready to download")
        EXPIRED = "expired", _("Expired")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    register = models.CharField(_("register"), max_length=20, choices=Register)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    """The area that is exported; empty for the whole district."""
    is_unmasked = models.BooleanField(_("with full numbers"), default=False)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision = models.CharField(_("reason of the decision"), max_length=200, blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    file = models.CharField(max_length=200, blank=True, editable=False)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    alive_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="export_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(is_unmasked=False) | ~Q(purpose=""), name="unmasked_export_has_a_purpose"
            ),
            models.CheckConstraint(
                condition=Q(is_unmasked=False) | Q(state__in=("asked", "refused")) | Q(decided_by__isnull=False),
                name="unmasked_export_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.get_register_display()
