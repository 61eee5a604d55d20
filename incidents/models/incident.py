"""The incident and the counter behind its number."""

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from grids.models import Unit
from grids.models.unit import in_one_line
from incidents.models.category import Category
from incidents.workflow import OPEN, Status


class Source(models.TextChoices):
    WORKER = "worker", _("Grid worker")
    COMMAND = "command", _("Command room")
    HOTLINE = "hotline", _("Hotline 12345")
    PATROL = "patrol", _("Patrol")
    RESIDENT = "resident", _("Resident")


LASTED: Final = models.Func(
    "reported_at",
    # `greatest`: a range that ended before it began would be refused.
    models.Case(
        models.When(status__in=(Status.MERGED, Status.VOID), then=Greatest("reported_at", "state_entered_at")),
        models.When(closed_at__isnull=False, then=Greatest("reported_at", "closed_at")),
        output_field=models.DateTimeField(),
    ),
    models.Value("[]"),
    function="tstzrange",
    output_field=DateTimeRangeField(),
)
"""From the report to the last closing, the merging or the voiding; without an end while it is open."""


class Incident(models.Model):
    """Something that somebody saw and somebody must see to: a lamp that is out, a blocked fire lane, a quarrel.

    `status` is the one truth about where it stands; it changes only in `incidents.services`. The place is kept as
    columns, frozen when it is reported, so that old figures stay true when a unit is re-drawn.
    """

    number = models.CharField(_("number"), max_length=32, unique=True)
    client_uuid = models.UUIDField(_("client's own id"), unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.REPORTED)
    level = models.PositiveSmallIntegerField(_("level"), validators=[MinValueValidator(1), MaxValueValidator(4)])
    category = models.ForeignKey(Category, models.PROTECT, related_name="incidents", verbose_name=_("category"))
    description = models.TextField(_("what happened"), max_length=2000)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.WORKER)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="incidents", verbose_name=_("place"))
    place_note = models.CharField(_("where exactly"), max_length=200, blank=True)
    street = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("sub-district"))
    community = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("community"))
    grid = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("grid"))
    micro_grid = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("micro-grid"))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="reported_incidents",
        verbose_name=_("reporter"),
    )  # null: a resident without an account
    reported_at = models.DateTimeField(_("reported at"))
    state_entered_at = models.DateTimeField(_("in this status since"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_incidents",
        verbose_name=_("merged into"),
    )
    suspended_until = models.DateTimeField(_("suspended until"), null=True, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        indexes: ClassVar = [
            # The open work of a street by community, grid and micro-grid: one index-only scan of a small partial index.
            models.Index(
                fields=["street", "community", "grid", "micro_grid"],
                include=["status", "level"],
                condition=Q(status__in=OPEN),
                name="incident_open_by_place",
            ),
            models.Index(fields=["street", "-reported_at"], name="incident_street_latest"),
            models.Index(fields=["closed_at"], condition=Q(status=Status.CLOSED), name="incident_closed_to_archive"),
            # What was closed today, archived since or not: without it a board reads every incident of its street.
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="incident_closed_latest"),
            # What was under way at a past minute: of a year's incidents some thousands, wherever in the year it lies.
            GistIndex(LASTED, name="incident_lasted"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | (~Q(status=Status.MERGED) & Q(merged_into=None)),
                name="incident_merged_names_target",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SUSPENDED, suspended_until__isnull=False)
                | (~Q(status=Status.SUSPENDED) & Q(suspended_until=None)),
                name="incident_suspended_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def place(self) -> list[Unit]:
        """The place from the community down, as frozen when reported (load the columns with select_related)."""
        line = [self.community, self.grid, self.micro_grid]
        units = [unit for unit in line if unit is not None]
        if self.unit_id not in {unit.pk for unit in units}:
            units.append(self.unit)
        return units

    @property
    def place_name(self) -> str:
        """The place as one line (load the columns with select_related)."""
        return in_one_line(self.place)


class NumberSequence(models.Model):
    """The last number of one street on one day. The row lock makes numbers unique; a rolled-back report takes its
    number back, so there are no gaps."""

    street = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("sub-district"))
    day = models.DateField(_("day"))
    last = models.PositiveIntegerField(_("last number given"))

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        constraints = [models.UniqueConstraint(fields=["street", "day"], name="number_sequence_once")]
