"""The inbox."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import Language


class Notice(models.Model):
    """One message of the product to one user, within the product: a load is done, an export waits for a decision.

    Both languages are written when it is sent, for it says what was true then. It holds nothing personal: a subject,
    a number, a link.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("user"))
    at = models.DateTimeField(_("at"))
    text = models.CharField(_("text"), max_length=300)
    text_en = models.CharField(_("English text"), max_length=300)
    url = models.CharField(max_length=200, blank=True)
    """Where it leads, a path of this product."""
    tone = models.CharField(max_length=10, default="info")
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes: ClassVar = [
            models.Index(fields=["user", "-at"], name="notice_newest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text

    def said(self, language: str) -> str:
        return self.text_en if language == Language.ENGLISH else self.text
