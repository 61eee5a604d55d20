"""What is typed to take a register out, and to decide on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from households.models import ExportRequest
from households.services.exporting import LONGEST_PURPOSE


class AskForm(forms.Form):
    """Which register, as what, and whether numbers stand in full."""

    register = forms.ChoiceField(
        label=pgettext_lazy("one of the four", "Register"),
        choices=ExportRequest.Register,
        widget=forms.RadioSelect,
        initial="residents",
    )
    format = forms.ChoiceField(
        label=_("File"), choices=ExportRequest.Format, widget=forms.RadioSelect, initial=ExportRequest.Format.XLSX
    )
    is_unmasked = forms.BooleanField(
        label=_("With full names and numbers"),
        required=False,
        help_text=_("Somebody else has to approve it. The file carries your name, the time and the purpose."),
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        required=False,
        help_text=_("Needed for full numbers: what for, and who gets to see it."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_PURPOSE}),
    )


class DecideForm(forms.Form):
    """Yes or no to somebody else's export."""

    is_approved = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Approve")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("Needed for a refusal; who asked reads it."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_PURPOSE}),
    )

    def decision(self) -> dict[str, Any]:
        return self.cleaned_data
