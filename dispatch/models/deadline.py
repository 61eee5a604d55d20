"""Clocks as rows."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from dispatch.models.supervision import Supervision
from dispatch.models.whistle import WhistleParty
from grids.models import Mode
from incidents.models import Incident


class Clock(models.TextChoices):
    SIGN = "sign", _("Sign")
    CONTACT = "contact", pgettext_lazy("of a clock", "Contact")
    ARRIVE = "arrive", _("Arrive")
    HANDLE = "handle", _("Handle")
    VERIFY = "verify", _("Verify")
    EVALUATE = "evaluate", _("Evaluate")
    SUPERVISE = "supervise", _("Rectify")
    CLOSE_OUT = "close_out", _("Daily close-out")


class Subject(models.TextChoices):
    """What a clock belongs to."""

    INCIDENT = "incident", _("Incident")
    WHISTLE = "whistle", _("Whistle")
    SUPERVISION = "supervision", _("Supervision item")


class LimitRule(models.Model):
    """How long an act may take, by level and, where it differs, by category and mode; the most particular rule counts.

    Either an `amount` in a `measure` after the clock starts, or `at_time` of the day: what starts before that time is
    due that day, later starts the next day (the 16:00 close-out). A whistle's grade stands as the level: routine 1, key
    2, hard 3.
    """

    class Measure(models.TextChoices):
        MINUTES = "minutes", _("minutes, day and night")
        URGENT_HOURS = "urgent_hours", _("urgent hours, day and night")
        WORKING_HOURS = "working_hours", pgettext_lazy("a measure", "working hours")
        WORKING_DAYS = "working_days", _("working days")
        NATURAL_DAYS = "natural_days", _("natural days")

    applies_to = models.CharField(_("applies to"), max_length=12, choices=Subject, default=Subject.INCIDENT)
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
    mode = models.CharField(
        _("mode"), max_length=10, choices=Mode, blank=True, help_text=_("Empty: on normal days and in emergencies.")
    )
    amount = models.PositiveIntegerField(_("how many"), null=True, blank=True, validators=[MinValueValidator(1)])
    measure = models.CharField(_("of what"), max_length=14, choices=Measure, default=Measure.MINUTES)
    at_time = models.TimeField(_("time of day"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["applies_to", "clock", "level_from", "category_code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                # Without the first test a row with neither would pass: what is unknown doesn't break a constraint.
                condition=Q(amount__isnull=False, amount__gte=1, at_time=None) | Q(amount=None, at_time__isnull=False),
                name="limit_is_amount_or_time",
                violation_error_message=_("Give either how many (at least 1) or a time of day."),
            ),
            models.CheckConstraint(
                condition=Q(level_from__lte=models.F("level_to")),
                name="limit_levels_in_order",
                violation_error_message=_("“From level” can't be above “to level”."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_clock_display()} {self.level_from}–{self.level_to}: {self.limit_in_words}"

    @property
    def limit_in_words(self) -> str:
        """Whole hours as hours: nobody reads 1,440 minutes."""
        if not self.amount:
            return f"{self.at_time:%H:%M}"
        hours, minutes = divmod(self.amount, 60)
        if self.measure == self.Measure.MINUTES and hours > 1 and not minutes:
            return ngettext("%d hour, day and night", "%d hours, day and night", hours) % hours
        return _in_words(self.Measure(self.measure), self.amount)

    def clean(self) -> None:
        """Refuse a limit of more than a year: a slip of the keyboard, and beyond some size no date at all."""
        a_year = 366 * _IN_A_DAY[self.Measure(self.measure)] if self.measure in self.Measure else None
        if self.amount and a_year and self.amount > a_year:
            raise ValidationError({"amount": _("At most a year.")})


def _in_words(measure: LimitRule.Measure, amount: int) -> str:
    said = {
        LimitRule.Measure.MINUTES: ngettext("%d minute, day and night", "%d minutes, day and night", amount),
        LimitRule.Measure.URGENT_HOURS: ngettext(
            "%d urgent hour, day and night", "%d urgent hours, day and night", amount
        ),
        LimitRule.Measure.WORKING_HOURS: ngettext("%d working hour", "%d working hours", amount),
        LimitRule.Measure.WORKING_DAYS: ngettext("%d working day", "%d working days", amount),
        LimitRule.Measure.NATURAL_DAYS: ngettext("%d natural day", "%d natural days", amount),
    }
    return said[measure] % amount


_IN_A_DAY: Final = {
    LimitRule.Measure.MINUTES: 24 * 60,
    LimitRule.Measure.URGENT_HOURS: 24,
    LimitRule.Measure.WORKING_HOURS: 8,
    LimitRule.Measure.WORKING_DAYS: 1,
    LimitRule.Measure.NATURAL_DAYS: 1,
}


class Deadline(models.Model):
    """One running, met or missed clock: of an incident, of a department that was whistled for, of a supervision item.

    The rule is copied when the clock starts; a later edit of the rule changes no running clock. Undone is: neither met
    nor cancelled. `missed_at` is set once by the sweep when the moment passes; the act may still be done late
    (`met_at`). Whatever moves `due_at` later leaves a `DeadlineShift`.
    """

    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="deadlines", verbose_name=_("incident")
    )
    whistle_party = models.ForeignKey(
        WhistleParty, models.PROTECT, null=True, related_name="deadlines", verbose_name=_("department whistled for")
    )
    supervision = models.ForeignKey(
        Supervision, models.PROTECT, null=True, related_name="deadlines", verbose_name=_("supervision item")
    )
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
            # How many were met, and how many missed, today: the health page and the day's figures.
            models.Index(fields=["met_at"], condition=Q(met_at__isnull=False), name="deadline_met"),
            models.Index(fields=["missed_at"], condition=Q(missed_at__isnull=False), name="deadline_missed"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(incident__isnull=False, whistle_party=None, supervision=None)
                    | Q(incident=None, whistle_party__isnull=False, supervision=None)
                    | Q(incident=None, whistle_party=None, supervision__isnull=False)
                ),
                name="deadline_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["incident", "clock"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_one_running_clock",
            ),
            models.UniqueConstraint(
                fields=["whistle_party", "clock"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_one_running_of_party",
            ),
            models.UniqueConstraint(
                fields=["supervision", "clock"],
                condition=Q(met_at=None, cancelled_at=None),
                name="deadline_one_running_of_item",
            ),
        ]

    @property
    def is_undone(self) -> bool:
        return self.met_at is None and self.cancelled_at is None

    @property
    def is_running(self) -> bool:
        """Undone, and not standing still."""
        return self.is_undone and self.suspended_at is None


class DeadlineShift(models.Model):
    """What moved a deadline: a standstill that is over, an approved extension, an order that applies to open incidents.

    Appended, never edited: a database trigger refuses it.
    """

    class Kind(models.TextChoices):
        STOOD_STILL = "stood_still", _("Stood still")
        EXTENDED = "extended", _("Extended")
        MODE = "mode", _("Operation mode")

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="shifts", verbose_name=_("deadline"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("at"))
    since = models.DateTimeField(_("stood still since"), null=True)
    due_was = models.DateTimeField(_("due before"))
    due_is = models.DateTimeField(_("due after"))
    reason = models.CharField(_("reason"), max_length=1000)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )  # null: a standstill that nobody is known to have approved
    data = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("shift of a deadline")
        verbose_name_plural = _("shifts of deadlines")
        ordering = ["pk"]


class ExtensionRequest(models.Model):
    """The lead asks for more time for handling an incident (延期); somebody else decides. The clock runs meanwhile."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="extensions", verbose_name=_("incident"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    until = models.DateTimeField(pgettext_lazy("of a time", "until"))
    reason = models.TextField(_("reason"), max_length=1000)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    is_approved = models.BooleanField(_("approved"), null=True)
    decision_note = models.TextField(_("decision"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("request for extension")
        verbose_name_plural = _("requests for extension")
        ordering = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["incident"], condition=Q(decided_at=None), name="extension_one_request"),
            models.CheckConstraint(condition=Q(until__gt=F("asked_at")), name="extension_into_the_future"),
        ]
