"""What is typed about an organisation or a resource. The rules are the services'; here are labels and choices."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

import clock
from grids.models import Unit
from grids.models.unit import said_once
from households.models import Organisation, Resource


class LongSelect(forms.Select):
    """A list of a thousand places, written in one go: option by option through templates took most of a second."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, " selected" if str(key) == str(value) else "", label) for key, label in self.choices),
        )
        return format_html("<select{}>{}</select>", flatatt({**self.build_attrs(attrs or {}), "name": name}), options)


class _AssetForm(forms.ModelForm):
    """The facts of one row, and the unit that it belongs to, chosen among those given."""

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = units
        label = pgettext_lazy("of an organisation or a resource", "Belongs to")
        field = forms.ChoiceField(label=label, choices=list(_labels(units)), widget=LongSelect)
        self.fields = {"unit": field, **self.fields}
        if self.instance.unit_id:
            self.initial["unit"] = str(self.instance.unit_id)

    def _post_clean(self) -> None:
        """The service checks the row; the form leaves it alone."""

    def facts(self) -> dict[str, Any]:
        """What was typed, for the service."""
        return {**self.cleaned_data, "unit": self._units.get(pk=self.cleaned_data["unit"])}


def _labels(units: QuerySet[Unit]) -> Iterator[tuple[str, str]]:
    """Keys and full names, from the community down."""
    rows = units.values_list("pk", "name", "community_id", "community__name", "grid_id", "grid__name")
    for pk, name, community_id, community, grid_id, grid in rows:
        above = [community if community_id not in (None, pk) else "", grid if grid_id not in (None, pk) else ""]
        yield str(pk), said_once([*filter(None, above), name])


class OrganisationForm(_AssetForm):
    class Meta:
        model = Organisation
        fields = (
            *("name", "uscc", "kind", "is_key", "address", "hazards"),
            *("contact_name", "contact_phone", "headcount", "note"),
        )
        help_texts = {
            "uscc": _("18 characters, from the licence. Small shops have none: leave it empty."),
            "hazards": _("What the fire brigade would want to know: gas, chemicals, crowds."),
            "is_key": _("One that is looked after specially, such as a school or a chemical store."),
        }
        widgets = {
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "uscc": forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
            "is_key": forms.CheckboxInput(attrs={"class": "switch"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.CharField, self.fields["uscc"]).validators = []  # the service takes blanks and hyphens away first
        self.fields["uscc"].max_length = None  # type: ignore[attr-defined]


class ResourceForm(_AssetForm):
    class Meta:
        model = Resource
        fields = (
            *("kind", "name", "quantity", "measure", "place", "owner"),
            *("contact_name", "contact_phone", "note"),
        )
        widgets = {"contact_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("choose")), *Resource.Kind.choices]


class EndForm(forms.Form):
    """The first day without it."""

    on = forms.DateField(
        label=_("First day without it"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=clock.today,
    )
