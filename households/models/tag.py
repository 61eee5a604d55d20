"""Tags: why somebody needs a visit. The register of key people is the residents who carry one."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models.unit import localized
from households.models.register import Resident


class TagKind(models.Model):
    """A kind of tag, such as “elderly living alone”. Kinds are rows: a deployment adds its own without code.

    `is_sensitive` kinds (health, corrections) are seen only by posts with `Ability.SEE_SENSITIVE`; others see the
    count without names (practice 42 of the handbook).
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    is_sensitive = models.BooleanField(_("sensitive"), default=False)
    visit_every_days = models.PositiveSmallIntegerField(_("visit every … days"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("kind of tag")
        verbose_name_plural = _("kinds of tags")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return localized(self.name, self.name_en)


class ResidentTag(models.Model):
    """One tag of one person, from a day to a day. A tag ends; it is not deleted."""

    resident = models.ForeignKey(Resident, models.CASCADE, related_name="tags", verbose_name=_("resident"))
    kind = models.ForeignKey(TagKind, models.PROTECT, related_name="+", verbose_name=_("kind"))
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_in = models.ForeignKey(
        "households.RegisterLoad", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("load")
    )

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resident", "kind"], condition=Q(until=None), name="one_live_tag_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)
