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


class ShiftSwap(models.Model):
    """A colleague is asked to take a shift: in exchange for one of theirs, or as a stand-in (practice 133).

    A swap (换班) is proposed by whoever is on duty, a stand-in (替班, `for_shift` empty) by them or by who plans the
    roster. Accepted, it cancels the shifts and makes new ones, so that the roster says who was to come at first.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="offers", verbose_name=_("shift"))
    for_shift = models.ForeignKey(
        Shift, models.PROTECT, null=True, related_name="wishes", verbose_name=_("in exchange for")
    )
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who is asked")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("swap of shifts")
        verbose_name_plural = _("swaps of shifts")
        ordering = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shift"], condition=Q(answered_at=None), name="swap_one_waiting_a_shift"),
            models.CheckConstraint(condition=~Q(shift=F("for_shift")), name="swap_of_two_shifts"),
        ]


class Handover(models.Model):
    """One shift handed the room over to the next: the note, and what was open at that moment.

    `open` is frozen: counts under "total", "overdue", "serious", "unsigned", "dead_letters", "supervisions" and
    "whistles", and under "numbers" the most pressing incidents. Who took over, and when, is written later, once.
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
