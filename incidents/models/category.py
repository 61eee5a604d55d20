"""The catalogue: what can be reported, at which level, and who handles it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Department
from grids.models.unit import localized


class Category(models.Model):
    """One version of one entry of the catalogue.

    The code carries the hierarchy, two digits a tier (`02` group, `0203` class, `020301` sub-class), as in the national
    event classification. Only the lowest entries are reported under; they alone have a level and a lead department. A
    change makes a new version and ends the old one: an incident keeps the version that it was reported under.
    """

    code = models.CharField(
        _("code"),
        max_length=6,
        validators=[RegexValidator(r"^(\d\d){1,3}$", _("A category code has two, four or six digits."))],
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("English description"), blank=True)
    level = models.PositiveSmallIntegerField(
        _("default level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text=_("Empty for a group that nothing is reported under."),
    )
    lead = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead department")
    )
    assisting = models.ManyToManyField(
        Department, blank=True, related_name="+", verbose_name=_("assisting departments")
    )
    limit_minutes = models.PositiveIntegerField(
        _("limit in minutes"), null=True, blank=True, help_text=_("Empty: the limit of the level.")
    )
    closing_conditions = models.TextField(_("closing conditions"), blank=True)
    closing_conditions_en = models.TextField(_("English closing conditions"), blank=True)
    keywords = models.TextField(_("keywords"), blank=True, help_text=_("Divided by semicolons."))
    is_common = models.BooleanField(_("common"), default=False, help_text=_("Shown first on the worker's report page."))
    started_at = models.DateTimeField(_("valid from"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )  # null: the system itself (loading the starting catalogue)
    ended_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="category_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(ended_at=None), name="category_one_current"),
        ]

    def __str__(self) -> str:
        return localized(self.name, self.name_en)

    @property
    def parent_code(self) -> str:
        """The code one tier up; empty at the top."""
        return self.code[:-2]

    @property
    def conditions(self) -> str:
        """What must be true before an incident of this kind is reported as handled, in the reader's language."""
        return localized(self.closing_conditions, self.closing_conditions_en)

    @property
    def is_reportable(self) -> bool:
        return self.level is not None
