"""The code on the wall."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.models import Unit
from public.codes import shown


class PlaceCode(models.Model):
    """The code of one place, as it hangs in a stairwell or at a village gate: scanned or typed, it opens the report
    page of that place.

    A place has one code at a time. A code is renewed when its sheet was misused or copied, and withdrawn for good when
    the place goes; the row stays, because reports name the code they came by, and a code is never given twice.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="place_codes", verbose_name=_("place"))
    code = models.CharField(_("code"), max_length=9, unique=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    ended_at = models.DateTimeField(_("valid until"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("place code")
        verbose_name_plural = _("place codes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit"], condition=Q(ended_at=None), name="place_code_one_valid"),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The code as it is printed and read out."""
        return shown(self.code)
