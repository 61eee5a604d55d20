"""Commands down the tree, and who has read them (practice 64 of the handbook)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.models import Unit


class Command(models.Model):
    """One instruction to everybody who serves a unit or anything below it, with a receipt from each."""

    number = models.CharField(_("number"), max_length=32, unique=True)
    target = models.ForeignKey(
        Unit, models.PROTECT, related_name="commands", verbose_name=pgettext_lazy("of a command", "to")
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=4000)
    needs_ack = models.BooleanField(_("to be acknowledged"), default=True)
    due_at = models.DateTimeField(_("to be acknowledged by"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    post_label = models.CharField(_("post at the time"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"))
    due_settled_at = models.DateTimeField(_("reminded by itself at"), null=True, editable=False)
    """When the time to acknowledge had run out and those who owed it were reminded, once."""
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta:
        verbose_name = _("command")
        verbose_name_plural = _("commands")
        ordering = ["-sent_at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, due_settled_at=None, withdrawn_at=None),
                name="command_to_remind",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gt=models.F("sent_at")),
                name="command_due_after_sent",
                violation_error_message=_("The time must lie in the future."),
            )
        ]

    def __str__(self) -> str:
        return self.number


class CommandReceipt(models.Model):
    """One person's copy of a command, for the unit that they serve. The moments are written once each."""

    command = models.ForeignKey(Command, models.PROTECT, related_name="receipts", verbose_name=_("command"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    read_at = models.DateTimeField(_("read at"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    reminded_at = models.DateTimeField(_("last reminded at"), null=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["pk"]
        indexes: ClassVar = [
            # Asked for on every worker's first page: what this person has not acknowledged, or not even read.
            models.Index(fields=["user"], condition=Q(acknowledged_at=None), name="command_receipt_owed")
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["command", "user"], name="command_receipt_once")]
