"""How large units should be."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.models.unit import Form, Kind, Use


class SizingRule(models.Model):
    """How many persons or households units of a kind should have (practice 5 of the handbook). It warns, never blocks.

    Districts differ, so rules are rows: 200–300 persons here, 50–100 households there. Among the rules in use for a
    unit the most particular counts: one that names its form before one that names its use only, before one that names
    neither.
    """

    class Counts(models.TextChoices):
        PERSONS = "persons", _("Persons")
        HOUSEHOLDS = "households", _("Households")

    kind = models.CharField(
        _("kind"), max_length=12, choices=[(kind.value, kind.label) for kind in (Kind.MICRO_GRID, Kind.GRID)]
    )
    form = models.CharField(_("form"), max_length=16, choices=Form, blank=True, help_text=_("Empty: every form."))
    use = models.CharField(_("use"), max_length=12, choices=Use, blank=True, help_text=_("Empty: both."))
    counts = models.CharField(_("counted"), max_length=10, choices=Counts, default=Counts.PERSONS)
    least = models.PositiveIntegerField(_("at least"), null=True, blank=True)
    most = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rule of size")
        verbose_name_plural = _("rules of size")
        ordering = ["kind", "form", "use", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "form", "use", "counts"],
                name="one_sizing_rule_a_sort",
                violation_error_message=_("There is a rule for these units already."),
            ),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(least__lte=F("most")),
                name="sizing_least_before_most",
                violation_error_message=_("The least can't be more than the most."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.said}"

    @property
    def said(self) -> str:
        """The bounds in figures: 200–300 persons."""
        least, most = "" if self.least is None else self.least, "" if self.most is None else self.most
        return f"{least}–{most} {self.get_counts_display()}"

    def fits(self, count: int) -> bool:
        return (self.least is None or count >= self.least) and (self.most is None or count <= self.most)
