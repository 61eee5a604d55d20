"""A resident's report: what the incident itself must not hold."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.sealing import SealedTextField
from incidents.models import Incident
from public.codes import shown
from public.models.consent import Consent
from public.models.place_code import PlaceCode


class ResidentReport(models.Model):
    """The resident's side of an incident that was reported without an account: by which code, under which notice, the
    secrets that open its progress page, the phone if one was left, and the first answer that is owed.

    The secret of the link is kept sealed, so that a form sent twice leads to the same page, and found by its digest:
    128 random bits need no key to be safe from guessing.
    """

    incident = models.OneToOneField(
        Incident, models.PROTECT, related_name="resident_report", verbose_name=_("incident")
    )
    place_code = models.ForeignKey(PlaceCode, models.PROTECT, related_name="reports", verbose_name=_("place code"))
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+", verbose_name=_("privacy notice"))
    link_digest = models.CharField(max_length=64, unique=True)
    link = SealedTextField(_("secret of the link"))
    secret = SealedTextField(_("query code"))
    phone = SealedTextField(_("phone"), blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    answer_due_at = models.DateTimeField(_("first answer due"))
    answered_at = models.DateTimeField(_("first answered at"), null=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)

    class Meta:
        verbose_name = _("resident's report")
        verbose_name_plural = _("residents' reports")
        indexes: ClassVar = [
            models.Index(
                fields=["answer_due_at"],
                condition=Q(answered_at=None, reminded_at=None),
                name="report_answer_owed",
            ),
            models.Index(fields=["answer_due_at"], condition=Q(answered_at=None), name="report_unanswered"),
        ]

    def __str__(self) -> str:
        return str(self.incident_id)

    @property
    def shown_secret(self) -> str:
        """The query code as it is shown and written down."""
        return shown(self.secret)


class Answer(models.Model):
    """What the resident is told, in words meant for the resident. Appended, never edited (by trigger); the page shows
    it without the name of its writer."""

    report = models.ForeignKey(ResidentReport, models.PROTECT, related_name="answers", verbose_name=_("report"))
    text = models.TextField(_("answer"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("answer to a resident")
        verbose_name_plural = _("answers to residents")
        ordering = ["pk"]
