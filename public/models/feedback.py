"""What people say about the product itself."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.sealing import SealedTextField


class Feedback(models.Model):
    """A word about the product from anybody who uses it, and the administrator's answer: the function that the rules
    for government apps of 2026 ask for. Not a report: nobody is sent anywhere for it."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("Something doesn't work")
        BURDEN = "burden", _("It makes needless work")
        IDEA = "idea", _("An idea")
        PRAISE = "praise", _("Praise")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.TextField(_("text"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )  # null: without an account
    client_uuid = models.UUIDField(unique=True)
    link = SealedTextField(_("secret of the link"))
    link_digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(_("sent at"))
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("feedback on the product")
        verbose_name_plural = _("feedback on the product")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def path(self) -> str:
        """Where its sender reads the answer."""
        return reverse("public:feedback_sent", args=[self.link])
