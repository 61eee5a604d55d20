"""The grid whistles, departments come (网格吹哨、部门报到)."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Department, Unit
from incidents.models import Incident


class Whistle(models.Model):
    """A call from a unit to one or more departments to come and deal with a matter (practice 81 of the handbook).

    Each department signs, contacts the caller and arrives in its own time (`WhistleParty`); in the end the caller rates
    what came of it. The history is `WhistleStep`.
    """

    class Grade(models.IntegerChoices):
        """The same figures as a level, so that limits are found by them."""

        ROUTINE = 1, _("Routine whistle")
        KEY = 2, _("Key whistle")
        HARD = 3, _("Hard whistle")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.CharField(_("number"), max_length=32, unique=True)
    street = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("sub-district"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="whistles", verbose_name=pgettext_lazy("of a whistle", "from")
    )
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="whistles", verbose_name=_("incident")
    )
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade)
    matter = models.TextField(_("matter"), max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("called by")
    )
    called_at = models.DateTimeField(_("called at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("whistle")
        verbose_name_plural = _("whistles")
        ordering = ["-called_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["street", "-called_at"], name="whistle_latest"),
            models.Index(fields=["street"], condition=Q(state="open"), name="whistle_open_of_street"),
        ]

    def __str__(self) -> str:
        return self.number


class WhistleParty(models.Model):
    """One department that was whistled for, and how far it is: signed, in contact, arrived, done, rated."""

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="parties", verbose_name=_("whistle"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    signed_at = models.DateTimeField(_("signed at"), null=True)
    contacted_at = models.DateTimeField(_("in contact at"), null=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    released_at = models.DateTimeField(_("released at"), null=True)
    rating = models.PositiveSmallIntegerField(
        _("rating"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    """1 to 5, of the department's response: of departments, never of people (red line of the law)."""

    class Meta:
        verbose_name = _("department whistled for")
        verbose_name_plural = _("departments whistled for")
        ordering = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["whistle", "department"], name="whistle_party_once"),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="whistle_rating_1_to_5"),
        ]


class WhistleStep(models.Model):
    """One act on a whistle. Appended, never edited. `party` empty: an act on the whole of it."""

    class Act(models.TextChoices):
        CALL = "call", _("Called")
        SIGN = "sign", _("Signed")
        CONTACT = "contact", _("Contacted the caller")
        ARRIVE = "arrive", _("Arrived")
        FINISH = "finish", _("Done")
        RELEASE = "release", _("Released")
        RATE = "rate", _("Rated")
        CLOSE = "close", _("Closed")
        WITHDRAW = "withdraw", _("Withdrawn")

    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="steps", verbose_name=_("whistle"))
    party = models.ForeignKey(
        WhistleParty, models.PROTECT, null=True, related_name="steps", verbose_name=_("department whistled for")
    )
    act = models.CharField(_("act"), max_length=10, choices=Act)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    post_label = models.CharField(_("post at the time"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a whistle")
        verbose_name_plural = _("steps of whistles")
        ordering = ["pk"]
