"""Which forms were taken already."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SentForm(models.Model):
    """A form of an act that was taken, written in the same transaction as the act itself.

    A phone whose answer was lost sends it again, perhaps hours later, when others have moved the incident on and the
    same act would be possible once more: what was sent back would be “handled” a second time. The row tells the repeat
    from a new act. It holds no word of the form, only a digest, and goes after two months.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("form taken")
        verbose_name_plural = _("forms taken")
