"""The day's close-out at 16:00, frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models import Unit
from incidents.models import Incident


class DayClose(models.Model):
    """How one street stood at the close-out of one day. Written once; a database trigger refuses any change.

    `due_at` is when the day should close, `frozen_at` when it was: a beat that comes late says so.
    """

    street = models.ForeignKey(Unit, models.PROTECT, related_name="day_closes", verbose_name=_("sub-district"))
    day = models.DateField(_("day"))
    due_at = models.DateTimeField(_("due at"))
    frozen_at = models.DateTimeField(_("frozen at"))
    reported = models.PositiveIntegerField(_("reported since the last close-out"))
    closed = models.PositiveIntegerField(_("closed since the last close-out"))
    due = models.PositiveIntegerField(_("due at this close-out"))
    due_closed = models.PositiveIntegerField(_("of these closed in time"))
    open = models.PositiveIntegerField(_("still open"))
    late = models.PositiveIntegerField(_("of these late"))

    class Meta:
        verbose_name = _("daily close-out")
        verbose_name_plural = _("daily close-outs")
        ordering = ["-day", "street"]
        constraints = [models.UniqueConstraint(fields=["street", "day"], name="day_close_once")]


class DayCloseLine(models.Model):
    """One incident that was open at the close-out: who held it and how late it was, in the words of that moment."""

    day_close = models.ForeignKey(DayClose, models.PROTECT, related_name="lines", verbose_name=_("close-out"))
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="+", verbose_name=_("incident"))
    number = models.CharField(_("number"), max_length=32)
    category_name = models.CharField(_("category"), max_length=60)
    category_name_en = models.CharField(_("English category"), max_length=80, blank=True)
    community_name = models.CharField(_("community"), max_length=100, blank=True)
    level = models.PositiveSmallIntegerField(_("level"))
    status = models.CharField(_("status"), max_length=12)
    holder = models.CharField(_("held by"), max_length=200)
    holder_en = models.CharField(_("held by, in English"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"), null=True)
    minutes_late = models.IntegerField(_("minutes late"))

    class Meta:
        verbose_name = _("line of a close-out")
        verbose_name_plural = _("lines of close-outs")
        ordering = ["-minutes_late", "number"]


class DayCloseReason(models.Model):
    """Why an incident was still open at the close-out, in the words of whoever held it or of the command room.

    Appended, never edited: who has more to say adds a row.
    """

    line = models.ForeignKey(DayCloseLine, models.PROTECT, related_name="reasons", verbose_name=_("line"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    post_label = models.CharField(_("post at the time"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("reason at a close-out")
        verbose_name_plural = _("reasons at close-outs")
        ordering = ["pk"]


class DayWarning(models.Model):
    """The warning before one street's close-out was settled, even with nothing to say: at 15:00 and at 15:30."""

    street = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("sub-district"))
    due_at = models.DateTimeField(_("warning due at"))
    ran_at = models.DateTimeField(_("ran at"))
    incidents = models.PositiveIntegerField(_("incidents"))

    class Meta:
        verbose_name = _("warning before the close-out")
        verbose_name_plural = _("warnings before the close-out")
        ordering = ["-due_at", "street"]
        constraints = [models.UniqueConstraint(fields=["street", "due_at"], name="day_warning_once")]
