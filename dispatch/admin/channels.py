"""Channels as configuration; messages and digests to be read."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.readonly import ReadOnlyAdmin
from dispatch.models import Channel, DigestRun, OutboxMessage
from dispatch.outbox import enqueue


class ChannelForm(forms.ModelForm):
    """Token and secret go in and never come out: not even the administrator reads them again."""

    new_token = forms.CharField(
        label=gettext_lazy("access token"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    new_secret = forms.CharField(
        label=gettext_lazy("signing secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Channel
        fields = ("name", "kind", "street", "keyword", "base_url", "per_minute", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("token", "secret"):
            if field := self.fields.get(f"new_{name}"):
                is_set = bool(getattr(self.instance, name))
                field.help_text = _("Set. Leave it empty to keep it.") if is_set else _("Not set.")

    def clean_new_token(self) -> str:
        token = self.cleaned_data["new_token"].strip()
        if not token and not self.instance.token:
            raise forms.ValidationError(
                _("Copy it from the address that the group shows for the robot: what follows access_token=.")
            )
        return token

    def clean_per_minute(self) -> int:
        number = self.cleaned_data["per_minute"]
        if not 1 <= number <= 20:
            raise forms.ValidationError(_("From 1 to 20: DingTalk mutes a robot that sends more."))
        return number


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    form = ChannelForm
    list_display = ("name", "kind", "street", "is_active", "has_secret", "held_until")
    list_select_related = ("street",)
    autocomplete_fields = ("street",)
    fields = ("name", "kind", "street", "new_token", "new_secret", "keyword", "base_url", "per_minute", "is_active")
    actions = ("send_test",)

    @admin.display(description=gettext_lazy("signed"), boolean=True)
    def has_secret(self, channel: Channel) -> bool:
        return bool(channel.secret)

    def has_delete_permission(self, request: HttpRequest, obj: Channel | None = None) -> bool:
        return False  # its messages name it for good: it is put out of use

    def save_model(self, request: HttpRequest, obj: Channel, form: ChannelForm, change: bool) -> None:
        obj.token = form.cleaned_data["new_token"] or obj.token
        obj.secret = form.cleaned_data["new_secret"].strip() or obj.secret
        super().save_model(request, obj, form, change)

    @admin.action(
        description=gettext_lazy("Send a test message"),
        permissions=["change"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def send_test(self, request: HttpRequest, channels: QuerySet[Channel]) -> None:
        for channel in channels:
            enqueue(
                kind="test",
                key=f"test:{uuid.uuid4()}",
                title=_("Test message"),
                text=_("%(name)s set this group up to hear about open incidents.") % {"name": request.user},
                street=channel.street,
                channel=channel,
            )
        messages.success(request, _("On its way. The messages page shows whether it arrived."))


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "kind", "title", "channel", "street", "state", "attempts", "sent_at")
    list_filter = ("state", "kind")
    list_select_related = ("channel", "street")
    ordering = ("-pk",)
    fields = (*list_display, "next_try_at", "reply", "text")


@admin.register(DigestRun)
class DigestRunAdmin(ReadOnlyAdmin):
    list_display = ("hour", "street", "ran_at", "incidents")
    list_select_related = ("street",)
    ordering = ("-hour",)
    fields = list_display
