"""What residents are told before they send anything."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models.unit import localized


class Consent(models.Model):
    """One version of the notice under the report form: what is kept, why, how long, and whom to ask (personal
    information law, articles 13, 14 and 17). Each report names the version that its sender saw. A row is never
    edited: a new wording is a new version."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    text = models.TextField(_("text"), max_length=2000)
    text_en = models.TextField(_("English text"), max_length=2000)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )  # null: the product's own first wording

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ["-version"]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.version}

    @property
    def said(self) -> str:
        """The wording in the reader's language."""
        return localized(self.text, self.text_en)
