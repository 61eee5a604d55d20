"""Who has an incident in hand."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Department, Unit
from incidents.models.incident import Incident


class Assignment(models.Model):
    """One party that an incident was dispatched to: the lead (主办) or an assisting one (协办), a department or a unit.

    A new dispatch ends the old rows (`ended_at`) and adds new ones, so it stays known who held what, from when to when.
    """

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead")
        ASSIST = "assist", _("Assisting")

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("Assigned")
        SIGNED = "signed", _("Signed")
        ANSWERED = "answered", _("Answered")
        RELEASED = "released", _("Released")

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="assignments", verbose_name=_("incident"))
    part = models.CharField(_("part"), max_length=6, choices=Part)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("department"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("unit")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASSIGNED)
    assigned_at = models.DateTimeField(_("assigned at"))
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-part", "pk"]  # "lead" before "assist"
        indexes: ClassVar = [
            models.Index(fields=["department"], condition=Q(ended_at=None), name="assignment_department_now"),
            models.Index(fields=["unit"], condition=Q(ended_at=None), name="assignment_unit_now"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, unit=None) | Q(department=None, unit__isnull=False),
                name="assignment_names_one_party",
            ),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(part="lead", ended_at=None), name="assignment_one_lead"
            ),
        ]

    @property
    def party(self) -> Department | Unit:
        party = self.department or self.unit
        assert party is not None, "assignment_names_one_party"  # noqa: S101
        return party
