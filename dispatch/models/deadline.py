"""Clocks as rows."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident


class Clock(models.TextChoices):
    SIGN = "sign", _("Sign")
    HANDLE = "handle", _("Handle")
    VERIFY = "verify", _("Verify")
    CLOSE_OUT = "close_out", _("Daily close-out")


class LimitRule(models.Model):
    """How long an act may take, by level and, where it differs, by category; the newest fitting row counts.

    Either `minutes` after the clock starts (24×7), or `at_time` of the day: what starts before that time is due that
    day, later starts the next day (the 16:00 close-out).
    """

    clock = models.CharField(_("clock"), max_length=10, choices=Clock)
    level_from = models.PositiveSmallIntegerField(
        _("from level"), default=1, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    level_to = models.PositiveSmallIntegerField(
        _("to level"), default=4, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    category_code = models.CharField(
        _("category code"),
        max_length=6,
        blank=True,
        help_text=_("Empty: every category. “02” covers the whole group 02. The longest fitting code wins."),
    )
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True, validators=[MinValueValidator(1)])
    at_time = models.TimeField(_("time of day"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["clock", "level_from", "category_code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                # Without the first test a row with neither would pass: what is unknown doesn't break a constraint.
                condition=Q(minutes__isnull=False, minutes__gte=1, at_time=None)
                | Q(minutes=None, at_time__isnull=False),
                name="limit_is_minutes_or_time",
                violation_error_message=_("Give either a number of minutes (at least 1) or a time of day."),
            ),
            models.CheckConstraint(
                condition=Q(level_from__lte=models.F("level_to")),
                name="limit_levels_in_order",
                violation_error_message=_("“From level” can't be above “to level”."),
            ),
        ]

    def __str__(self) -> str:
        limit = f"{self.minutes} min" if self.minutes else f"{self.at_time:%H:%M}"
        return f"{self.get_clock_display()} {self.level_from}–{self.level_to}: {limit}"


class Deadline(models.Model):
    """One running, met or missed clock of one incident.

    The rule is copied when the clock starts; a later edit of the rule changes no running clock. Undone is: neither met
    nor cancelled. `missed_at` is set once by the sweep when the moment passes; the act may still be done late
    (`met_at`).
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="deadlines", verbose_name=_("incident"))
    clock = models.CharField(_("clock"), max_length=10, choices=Clock)
    rule = models.JSONField(_("rule as it stood"), default=dict)
    starts_at = models.DateTimeField(_("starts"))
    due_at = models.DateTimeField(_("due"))
    met_at = models.DateTimeField(_("done"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("stands still since"), null=True, blank=True)
    error = models.TextField(_("error of the last sweep"), blank=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes: ClassVar = [
            # The sweep: due, undone, not yet found. Partial: an index on due_at alone was measured 4,800x slower.
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, cancelled_at=None, suspended_at=None, missed_at=None),
                name="deadline_to_sweep",
            ),
            # The nearest running clock of each open incident, for queues and boards: read from the index alone.
            models.Index(
                fields=["incident", "due_at"],
                include=["clock"],
                condition=Q(met_at=None, cancelled_at=None, suspended_at=None),
                name="deadline_running",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "clock"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_one_running_clock",
            ),
        ]
