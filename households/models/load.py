"""Loads: one sender's file on its way into the register."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.models import Unit


class RegisterLoad(models.Model):
    """One file that somebody loads: what was read, what it would change, what was answered, what became of it.

    The file itself lies sealed in the file store (`file`) and goes after a while. `file_name` is the sender's. `digest`
    is a keyed hash of the content: the same file is known again.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        READING = "reading", _("Being read")
        REFUSED = "refused", _("Not taken")
        READY = "ready", _("Ready to apply")
        WAITING = "waiting", _("Waiting for its turn")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("loaded by")
    )
    made_at = models.DateTimeField(_("loaded at"))
    scope = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("loaded for")
    )
    """The street or community that the file is for; empty for the whole district."""
    file_name = models.CharField(_("file"), max_length=200)
    file = models.CharField(max_length=200, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    plan = models.JSONField(default=dict, editable=False)
    """`loading.plan.BookPlan` as JSON."""
    answers = models.JSONField(default=dict, editable=False)
    """What the user decided: `gone` (keep | move_out), `doubtful` (leave | take), `add_places` (bool)."""
    counts = models.JSONField(default=dict, editable=False)
    """Rows by verdict and problem, see `loading.comparing`."""
    refusal = models.CharField(_("why it wasn't taken"), max_length=300, blank=True)
    seconds = models.JSONField(default=dict, editable=False)
    """How long each stage took."""
    previewed_at = models.DateTimeField(_("previewed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    began_at = models.DateTimeField(_("begun at"), null=True, blank=True, editable=False)
    """When the work at hand (reading, applying, undoing) began, or its wait for a turn."""
    alive_at = models.DateTimeField(null=True, blank=True, editable=False)
    """The last sign of life of the process at work on it; an old one means that it died and the load is taken up."""
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    """How often the work at hand was begun: a file that kills its reader isn't read for ever."""
    staged_rows = models.PositiveIntegerField(null=True, editable=False)
    """Rows in the load's partition of `StagedPerson`; empty while there is none that is whole."""
    error_file = models.CharField(max_length=200, blank=True, default="", editable=False)
    """The error workbook of very many rows, sealed in the file store; smaller ones are written for each download."""
    errors_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the loader was asked to write it, for the rows as they are now."""

    class Meta:
        verbose_name = _("load of a register")
        verbose_name_plural = _("loads of registers")
        indexes: ClassVar = [models.Index(fields=["state", "made_at"], name="load_state")]

    def __str__(self) -> str:
        return self.file_name


class LoadStreet(models.Model):
    """One street's share of a load. A street is applied or undone as a whole, in one transaction."""

    class State(models.TextChoices):
        READY = "ready", _("Ready to apply")
        APPLIED = "applied", _("Applied")
        UNDONE = "undone", _("Undone")

    load = models.ForeignKey(RegisterLoad, models.CASCADE, related_name="streets", verbose_name=_("load"))
    street = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("street"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.READY)
    counts = models.JSONField(default=dict, editable=False)
    register_version = models.PositiveBigIntegerField(default=0, editable=False)
    """The street's version (see `households.versions`) that the preview compared with."""
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        verbose_name = _("street of a load")
        verbose_name_plural = _("streets of a load")
        constraints: ClassVar = [models.UniqueConstraint(fields=["load", "street"], name="street_once_in_a_load")]

    def __str__(self) -> str:
        return str(self.street)


class NamedPlaceRow(models.Model):
    """A place as a file names it, and the unit that it means: found by us or said by the user."""

    class Found(models.TextChoices):
        BY_CODE = "code", _("By its code")
        BY_NAME = "name", _("By its name")
        BY_ADDRESS = "address", _("By the address")
        BY_SCOPE = "scope", _("By the place that the file is for")
        BY_USER = "user", _("Chosen by hand")
        NEW = "new", _("To be added")
        UNKNOWN = "unknown", _("Not in the tree")
        AMBIGUOUS = "ambiguous", _("Several of this name")
        OUTSIDE = "outside", _("Outside your area")

    load = models.ForeignKey(RegisterLoad, models.CASCADE, related_name="places", verbose_name=_("load"))
    index = models.IntegerField()
    """Staged rows point here: `StagedPerson.place`. -1 (`rows.NO_PLACE`) is the place of the lines that name none."""
    community = models.CharField(_("community"), max_length=60, blank=True)
    grid = models.CharField(_("grid"), max_length=60, blank=True)
    micro_grid = models.CharField(_("micro-grid"), max_length=60, blank=True)
    hint = models.CharField(max_length=60, blank=True)
    lines = models.PositiveIntegerField(_("lines"), default=0)
    found = models.CharField(_("found"), max_length=10, choices=Found)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("micro-grid")
    )
    within = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("belongs to")
    )
    """The lowest unit in use that the names lead to: where a place that isn't in the tree could be added."""

    class Meta:
        verbose_name = _("place named by a file")
        verbose_name_plural = _("places named by a file")
        constraints: ClassVar = [models.UniqueConstraint(fields=["load", "index"], name="place_once_in_a_load")]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.community, self.grid, self.micro_grid, self.hint)))


class RememberedPlace(models.Model):
    """What a street's files mean by a place, as somebody once said by hand: the next file isn't asked again.

    Without a street it was said for a file of the whole district.
    """

    street = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("street"))
    community = models.CharField(_("community"), max_length=60, blank=True)
    grid = models.CharField(_("grid"), max_length=60, blank=True)
    micro_grid = models.CharField(_("micro-grid"), max_length=60, blank=True)
    hint = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("micro-grid"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("remembered place")
        verbose_name_plural = _("remembered places")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["street", "community", "grid", "micro_grid", "hint"],
                name="place_remembered_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.community, self.grid, self.micro_grid, self.hint)))


class LayoutTemplate(models.Model):
    """How workbooks of one layout are read, as somebody corrected it; used for the next one with the same headers.

    Kept for a street: what one street's villages write says nothing of another's. Without a street it serves all.
    """

    street = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("street"))
    layout = models.CharField(_("layout"), max_length=64)
    """`SheetPlan.layout`."""
    plan = models.JSONField(default=dict, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("template for a layout")
        verbose_name_plural = _("templates for layouts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["street", "layout"], name="one_template_a_layout", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.layout[:12]
