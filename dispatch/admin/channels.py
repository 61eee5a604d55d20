"""Channels as configuration; messages, attempts and digests to be read."""

from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.readonly import ReadOnlyAdmin
from accounts.requests import UserRequest
from dispatch.channels.addresses import is_base_address
from dispatch.models import Channel, DigestRun, OutboxMessage
from dispatch.views.messages import tell_trial

Kind = Channel.Kind
_SEALED: Final = ("token", "secret", "mentions")
_MOST_TRIED: Final = 5
_RULES: Final = ("name", "kind", "street", "keyword", "base_url", "recipients")
_PACE: Final = ("quiet_from", "quiet_until", "per_minute", "is_active")


def _hidden_text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"}), **more
    )


def _is_set(channel: Channel, name: str) -> bool:
    """Asked of the database, which needs no key for it: a channel whose key is gone must be there to be mended."""
    return channel.pk is not None and Channel.objects.filter(pk=channel.pk).exclude(**{name: ""}).exists()


class ChannelForm(forms.ModelForm):
    """Token, secret and numbers go in and never come out: not even the administrator reads them again."""

    new_token = _hidden_text(gettext_lazy("Access token"))
    new_secret = _hidden_text(gettext_lazy("Signing secret"))
    new_mentions = forms.CharField(
        label=gettext_lazy("Mobile numbers to call by @"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    forget_mentions = forms.BooleanField(label=gettext_lazy("Call nobody any more"), required=False)

    class Meta:
        model = Channel
        fields = (*_RULES, *_PACE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has = {name for name in _SEALED if _is_set(self.instance, name)}
        for name in _SEALED:
            if field := self.fields.get(f"new_{name}"):
                field.help_text = _("Set. Leave it empty to keep it.") if name in self.has else _("Not set.")

    def clean_base_url(self) -> str:
        url = self.cleaned_data["base_url"]
        if url and not is_base_address(url):
            raise ValidationError(
                _("Enter http(s)://host alone: no user name, no query, no address where a cloud keeps its keys.")
            )
        return url

    def clean_recipients(self) -> str:
        addresses = self.cleaned_data["recipients"].replace(",", " ").replace("，", " ").replace(";", " ").split()
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(_("%(address)s is no e-mail address.") % {"address": address}) from error
        return "\n".join(dict.fromkeys(addresses))

    def clean_new_mentions(self) -> str:
        numbers = self.cleaned_data["new_mentions"].split()
        if not all(number.isdigit() and len(number) == 11 and number.startswith("1") for number in numbers):
            raise ValidationError(_("Eleven digits each, one number a line."))
        return "\n".join(dict.fromkeys(numbers))

    def clean_per_minute(self) -> int:
        number = self.cleaned_data["per_minute"]
        if not 1 <= number <= 20:
            raise ValidationError(_("From 1 to 20: DingTalk mutes a robot that sends more."))
        return number

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        kind = said.get("kind")
        if kind == Kind.EMAIL:
            self._check_mail(said)
        elif not said.get("new_token") and "token" not in self.has and "new_token" not in self.errors:
            self.add_error("new_token", _TOKEN_HELP.get(kind or Kind.DINGTALK, _TOKEN_HELP[Kind.DINGTALK]))
        if kind in {Kind.FEISHU, Kind.EMAIL} and said.get("new_mentions"):
            self.add_error("new_mentions", _("Only DingTalk and WeCom can call people by mobile number."))
        return said

    def _check_mail(self, said: dict[str, Any]) -> None:
        if not said.get("recipients") and "recipients" not in self.errors:
            self.add_error("recipients", _("An e-mail channel needs at least one address."))
        if "default" not in settings.MAILERS:
            self.add_error("kind", _("No mail server is set. Whoever runs this system sets EMAIL_HOST."))


_TOKEN_HELP: Final = {
    Kind.DINGTALK: gettext_lazy(
        "Copy it from the address that the group shows for the robot: what follows access_token=."
    ),
    Kind.WECOM: gettext_lazy("Copy it from the address that the group shows for the robot: what follows key=."),
    Kind.FEISHU: gettext_lazy("Copy it from the address that the group shows for the bot: what follows /hook/."),
}


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    form = ChannelForm
    list_display = ("name", "kind", "street", "is_active", "has_secret", "trouble", "held_until")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    list_select_related = ("street",)
    autocomplete_fields = ("street",)
    fieldsets = (
        (None, {"fields": ("name", "kind", "street", "is_active")}),
        (
            gettext_lazy("Robot"),
            {
                "fields": ("new_token", "new_secret", "keyword", "base_url", "new_mentions", "forget_mentions"),
                "description": gettext_lazy("Once it is saved, a test message goes out and the answer is shown."),
            },
        ),
        (gettext_lazy("E-mail"), {"fields": ("recipients",)}),
        (gettext_lazy("When"), {"fields": ("quiet_from", "quiet_until", "per_minute")}),
    )
    actions = ("send_test",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return super().get_queryset(request).defer(*_SEALED).annotate(is_signed=~Q(secret=""))

    @admin.display(description=gettext_lazy("signed"), boolean=True)
    def has_secret(self, channel: Any) -> bool:
        return channel.is_signed

    def has_delete_permission(self, request: HttpRequest, obj: Channel | None = None) -> bool:
        return False  # its messages name it for good: it is put out of use

    def save_model(self, request: HttpRequest, obj: Channel, form: ChannelForm, change: bool) -> None:
        """Save what the form asks for and nothing else: a worker may be counting the robot's minute beside us."""
        said = form.cleaned_data
        entered = {name: said[f"new_{name}"].strip() for name in _SEALED if said[f"new_{name}"].strip()}
        if said["forget_mentions"]:
            entered["mentions"] = ""
        for name, value in entered.items():
            setattr(obj, name, value)
        if change:
            obj.save(update_fields=[*_RULES, *_PACE, *entered])
        else:
            obj.save()
        if {"kind", "new_token", "new_secret", "keyword", "base_url", "recipients"} & set(form.changed_data):
            # After the commit: no row is locked while the robot thinks.
            transaction.on_commit(lambda: tell_trial(cast(UserRequest, request), obj))

    @admin.action(
        description=gettext_lazy("Send a test message"),
        permissions=["change"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def send_test(self, request: HttpRequest, channels: QuerySet[Channel]) -> None:
        if channels.count() > _MOST_TRIED:
            messages.error(
                request, _("At most %(most)s at a time: each may take eight seconds.") % {"most": _MOST_TRIED}
            )
            return
        for channel in channels:
            tell_trial(cast(UserRequest, request), channel)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "kind", "title", "channel", "street", "state", "attempts", "sent_at")
    list_filter = ("state", "kind")
    list_select_related = ("channel", "street")
    ordering = ("-pk",)
    fields = (*list_display, "is_urgent", "url", "next_try_at", "reply", "text")


@admin.register(DigestRun)
class DigestRunAdmin(ReadOnlyAdmin):
    list_display = ("hour", "street", "ran_at", "incidents")
    list_select_related = ("street",)
    ordering = ("-hour",)
    fields = list_display
