"""The registers of key organisations and of what an area can count on."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.sealing import SealedTextField
from grids.models import Unit


class Organisation(models.Model):
    """A shop, firm, school or clinic in the area (practice 43 of the handbook).

    Its unified social credit code (USCC) is checked, but a wrong one only warns: small shops have none at all.
    """

    class Kind(models.TextChoices):
        SHOP = "shop", _("Shop")
        RESTAURANT = "restaurant", _("Restaurant")
        ENTERPRISE = "enterprise", _("Enterprise")
        SCHOOL = "school", _("School or nursery")
        MEDICAL = "medical", _("Medical institution")
        ELDERLY_CARE = "elderly_care", _("Home for the elderly")
        PUBLIC_BODY = "public_body", _("Public body")
        LODGING = "lodging", _("Hotel or lodging")
        ENTERTAINMENT = "entertainment", _("Place of entertainment")
        CONSTRUCTION = "construction", pgettext_lazy("kind of organisation", "Building site")
        OTHER = "other", pgettext_lazy("kind of organisation", "Other")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="organisations", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=100)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    address = models.CharField(_("address"), max_length=120, blank=True)
    hazards = models.CharField(_("hazards"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = SealedTextField(_("phone of the contact"), blank=True)
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    is_key = models.BooleanField(_("key organisation"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes: ClassVar = [models.Index(fields=["uscc"], name="organisation_uscc")]

    def __str__(self) -> str:
        return self.name


class Resource(models.Model):
    """Something or somebody that the area can count on: a hall, a pump, a gate, a person with a skill."""

    class Kind(models.TextChoices):
        VENUE = "venue", _("Venue")
        SHELTER = "shelter", _("Shelter")
        STOCK = "stock", _("Stock")
        VEHICLE = "vehicle", _("Vehicle")
        EQUIPMENT = "equipment", _("Equipment")
        GATE = "gate", _("Gate")
        SKILL = "skill", _("Person with a skill")
        TEAM = "team", _("Team of volunteers")
        OTHER = "other", pgettext_lazy("kind of resource", "Other")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="resources", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    measure = models.CharField(_("counted in"), max_length=10, blank=True)
    place = models.CharField(_("where it is"), max_length=120, blank=True)
    owner = models.CharField(_("owner"), max_length=60, blank=True)
    contact_name = models.CharField(_("contact"), max_length=60, blank=True)
    contact_phone = SealedTextField(_("phone of the contact"), blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")

    def __str__(self) -> str:
        return self.name
