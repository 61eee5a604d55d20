"""Urgent supervision items (督办件)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Department, Unit
from grids.models.unit import localized
from incidents.models import Incident


class SupervisionType(models.Model):
    """What a supervision item is about: people gathering, a side door left open, stalls. Rows, added without code."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("type of supervision item")
        verbose_name_plural = _("types of supervision items")
        ordering = ["pk"]

    def __str__(self) -> str:
        return localized(self.name, self.name_en)


class Supervision(models.Model):
    """One demand that a unit or department puts something right by a time (practice 75 of the handbook).

    issued → rectified → done, or back to issued when the re-check, by somebody else, finds it undone. Its history is
    `SupervisionStep`; its clock a `Deadline`. Closed ones count in the rate of rectified.
    """

    class Source(models.TextChoices):
        PATROL = "patrol", _("Patrol")
        OVERDUE = "overdue", _("Overdue incident")
        LEADER = "leader", _("Order of a leader")

    class State(models.TextChoices):
        ISSUED = "issued", _("To rectify")
        RECTIFIED = "rectified", _("To check again")
        DONE = "done", _("Rectified")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.CharField(_("number"), max_length=32, unique=True)
    street = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("sub-district"))
    source = models.CharField(_("source"), max_length=10, choices=Source)
    issue_type = models.ForeignKey(SupervisionType, models.PROTECT, related_name="items", verbose_name=_("type"))
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="supervisions", verbose_name=_("incident")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="supervisions", verbose_name=_("unit")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="supervisions", verbose_name=_("department")
    )
    demand = models.TextField(_("what is to be put right"), max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ISSUED)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("supervision item")
        verbose_name_plural = _("supervision items")
        ordering = ["-issued_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["street", "-issued_at"], name="supervision_latest"),
            models.Index(
                fields=["street"], condition=Q(state__in=["issued", "rectified"]), name="supervision_open_of_street"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, department=None) | Q(unit=None, department__isnull=False),
                name="supervision_has_one_target",
                violation_error_message=_("Name one unit or one department that has to put it right."),
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(state__in=["issued", "rectified"]),
                name="supervision_one_open_an_incident",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def target(self) -> Unit | Department:
        """Who has to put it right."""
        target = self.unit or self.department
        assert target is not None, "supervision_has_one_target"  # noqa: S101
        return target


class SupervisionStep(models.Model):
    """One act on a supervision item. Appended, never edited."""

    class Act(models.TextChoices):
        ISSUE = "issue", _("Issued")
        RECTIFY = "rectify", _("Reported as rectified")
        CONFIRM = "confirm", _("Checked again: in order")
        REJECT = "reject", _("Checked again: not in order")
        EXTEND = "extend", _("Due later")
        WITHDRAW = "withdraw", _("Withdrawn")

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="steps", verbose_name=_("item"))
    act = models.CharField(_("act"), max_length=10, choices=Act)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    post_label = models.CharField(_("post at the time"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    note = models.TextField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a supervision item")
        verbose_name_plural = _("steps of supervision items")
        ordering = ["pk"]
