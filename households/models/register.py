"""The register: who lives where."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.sealing import SealedTextField
from grids.models import Unit


class Household(models.Model):
    """The people behind one door. The door is a leaf of the tree (`unit`); this row says what dwelling it is.

    `made_in` is the load that brought it, empty for what was added by hand. `changed_at` is the moment of the last
    change of this row: a load can be undone while its rows still carry its moment.
    """

    class Dwelling(models.TextChoices):
        OWNED = "owned", _("Owned")
        RENTED = "rented", _("Rented")
        DORMITORY = "dormitory", _("Dormitory")
        VACANT = "vacant", _("Vacant")

    unit = models.OneToOneField(
        Unit, models.PROTECT, primary_key=True, related_name="household", verbose_name=_("unit")
    )
    address = models.CharField(_("address"), max_length=120)
    address_key = models.CharField(max_length=120, blank=True, editable=False)
    """What tells this door from others in its micro-grid, the same however the address is written."""
    number = models.CharField(_("household number"), max_length=40, blank=True)
    """The number that the sender's own registers use; a load finds the household again by it."""
    dwelling = models.CharField(_("use of the dwelling"), max_length=10, choices=Dwelling, default=Dwelling.OWNED)
    landlord_name = models.CharField(_("name of the landlord"), max_length=60, blank=True)
    landlord_phone = SealedTextField(_("phone of the landlord"), blank=True)
    landlord_phone_fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_in = models.ForeignKey(
        "households.RegisterLoad", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("load")
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        indexes: ClassVar = [
            GinIndex(fields=["address"], opclasses=["gin_trgm_ops"], name="household_address"),
        ]

    def __str__(self) -> str:
        return self.address


class Resident(models.Model):
    """One person of a household, as little as the work needs. Document and phone numbers are sealed at rest.

    The fingerprints find an exact number again without opening any other. A person who moved out stays, with the day.
    `made_in` and `changed_at` as on the household.
    """

    class Sex(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")

    class Residence(models.TextChoices):
        REGISTERED = "registered", _("Registered here")
        ELSEWHERE = "elsewhere", _("Registered elsewhere in the city")
        FLOATING = "floating", _("Floating")
        HMT = "hmt", _("Hong Kong, Macau or Taiwan")
        FOREIGN = "foreign", _("Foreign")

    class Document(models.TextChoices):
        ID_CARD = "id_card", _("Resident identity card")
        PERMIT = "permit", _("Residence or travel permit")
        PASSPORT = "passport", _("Passport")
        OTHER = "other", _("Other document")

    class NumberCheck(models.TextChoices):
        """What is known of the number without opening it: counted by the data quality page."""

        NONE = "", _("No number")
        VALID = "valid", _("Checked")
        OLD = "old", _("Old number of 15 digits")
        INVALID = "invalid", _("Doesn't pass the check")
        UNCHECKED = "unchecked", _("No check exists")

    household = models.ForeignKey(Household, models.PROTECT, related_name="residents", verbose_name=_("household"))
    name = models.CharField(_("name"), max_length=60)
    initials = models.CharField(max_length=60, blank=True, editable=False)
    """First letters of the name in pinyin, lower case: zs for 张三."""
    document = models.CharField(_("document"), max_length=10, choices=Document, default=Document.ID_CARD)
    document_number = SealedTextField(_("document number"), blank=True, fingerprint="document_fingerprint")
    document_fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    number_check = models.CharField(max_length=10, choices=NumberCheck, blank=True, default="", editable=False)
    phone = SealedTextField(_("phone"), blank=True, fingerprint="phone_fingerprint")
    phone_fingerprint = models.CharField(max_length=32, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    relation = models.CharField(_("relation to the head"), max_length=20, blank=True)
    residence = models.CharField(_("residence"), max_length=10, choices=Residence, default=Residence.REGISTERED)
    moved_in_on = models.DateField(_("moved in on"), null=True, blank=True)
    moved_out_on = models.DateField(_("moved out on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_in = models.ForeignKey(
        "households.RegisterLoad", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("load")
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        indexes: ClassVar = [
            models.Index(
                fields=["document_fingerprint"],
                condition=~Q(document_fingerprint=""),
                name="resident_document",
            ),
            models.Index(fields=["phone_fingerprint"], condition=~Q(phone_fingerprint=""), name="resident_phone"),
            # Prefix searches: names begin with what is typed, so do initials.
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="resident_name"),
            models.Index(fields=["initials"], opclasses=["varchar_pattern_ops"], name="resident_initials"),
        ]

    def __str__(self) -> str:
        return f"{self.name[:1]}*"
