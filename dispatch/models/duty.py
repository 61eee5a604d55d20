"""Who is on duty in the command room, and what one shift hands over to the next."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Unit


class Shift(models.Model):
    """One person's turn in the command room of a street; of the district's centre when `street` is empty."""

    street = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="shifts", verbose_name=_("sub-district"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="shifts", verbose_name=_("person"))
    starts_at = models.DateTimeField(pgettext_lazy("of a time", "from"))
    ends_at = models.DateTimeField(pgettext_lazy("of a time", "until"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of an order", "made by")
    )
    made_at = models.DateTimeField(pgettext_lazy("of an order", "made at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["street", "starts_at"], name="shift_of_street")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_start",
                violation_error_message=_("The shift must end after it begins."),
            )
        ]


class Handover(models.Model):
    """One shift handed the room over to the next: the note, and what was open at that moment.

    `open` is frozen: {"total", "overdue", "serious", "unsigned", "numbers": [...]}. Only the two moments of taking over
    are written later, once.
    """

    street = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="handovers", verbose_name=_("sub-district")
    )
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed over by")
    )
    handed_at = models.DateTimeField(_("handed over at"))
    note = models.TextField(_("handover note"), max_length=2000)
    open = models.JSONField(_("open at that moment"), default=dict)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken over by")
    )
    taken_at = models.DateTimeField(_("taken over at"), null=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-handed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["street"], condition=Q(taken_at=None), nulls_distinct=False, name="handover_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None) | ~Q(taken_by=F("handed_by")), name="handover_taken_by_another"
            ),
        ]
