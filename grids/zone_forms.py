"""What people type to order a zone. The rules are the service's; here are labels, choices and proposals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.forms import TextField
from grids.zone_rules import PRESETS
from grids.zones import Zone

MOMENT = {"type": "datetime-local"}


class ChooseForm(forms.Form):
    """Which zone; the units are chosen beside it."""

    zone = forms.ChoiceField(label=_("Zone"), choices=Zone, widget=forms.RadioSelect, initial=Zone.LOCKDOWN)


class ZoneForm(forms.Form):
    """The rules in plain words, who authorised them, and from when."""

    rules = TextField(
        label=_("Rules in plain words"),
        help_text=_("Everybody who works there reads them on the phone. Change what is different here."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    rules_en = TextField(
        label=_("Rules in English"), required=False, widget=forms.Textarea(attrs={"rows": 7, "lang": "en"})
    )
    authorised_by = TextField(
        label=_("Authorised by"), help_text=_("The office or headquarters whose decision this is.")
    )
    starts_at = forms.DateTimeField(
        label=pgettext_lazy("a moment", "From"),
        required=False,
        help_text=_("Leave it empty to begin at once."),
        widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, zone: Zone, **kwargs: Any) -> None:
        preset = PRESETS[zone]
        kwargs["initial"] = {"rules": preset.chinese, "rules_en": preset.english} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
