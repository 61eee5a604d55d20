"""The tree itself: district, units, and the counter behind their codes."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey


class District(models.Model):  # type: ignore[django-manager-missing]
    """The county or city district that runs this deployment. It stands above the trees, not in one."""

    code = models.CharField(
        _("code"),
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^\d{6}$", _("A district code has six digits."))],
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    def __str__(self) -> str:
        return localized(self.name, self.name_en)


class Kind(models.TextChoices):
    STREET = "street", _("Sub-district")
    AREA = "area", _("Area")
    COMMUNITY = "community", _("Community")
    GRID = "grid", _("Grid")
    MICRO_GRID = "micro_grid", _("Micro-grid")
    HOUSEHOLD = "household", _("Household")

    @property
    def plural(self) -> str:
        """What stands over a number of them."""
        several = {
            Kind.STREET: _("Sub-districts"),
            Kind.AREA: _("Areas"),
            Kind.COMMUNITY: _("Communities"),
            Kind.GRID: _("Grids"),
            Kind.MICRO_GRID: _("Micro-grids"),
            Kind.HOUSEHOLD: _("Households"),
        }
        return str(several[self])


class Form(models.TextChoices):
    """What sort of community or micro-grid it is (practices 6, 7 and 9 of the handbook)."""

    VILLAGE = "village", _("Village")
    RESIDENTS = "residents", _("Residents' community")
    STAIRWELL = "stairwell", _("Stairwell")
    BUILDING = "building", _("Building")
    FLOOR = "floor", _("Floor")
    STREET_SECTION = "street_section", _("Street section")
    INSTITUTION = "institution", _("Institution")
    ENTERPRISE = "enterprise", _("Enterprise")
    VILLAGER_GROUP = "villager_group", _("Villager group")
    NATURAL_VILLAGE = "natural_village", _("Natural village")
    CAMPUS = "campus", _("Campus")
    HOSPITAL = "hospital", _("Hospital")
    MARKET = "market", _("Market")
    SITE = "site", _("Building site")


COMMUNITY_FORMS = (Form.VILLAGE, Form.RESIDENTS)
MICRO_GRID_FORMS = tuple(form for form in Form if form not in COMMUNITY_FORMS)


class Use(models.TextChoices):
    RESIDENTIAL = "residential", _("Residential")
    DEDICATED = "dedicated", _("Dedicated")


class Unit(MPTTModel):
    """One place of a street's tree: the street, a community, a grid, a micro-grid, or one household's door.

    Each street is the root of a tree of its own (`tree_id` = the street's id). Only `grids.tree` writes structure:
    `parent`, `lft`, `rght`, `level`, `tree_id`, the four ancestor columns and `code` change nowhere else. A unit is
    retired, never deleted, and its code is never given again. Numbers keep room for later: counts never come from
    `(rght - lft - 1) / 2`.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="units", verbose_name=_("district"))
    parent = TreeForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    form = models.CharField(_("form"), max_length=16, choices=Form, blank=True)
    use = models.CharField(_("use"), max_length=12, choices=Use, default=Use.RESIDENTIAL)
    responsible_org = models.CharField(_("responsible organisation"), max_length=100, blank=True)
    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=100)
    made_at = models.DateTimeField(_("made at"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    # Ancestors as columns, each pointing at the unit itself on its own tier: reading a street's numbers by these was
    # measured at 8 ms where joins over lft and rght took 340 ms. Kept by grids.tree alone.
    street = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("sub-district"))
    community = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("community"))
    grid = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("grid"))
    micro_grid = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("micro-grid"))

    objects: ClassVar[TreeManager] = TreeManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        indexes = [
            models.Index(fields=["tree_id", "lft"], name="unit_tree_lft"),
            models.Index(fields=["tree_id", "rght"], name="unit_tree_rght"),
            # One unit in twenty is no household: counts and searches over a whole district read this instead of all.
            models.Index(
                fields=["street", "kind"],
                condition=Q(retired_at=None) & ~Q(kind=Kind.HOUSEHOLD),
                name="unit_tiers_in_use",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(lft__lt=models.F("rght")), name="unit_lft_before_rght"),
            models.CheckConstraint(
                condition=Q(kind=Kind.STREET, parent=None) | (~Q(kind=Kind.STREET) & Q(parent__isnull=False)),
                name="unit_only_streets_are_roots",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.MICRO_GRID, use=Use.DEDICATED, responsible_org=""),
                name="unit_dedicated_names_its_organisation",
                violation_error_message=_("A dedicated grid needs the name of the organisation responsible for it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Closed: MPTT's `save` renumbers half a street, and two at once without the lock corrupt it within seconds."""
        raise TypeError("A unit is written by grids.tree alone: add_unit, edit_unit, move_unit, retire_unit.")

    move_to = insert_at = delete = save

    @property
    def is_live(self) -> bool:
        return self.retired_at is None

    @property
    def path(self) -> list["Unit"]:
        """The line from the street down to this unit, by the ancestor columns (load them with select_related)."""
        line = [self.street, self.community, self.grid, self.micro_grid]
        units = [unit for unit in line if unit is not None and unit.pk != self.pk]
        return [*units, self]

    @property
    def full_name(self) -> str:
        """The place as one line, from the community down (the street is known to whoever reads it)."""
        units = self.path
        return in_one_line(units[1:] or units)


def in_one_line(units: Sequence[Unit]) -> str:
    """The names of units that lie one in another, each said once (`said_once`).

    What a household begins with says nothing: 101 may lie in building 1 and in building 10.
    """
    names = [unit.name for unit in units]
    if units and units[-1].kind == Kind.HOUSEHOLD:
        return " ".join(filter(None, (said_once(names[:-1]), names[-1])))
    return said_once(names)


def said_once(names: Sequence[str]) -> str:
    """Names of places one in another: where one begins with that above it (青林村 / 青林村第2网格), that is left."""
    below = [*names, ""][1:]
    return " ".join(name for name, lower in zip(names, below, strict=True) if not lower.startswith(name))


class CodeSequence(models.Model):
    """The last number given under a code: a counter instead of a look at today's units, so that no code comes twice."""

    prefix = models.CharField(_("prefix"), max_length=24)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    last = models.PositiveIntegerField(_("last number given"), default=0)

    class Meta:
        verbose_name = _("code sequence")
        verbose_name_plural = _("code sequences")
        constraints = [models.UniqueConstraint(fields=["prefix", "kind"], name="code_sequence_once")]


def localized(name: str, name_en: str) -> str:
    """The name in the reader's language; rows of data carry both."""
    return name_en if name_en and (get_language() or "").startswith("en") else name
