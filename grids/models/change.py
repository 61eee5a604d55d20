"""How the tree came to be as it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models.unit import Unit


class UnitChange(models.Model):
    """One change of the tree's structure or of a unit's facts: by whom, when, why, what stood before and after.

    Appended, never edited: a database trigger refuses UPDATE and DELETE.
    """

    class What(models.TextChoices):
        MADE = "made", _("Made")
        RENAMED = "renamed", _("Renamed")
        EDITED = "edited", _("Facts changed")
        MOVED = "moved", _("Moved")
        SPLIT = "split", _("Split")
        MERGED = "merged", pgettext_lazy("of units", "Merged")
        RETIRED = "retired", _("Retired")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="changes", verbose_name=_("unit"))
    what = models.CharField(_("what"), max_length=8, choices=What)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )  # null: the system itself (loading divisions, the demo district)
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=500)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        verbose_name = _("change of a unit")
        verbose_name_plural = _("changes of units")
        ordering = ["-at", "-pk"]


class UnitSuccession(models.Model):
    """A retired unit and a unit that followed it, so that old figures and codes can be traced."""

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name=_("unit"))
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="precessions", verbose_name=_("followed by"))

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")]
