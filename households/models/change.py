"""The history of the register."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models.register import Household, Resident


class RegisterChange(models.Model):
    """One change of a household or a person: what, who, when, from which load. Append-only by trigger.

    `before` and `after` hold the changed fields only. Numbers in them stay sealed, as they are in the row itself.
    What a load brought for the first time has no row here: `made_at` and `made_in` of the row itself say it.
    The resident carries no constraint: undoing a load takes away whom it brought, and their history stays readable.
    """

    class What(models.TextChoices):
        ADDED = "added", _("Added")
        CORRECTED = "corrected", _("Corrected")
        MOVED = "moved", _("Moved to another household")
        MOVED_OUT = "moved_out", _("Moved out")
        MOVED_BACK = "moved_back", _("Moved back in")
        HOUSEHOLD_MOVED = "household_moved", _("Household moved")
        SPLIT = "split", pgettext_lazy("of households", "Split off")
        MERGED = "merged", pgettext_lazy("of households", "Merged")
        CLOSED = "closed", pgettext_lazy("of households", "Closed")
        TAGGED = "tagged", _("Tagged")
        UNTAGGED = "untagged", _("Tag ended")
        UNDONE = "undone", _("Load undone")

    SEALED_INSIDE: ClassVar = ("before", "after")
    """These hold sealed texts as values: a change of keys seals them anew."""

    household = models.ForeignKey(
        Household,
        models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="changes",
        verbose_name=_("household"),
    )
    resident = models.ForeignKey(
        Resident, models.DO_NOTHING, db_constraint=False, null=True, related_name="changes", verbose_name=_("resident")
    )
    what = models.CharField(_("what"), max_length=20, choices=What)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("actor")
    )
    at = models.DateTimeField(_("at"))
    load = models.ForeignKey(
        "households.RegisterLoad", models.PROTECT, null=True, related_name="changes", verbose_name=_("load")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        verbose_name = _("change of the register")
        verbose_name_plural = _("changes of the register")

    def __str__(self) -> str:
        return self.get_what_display()
