"""The state of a street's register as a whole."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models import Unit


class StreetRegister(models.Model):
    """How often a street's register has changed. A preview is good while the number is the same.

    The row is also what writers of one street queue at (`households.versions.hold_register`).
    """

    street = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="+", verbose_name=_("street"))
    version = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("register of a street")
        verbose_name_plural = _("registers of streets")

    def __str__(self) -> str:
        return str(self.street)
