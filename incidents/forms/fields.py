"""Controls that several forms share."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from incidents.models import Category

Choices = list[tuple[str, Any]]


class OnceForm(forms.Form):
    """A form with an id of its own: sent twice, it counts once, and the photos chosen in it wait under that id."""

    # A browser that puts back what stood in a page would put back the id of another form, without its photos.
    client_uuid = forms.UUIDField(widget=forms.HiddenInput({"autocomplete": "off"}))

    @property
    def draft_key(self) -> uuid.UUID | None:
        """The form's own id; None when somebody has broken it."""
        try:
            return uuid.UUID(str(self["client_uuid"].value()))
        except ValueError:
            return None


class TextField(forms.CharField):
    """Text as people paste it. Django refuses a NUL beside the field; here it goes the way of all unseen characters."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\x00", "") if isinstance(value, str) else value) or ""


def long_text(label: Any, *, limit: int, required: bool = True, rows: int = 3, **options: Any) -> TextField:
    """A text with a counter. The service enforces the limit: `maxlength` would silently cut off what is pasted."""
    widget = forms.Textarea(attrs={"rows": rows, "data-limit": limit})
    wanted = {"required": _("Write at least a few words here.")}
    return TextField(label=label, required=required, widget=widget, error_messages=wanted, **options)


def typed(fields: QueryDict) -> dict[str, Any]:
    """What was typed as a form's `initial`: the form comes back filled, without being judged."""
    return {name: values if len(values) > 1 else values[0] for name, values in fields.lists() if values}


def choice_of(form: forms.Form, name: str) -> forms.ChoiceField:
    """A field with choices, known as such to the type checker."""
    return cast(forms.ChoiceField, form.fields[name])


def rows_of(form: forms.Form, name: str) -> forms.ModelChoiceField:
    """A field whose choices are rows, known as such to the type checker."""
    return cast(forms.ModelChoiceField, form.fields[name])


class _Described(forms.widgets.ChoiceWidget):
    """A choice whose options carry facts for the script of the page: `facts` maps a value to data attributes."""

    facts: Mapping[str, Mapping[str, str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"].update(self.facts.get(str(value), {}))
        return option


class DescribedSelect(_Described, forms.Select):
    pass


class DescribedRadios(_Described, forms.RadioSelect):
    pass


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, as a list. What they are is found out by `incidents.attachments`, not here."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [file for file in (data if isinstance(data, list | tuple) else [data]) if file]


def photos_field() -> ManyFilesField:
    """Photos and papers to send along. Never required: the law forbids forced photos."""
    return ManyFilesField(
        label=_("Photos or PDF"),
        required=False,
        help_text=_("Not required. Up to 10 files of 20 MB each. Place and phone model are removed from photos."),
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )


def catalogue_choices(categories: Iterable[Category]) -> Choices:
    """The reportable entries as (code, name), in groups named by the entries above them."""
    rows = list(categories)
    names = {row.code: str(row) for row in rows}
    groups: dict[str, Choices] = defaultdict(list)
    for row in rows:
        if row.is_reportable:
            groups[_group_name(row, names)].append((row.code, str(row)))
    return list(groups.items())


def _group_name(category: Category, names: Mapping[str, str]) -> str:
    parts = [names.get(category.code[:length], "") for length in range(2, len(category.code), 2)]
    return " · ".join(part for part in parts if part)


def catalogue_facts(categories: Iterable[Category]) -> dict[str, dict[str, str]]:
    """What the report page's search and switch need to know of each entry."""
    return {
        row.code: {"data-words": f"{row.name} {row.name_en} {row.keywords}", "data-level": str(row.level)}
        for row in categories
        if row.is_reportable
    }
