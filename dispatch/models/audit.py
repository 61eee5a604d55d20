"""Who watches the clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockAudit(models.Model):
    """One hourly look at the clocks themselves: what was found, what was put right at once.

    `findings` and `repairs`: lists of {check, count, examples}; without findings that stand, `is_well`. Appended, never
    edited.
    """

    hour = models.DateTimeField(_("hour"), unique=True)
    ran_at = models.DateTimeField(_("ran at"))
    is_well = models.BooleanField(_("well"))
    findings = models.JSONField(_("findings"), default=list)
    repairs = models.JSONField(_("put right"), default=list)
    milliseconds = models.PositiveIntegerField(_("took, in milliseconds"))

    class Meta:
        verbose_name = _("audit of the clocks")
        verbose_name_plural = _("audits of the clocks")
        ordering = ["-hour"]
