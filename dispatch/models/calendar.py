"""Which days are worked, and from when to when."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import District


class WorkingHours(models.Model):
    """One stretch of work on one day of the week; a day with a lunch break has two rows, a day off has none.

    `district` empty: for every district that has no rows of its own.
    """

    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="working_hours",
        verbose_name=_("district"),
        help_text=_("Empty: every district without hours of its own."),
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"),
        choices=[
            *((0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday"))),
            *((4, _("Friday")), (5, _("Saturday")), (6, _("Sunday"))),
        ],
    )
    begins = models.TimeField(pgettext_lazy("of a time", "from"))
    ends = models.TimeField(pgettext_lazy("of a time", "until"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["district", "weekday", "begins"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="working_hours_in_order",
                violation_error_message=_("“Until” must be later than “from”; a night shift is two rows."),
            ),
            models.UniqueConstraint(
                fields=["district", "weekday", "begins"],
                nulls_distinct=False,
                name="working_hours_once",
                violation_error_message=_("These hours are there already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.begins:%H:%M}–{self.ends:%H:%M}"

    def clean(self) -> None:
        """Refuse a stretch that runs into another one of the same day."""
        if self.begins is None or self.ends is None:
            return
        same_day = WorkingHours.objects.filter(district=self.district, weekday=self.weekday).exclude(pk=self.pk)
        other = same_day.filter(begins__lt=self.ends, ends__gt=self.begins).exclude(begins=self.begins).first()
        if other is not None:
            raise ValidationError(_("These hours run into others of that day: %(hours)s."), params={"hours": other})


class CalendarDay(models.Model):
    """One day that is not what its day of the week says: a holiday, or a Saturday worked to make up for one.

    `district` empty: the national calendar; a district's own row wins over it. One row a day and district, so no day is
    both. A day worked has the hours of its day of the week, or, where that has none, those of a Monday.
    """

    class Source(models.TextChoices):
        NATIONAL = "national", _("National calendar")
        MANUAL = "manual", _("Entered by hand")

    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calendar_days",
        verbose_name=_("district"),
        help_text=_("Empty: every district without an entry of its own for the day."),
    )
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("worked"), help_text=_("On: a make-up working day. Off: a holiday."))
    name = models.CharField(_("name"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.MANUAL, editable=False)

    class Meta:
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("days of the calendar")
        ordering = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "district"],
                nulls_distinct=False,
                name="calendar_day_once",
                violation_error_message=_(
                    "This day stands in the calendar already: it is a holiday or worked, not both."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
