"""Normal days and emergencies: under which rules a place stands, since when, on whose order."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models.unit import Unit


class Mode(models.TextChoices):
    NORMAL = "normal", _("Normal")
    EMERGENCY = "emergency", _("Emergency")


class OperationMode(models.Model):
    """An order that puts a unit, with all that lies below it, into emergency mode for a time (practice 57).

    It holds from `starts_at` until `ends_at`, or until somebody ends it earlier (`ended_at`); a renewal is an order of
    its own that begins where the one before ends. Where no order holds, the mode is normal. Two orders for one unit
    never overlap: the database sees to it. `applied_at` is when the order was applied to what was open, once, if it
    says so.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="mode_orders", verbose_name=_("unit"))
    scenario = models.CharField(_("scenario"), max_length=60)
    authorised_by = models.CharField(_("authorised by"), max_length=100)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    starts_at = models.DateTimeField(pgettext_lazy("of a time", "from"))
    ends_at = models.DateTimeField(pgettext_lazy("of a time", "until"))
    applies_to_open = models.BooleanField(_("applies to open incidents"), default=False)
    applied_at = models.DateTimeField(_("applied to open incidents at"), null=True, editable=False)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="renewed_by", editable=False, verbose_name=_("renews")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of an order", "made by")
    )
    made_at = models.DateTimeField(pgettext_lazy("of an order", "made at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("of an order", "ended by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("emergency order")
        verbose_name_plural = _("emergency orders")
        ordering = ["-starts_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="mode_ends_after_start",
                violation_error_message=_("The order must end after it begins."),
            ),
            ExclusionConstraint(
                name="mode_orders_never_overlap",
                # A range of one number stands for equality, which GiST knows by itself for ranges only.
                expressions=[
                    (Func(F("unit"), F("unit"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (
                        Func(F("starts_at"), Coalesce(F("ended_at"), F("ends_at")), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another emergency order holds for this unit in that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.scenario}"

    @property
    def until(self) -> datetime:
        """When the order ends or ended."""
        return self.ended_at or self.ends_at

    def holds_at(self, at: datetime) -> bool:
        return self.starts_at <= at < self.until


class ZoneOrder(models.Model):
    """An order that puts units under one of the three zones of control, with the rules in plain words (practice 54-56).

    One order for any number of units. It holds from `starts_at` until somebody ends it.
    """

    class Zone(models.TextChoices):
        LOCKDOWN = "lockdown", _("Lockdown zone")
        CONTROL = "control", _("Control zone")
        PRECAUTION = "precaution", _("Precaution zone")

    units = models.ManyToManyField(Unit, related_name="zone_orders", verbose_name=_("units"))
    zone = models.CharField(_("zone"), max_length=10, choices=Zone)
    rules = models.TextField(_("rules in plain words"), max_length=2000)
    rules_en = models.TextField(_("rules in English"), max_length=4000, blank=True)
    authorised_by = models.CharField(_("authorised by"), max_length=100)
    starts_at = models.DateTimeField(pgettext_lazy("of a time", "from"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of an order", "made by")
    )
    made_at = models.DateTimeField(pgettext_lazy("of an order", "made at"))
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("of an order", "ended by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("zone order")
        verbose_name_plural = _("zone orders")
        ordering = ["-starts_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("starts_at")), name="zone_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_zone_display())


class Absence(models.Model):
    """The holder of a post is away for some days, and who stands in; nobody stands in when `stand_in` is empty."""

    post = models.ForeignKey("grids.Post", models.PROTECT, related_name="absences", verbose_name=_("post"))
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stands_in_for",
        verbose_name=_("stand-in"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of an order", "made by")
    )
    made_at = models.DateTimeField(pgettext_lazy("of an order", "made at"))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-starts_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_start",
                violation_error_message=_("The last day can't be before the first."),
            )
        ]
