"""The queue's own forms: many incidents to the same parties, and a filter's name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Department
from incidents.forms.fields import TextField, long_text, rows_of


class TogetherForm(forms.Form):
    """One lead, any assisting parties and an instruction, for all of the selected incidents."""

    lead = forms.ModelChoiceField(
        Department.objects.none(), label=_("Lead"), to_field_name="code", empty_label=_("Choose the lead party")
    )
    assisting = forms.ModelMultipleChoiceField(
        Department.objects.none(),
        label=_("Assisting"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )
    note = long_text(_("Instruction"), limit=500, required=False, rows=2)

    def __init__(self, *args: Any, departments: Any, lead: Department | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "assisting"):
            rows_of(self, name).queryset = departments
        if lead is not None:
            self.initial.setdefault("lead", lead.code)


class FilterNameForm(forms.Form):
    """What a saved filter is called; its limit is the service's to tell."""

    name = TextField(
        label=_("Name of the filter"), widget=forms.TextInput(attrs={"autocomplete": "off", "data-limit": 20})
    )
