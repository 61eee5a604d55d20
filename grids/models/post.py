"""Who serves what: roles, departments, and the posts that people hold."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models.unit import District, Unit, localized


class Ability(models.TextChoices):
    """What a role lets its holder do. The acts are code; which role has which is data (`Role.abilities`)."""

    REPORT = "report", _("Report incidents")
    DISPATCH = "dispatch", _("Triage, dispatch, merge and void incidents")
    HANDLE = "handle", _("Sign and handle what is assigned to the own unit or department")
    VERIFY = "verify", _("Verify results")
    APPROVE = "approve", _("Approve suspensions")
    EVALUATE = "evaluate", _("Record evaluations and re-open")
    CLOSE_OUT = "close_out", _("See and explain the daily close-out")
    SEE_BOARD = "see_board", _("See the board")
    ORDER_MODE = "order_mode", _("Order emergencies and zones")
    SUPERVISE = "supervise", _("Issue urgent supervision items and check them again")
    WHISTLE = "whistle", _("Whistle for departments")
    COMMAND = "command", _("Send commands down the tree")
    MANAGE_TREE = "manage_tree", _("Add, rename, move and retire units")
    MANAGE_POSTS = "manage_posts", _("Give and end posts")
    SEE_REGISTER = "see_register", _("See households and residents")
    EDIT_REGISTER = "edit_register", _("Add and correct households and residents")
    REVEAL_NUMBERS = "reveal_numbers", _("Reveal masked numbers")
    SEE_SENSITIVE = "see_sensitive", _("See sensitive tags")
    LOAD_REGISTER = "load_register", _("Load registers")
    EXPORT_REGISTER = "export_register", _("Export registers")
    APPROVE_EXPORT = "approve_export", _("Approve exports with full numbers")
    CONFIGURE = "configure", _("Change the configuration")
    AUDIT = "audit", _("Read the access log")


class Role(models.Model):
    """A kind of post, such as grid worker or duty officer. Roles are rows: a deployment adds its own without code."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    abilities = ArrayField(
        models.CharField(max_length=20, choices=Ability),
        default=list,
        blank=True,
        verbose_name=_("abilities"),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["pk"]

    def __str__(self) -> str:
        return localized(self.name, self.name_en)


class Department(models.Model):
    """A team that handles incidents for a living: the police station, the enforcement team, the gas company.

    `street` empty: it serves the whole district.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    street = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
        verbose_name=_("sub-district"),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return localized(self.name, self.name_en)


class Post(models.Model):
    """A person serves one unit, one department or the whole district in a role, from one day to another.

    What a user may see and do is the union over today's posts. A post ends by its last day; it is not deleted.
    """

    class Employment(models.TextChoices):
        FULL_TIME = "full_time", _("Full time")
        PART_TIME = "part_time", _("Part time")
        VOLUNTEER = "volunteer", _("Volunteer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("person"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts", verbose_name=_("role"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("unit"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("department")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("district")
    )
    employment = models.CharField(_("employment"), max_length=10, choices=Employment, default=Employment.FULL_TIME)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("given by"),
    )  # null, here and below: the system itself
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=pgettext_lazy("of a post", "ended by"),
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(unit__isnull=False, department=None, district=None)
                    | Q(unit=None, department__isnull=False, district=None)
                    | Q(unit=None, department=None, district__isnull=False)
                ),
                name="post_serves_one_place",
                violation_error_message=_("A post serves one unit, or one department, or the district."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="post_ends_after_start",
                violation_error_message=_("The last day can't be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.serves} {self.role}"

    @property
    def serves(self) -> Unit | Department | District:
        """The unit, department or district that the post is for."""
        place = self.unit or self.department or self.district
        assert place is not None, "post_serves_one_place"  # noqa: S101
        return place
