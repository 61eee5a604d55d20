"""Who is to handle what, where: rules that suggest or, where switched on, dispatch."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.models import Department, Mode, Unit


class DispatchRule(models.Model):
    """One line of category × place × mode → lead and assisting departments. The first that fits counts.

    It suggests; only where `is_automatic` is on does it dispatch by itself, and never an incident that was returned.
    """

    position = models.PositiveIntegerField(_("order"), default=100, help_text=_("The smallest comes first."))
    name = models.CharField(_("name"), max_length=60)
    category_code = models.CharField(
        _("category code"), max_length=6, blank=True, help_text=_("Empty: every category. “02” covers the group 02.")
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place"),
        help_text=_("Empty: everywhere. Otherwise this unit and what lies below it."),
    )
    mode = models.CharField(
        _("mode"), max_length=10, choices=Mode, blank=True, help_text=_("Empty: on normal days and in emergencies.")
    )
    level_from = models.PositiveSmallIntegerField(
        _("from level"), default=1, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    level_to = models.PositiveSmallIntegerField(
        _("to level"), default=4, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    lead = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("lead department"))
    assisting = models.ManyToManyField(
        Department, blank=True, related_name="+", verbose_name=_("assisting departments")
    )
    is_automatic = models.BooleanField(
        _("dispatches by itself"), default=False, help_text=_("Off: the command room sees a suggestion.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rule of dispatch")
        verbose_name_plural = _("rules of dispatch")
        ordering = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level_from__lte=F("level_to")),
                name="dispatch_rule_levels_in_order",
                violation_error_message=_("“From level” can't be above “to level”."),
            )
        ]

    def __str__(self) -> str:
        return self.name
