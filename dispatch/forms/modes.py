"""What people type to order an emergency, to renew it and to end it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grids.forms import TextField
from grids.models import Unit
from incidents.forms.fields import rows_of


def _moment(**options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **options)


def _authorised_by() -> TextField:
    return TextField(label=_("Authorised by"), help_text=_("The office or headquarters whose decision this is."))


def _reason() -> TextField:
    return TextField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class _UnitField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.full_name} · {obj.get_kind_display()}"


class EmergencyForm(forms.Form):
    """Where, what for, on whose word, until when."""

    unit = _UnitField(
        Unit.objects.none(),
        label=_("Unit"),
        empty_label=_("Choose"),
        help_text=_("With everything below it. To order a smaller one, open its own page."),
    )
    scenario = TextField(label=_("Scenario"), help_text=_("Such as flood and typhoon, fire, snow and ice, epidemic."))
    authorised_by = _authorised_by()
    starts_at = _moment(
        label=pgettext_lazy("a moment", "From"), required=False, help_text=_("Leave it empty to begin at once.")
    )
    ends_at = _moment(
        label=pgettext_lazy("a moment", "Until"), help_text=_("It runs out by itself then, unless it is renewed.")
    )
    reason = _reason()
    applies_to_open = forms.BooleanField(
        label=_("Apply to open incidents"),
        required=False,
        help_text=_("If off, running clocks keep the limits they began with."),
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows_of(self, "unit").queryset = units


class RenewForm(forms.Form):
    """Until when then, and on whose word."""

    until = _moment(label=pgettext_lazy("a moment", "Until"))
    authorised_by = _authorised_by()
    reason = _reason()
