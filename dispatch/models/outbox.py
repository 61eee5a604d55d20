"""Messages to chat groups, written in the transaction that causes them and sent afterwards."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.sealing import SealedTextField
from grids.models import Unit
from incidents.models import Incident


class Channel(models.Model):
    """A robot in a chat group, or e-mail, that hears about one street, or about the whole district (`street` empty)."""

    class Kind(models.TextChoices):
        DINGTALK = "dingtalk", _("DingTalk robot")
        WECOM = "wecom", _("WeCom robot")
        FEISHU = "feishu", _("Feishu robot")
        EMAIL = "email", _("E-mail")

    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.DINGTALK)
    street = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="channels",
        verbose_name=_("sub-district"),
        help_text=_("Empty: the whole district."),
    )
    token = SealedTextField(
        _("access token"),
        blank=True,
        help_text=_("DingTalk: access_token. WeCom: key. Feishu: the end of the address."),
    )
    secret = SealedTextField(_("signing secret"), blank=True)
    keyword = models.CharField(
        _("keyword"),
        max_length=30,
        blank=True,
        help_text=_("Added to every message when the robot demands one."),
    )
    base_url = models.URLField(
        _("base address"), blank=True, help_text=_("Empty: the deployment's own for this kind of robot.")
    )
    recipients = models.TextField(
        _("recipients"), max_length=1000, blank=True, help_text=_("For e-mail: one address a line.")
    )
    mentions = SealedTextField(
        _("mobile numbers to call by @"), blank=True, help_text=_("Of the room's own staff, one a line.")
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(
        _("quiet until"),
        null=True,
        blank=True,
        help_text=_("Messages wait until then, except in an emergency and for what is urgent."),
    )
    per_minute = models.PositiveSmallIntegerField(
        _("messages a minute"), default=18, help_text=_("The robot is muted for ten minutes beyond 20.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    trouble = models.CharField(_("trouble"), max_length=500, blank=True, editable=False)
    """Why the last message was refused; empty again once one gets through. Shown on the health page."""
    held_until = models.DateTimeField(_("muted until"), null=True, blank=True, editable=False)
    spoke_at = ArrayField(models.DateTimeField(), default=list, blank=True, editable=False)
    """When each attempt of the last minute was over, so that any number of workers keep to `per_minute` together."""

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="channel_quiet_hours_whole",
                violation_error_message=_("Give both ends of the quiet hours, or neither."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class DigestRun(models.Model):
    """The hourly digest of one street (of the district: `street` empty) was settled, even with nothing to say."""

    street = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("sub-district"))
    hour = models.DateTimeField(_("hour"))
    ran_at = models.DateTimeField(_("ran at"))
    incidents = models.PositiveIntegerField(_("incidents"))

    class Meta:
        verbose_name = _("hourly digest")
        verbose_name_plural = _("hourly digests")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["street", "hour"], nulls_distinct=False, name="digest_run_once")
        ]


class OutboxMessage(models.Model):
    """One message. `dedupe_key` makes it the only one of its kind, hour and channel, whoever asks for it again.

    `channel` empty: no robot is set for that place; the message is kept to be seen on the messages page.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("To send")
        SENT = "sent", pgettext_lazy("a message", "Sent")
        FAILED = "failed", _("Not delivered")
        SKIPPED = "skipped", _("Not sent: overtaken")
        SHOWN = "shown", _("Shown only: no channel is set")

    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="messages", verbose_name=_("channel"))
    street = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("sub-district"))
    kind = models.CharField(_("kind"), max_length=20)
    dedupe_key = models.CharField(_("key"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    url = models.CharField(_("link"), max_length=300, blank=True)
    """Where its button leads, when the robot can show one."""
    is_urgent = models.BooleanField(_("urgent"), default=False)
    """Goes out in quiet hours, too, and calls people by @ where numbers are set."""
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, related_name="messages", editable=False, verbose_name=_("incident")
    )
    """The one incident that it presses for: once that is closed, merged or void the message isn't sent any more."""
    good_until = models.DateTimeField(_("good until"), null=True, editable=False)
    """What it says is overtaken from then on, as a digest is by the next hour's: it isn't sent late."""
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    made_at = models.DateTimeField(_("made at"))
    next_try_at = models.DateTimeField(_("next try"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    tried_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    reply = models.TextField(_("reply"), blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], condition=Q(state="pending"), name="outbox_to_send"),
            # What somebody may have to look at, the newest first: of a million messages nearly all were sent.
            models.Index(fields=["state", "-id"], condition=~Q(state="sent"), name="outbox_not_sent"),
            models.Index(fields=["kind", "-id"], name="outbox_by_kind"),
            # What was written today, for the health page.
            models.Index(fields=["made_at"], name="outbox_made"),
            # What was tried last at a channel: its page of messages and the health page.
            models.Index(fields=["channel", "tried_at"], name="outbox_by_robot"),
        ]


class OutboxAttempt(models.Model):
    """One attempt to deliver a message, with the raw reply. Appended, never edited.

    A claim without an attempt is a worker that died between the two; such a message may have arrived twice.
    """

    message = models.ForeignKey(OutboxMessage, models.PROTECT, related_name="tries", verbose_name=_("message"))
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=10)
    reply = models.TextField(_("reply"), blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["pk"]
