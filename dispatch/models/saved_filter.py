"""What somebody looks at again and again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A tab of one officer's own beside the queue's: a name for a tab and a filter of it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=20)
    query = models.CharField(_("filter"), max_length=300)
    """As it stands in the queue's address, put in order (`dispatch.saved_filters.in_order`)."""

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_name")]

    def __str__(self) -> str:
        return self.name
