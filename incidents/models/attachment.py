"""Photos and papers of an incident."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident


def _path(attachment: "Attachment", name: str) -> str:
    """A random name: neither the sender's file name nor the incident can be read off the disk or guessed."""
    key = uuid.uuid4().hex
    return f"incidents/{key[:2]}/{key}.{attachment.extension}"


class Attachment(models.Model):
    """A photo or paper, re-written by us from what was sent. It is served by `incidents.views.attachments` alone.

    Until its report is filed it waits under the form's own id (`draft_key`): a form that comes back with an error, or a
    report sent twice, keeps its photos.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        PAPER = "paper", _("Document")

    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="attachments", verbose_name=_("incident")
    )
    draft_key = models.UUIDField(_("form's own id"), null=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    file = models.FileField(_("file"), upload_to=_path)
    name = models.CharField(_("name"), max_length=120)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by")
    )  # null: a resident without an account
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    @property
    def extension(self) -> str:
        return "jpg" if self.kind == self.Kind.PHOTO else "pdf"

    @property
    def url(self) -> str:
        """Where those who may see the incident open it."""
        return reverse("incidents:attachment", args=[self.pk])

    @property
    def thumb_url(self) -> str:
        return reverse("incidents:thumb", args=[self.pk])

    @property
    def alt(self) -> str:
        return self.name

    @property
    def thumb_path(self) -> str:
        """Where the small version of a photo lies, beside the photo and as hard to guess."""
        return f"{str(self.file.name).removesuffix('.jpg')}-small.jpg"
