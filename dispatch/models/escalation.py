"""Who hears of an incident when nobody acts in time: a ladder of posts, climbed one rung at a time."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Post, Role, Unit
from incidents.models import Incident


class Tier(models.TextChoices):
    """The six tiers of the chain of command (practice 76 of the handbook)."""

    MICRO_GRID = "micro_grid", _("Micro-grid")
    GRID = "grid", _("Grid")
    COMMUNITY = "community", _("Community")
    STREET = "street", _("Street command room")
    DISTRICT = "district", _("District centre")
    HEADQUARTERS = "headquarters", _("District headquarters")


class LadderRung(models.Model):
    """One rung of the ladder: which role of which tier hears of it, and how long after the clock ran out.

    `street` empty: for every street that has no rungs of its own.
    """

    street = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sub-district"),
        help_text=_("Empty: every sub-district without a ladder of its own."),
    )
    tier = models.CharField(_("tier"), max_length=12, choices=Tier)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("role"))
    after_minutes = models.PositiveIntegerField(_("minutes after the limit"), default=0)
    level_from = models.PositiveSmallIntegerField(_("from level"), default=1, validators=[MinValueValidator(1)])
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rung of the ladder")
        verbose_name_plural = _("rungs of the ladder")
        ordering = ["street", "after_minutes", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["street", "tier", "role"],
                nulls_distinct=False,
                name="ladder_rung_once",
                violation_error_message=_("This role has a rung of this tier already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.role}"


class Escalation(models.Model):
    """One incident on its way up the ladder.

    `plan` is the ladder as it stood when this began: a list of {tier, role, place, at}, the moment of each rung
    included; a ladder that is edited later changes no plan. `position` is the next rung, `next_at` when it is climbed
    (empty: the ladder has ended). Cancelled in the transaction that closes, merges or voids the incident.
    """

    class Kind(models.TextChoices):
        LADDER = "ladder", _("Up the ladder")
        UP = "up", _("Reported to the next tier")
        EXPRESS = "express", _("Express lane to the district")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="escalations", verbose_name=_("incident"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    began_at = models.DateTimeField(_("began at"))
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )  # null: the clock
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    plan = models.JSONField(_("plan"), default=list)
    position = models.PositiveSmallIntegerField(_("next rung"), default=0)
    next_at = models.DateTimeField(_("next rung at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    error = models.TextField(_("error of the last sweep"), blank=True)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(cancelled_at=None, next_at__isnull=False), name="ladder_due")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "kind"], condition=Q(cancelled_at=None), name="escalation_one_running"
            )
        ]


class EscalationStep(models.Model):
    """One rung that was climbed: who was told, or why nobody could be. Appended, never edited."""

    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="steps", verbose_name=_("escalation"))
    position = models.PositiveSmallIntegerField(_("rung"))
    tier = models.CharField(_("tier"), max_length=12, choices=Tier)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("role"))
    place = models.CharField(_("place"), max_length=100)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("post"))
    told = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("told")
    )
    """Empty: the post is vacant, or its holder is away and nobody stands in; the next rung is climbed at once."""
    stands_in = models.BooleanField(_("stands in"), default=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step up the ladder")
        verbose_name_plural = _("steps up the ladder")
        ordering = ["pk"]
