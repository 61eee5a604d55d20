"""Who logs in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Language(models.TextChoices):
    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"


class Theme(models.TextChoices):
    """The colours of the pages. The values are what `data-theme` says on every page; see `static/css/tokens.css`."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", pgettext_lazy("the colours of pages", "Light")
    DARK = "dark", pgettext_lazy("the colours of pages", "Dark")


class User(AbstractUser):
    """One member of staff with a name of their own: nobody shares an account, so history can say who acted.

    What a user may do comes from the posts they hold (`grids.Post`), never from this row. `is_staff` is Django's own
    and opens nothing here; the configuration pages too are entered by a post.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=60)
    phone = models.CharField(_("work phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.CHINESE)
    large_type = models.BooleanField(
        _("large type"), default=False, help_text=_("Larger letters and larger buttons on every page.")
    )
    theme = models.CharField(_("colours"), max_length=5, choices=Theme, default=Theme.AUTO)
    must_change_password = models.BooleanField(
        _("must change the password"),
        default=True,
        help_text=_("Set for a first password that somebody else knows; cleared when the user chooses one."),
    )

    unread_notices = models.PositiveIntegerField(default=0, editable=False)
    """Kept by `accounts.inbox`: every page shows it, and the user's row is read for every page anyway."""

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
