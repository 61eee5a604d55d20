"""What is asked on the way of a file into the register. The rules are the services'; here are labels and choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grids.models import Kind, Unit
from households.loading.placing.named_places import can_be_added
from households.loading.scopes import Scopes
from households.models import NamedPlaceRow

WHOLE_DISTRICT: Final = "district"
ACCEPTED: Final = ".xlsx,.xlsm,.xls,.csv"


class FileInput(forms.FileInput):
    """An ordinary file input; the page's script lays a drop zone over it."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ACCEPTED, "data-drop": ""})


class UploadForm(forms.Form):
    """A file, and the street or community that it is for."""

    file = forms.FileField(label=_("File"), widget=FileInput, allow_empty_file=True)  # the service says it better
    scope = forms.ChoiceField(
        label=_("Loaded for"),
        help_text=_("Only households of this place are compared and changed."),
    )

    def __init__(self, *args: Any, scopes: Scopes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scopes = {unit.code: unit for unit in scopes.units}
        field = cast(forms.ChoiceField, self.fields["scope"])
        field.choices = _scope_choices(scopes)
        field.initial = scopes.first.code if scopes.first else WHOLE_DISTRICT
        limit = filesizeformat(settings.FILE_UPLOAD_MOST_BYTES).replace(".0", "")  # 64 MB, not 64.0 MB
        self.fields["file"].help_text = gettext("Excel (.xlsx, .xls) or .csv, up to %(limit)s.") % {"limit": limit}

    @property
    def unit(self) -> Unit | None:
        """The place chosen; None for the whole district."""
        return self._scopes.get(self.cleaned_data["scope"])


def _scope_choices(scopes: Scopes) -> list[Any]:
    """Communities under their street; the street itself comes first in its group."""
    choices: list[Any] = [(WHOLE_DISTRICT, gettext("The whole district"))] if scopes.has_district else []
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in scopes.units:
        is_street = unit.kind == Kind.STREET
        street = unit.name if is_street or unit.street is None else unit.street.name
        label = gettext("%(street)s (all of it)") % {"street": unit.name} if is_street else unit.full_name
        groups.setdefault(street, []).append((unit.code, label))
    return [*choices, *groups.items()]


class DecideForm(forms.Form):
    """What happens to the people whom the file doesn't name, and to the rows that are in doubt."""

    gone = forms.ChoiceField(
        label=_("People in the register who are not in this file"),
        choices=[("keep", _("Keep them as they are")), ("move_out", _("Enter them as moved out"))],
        widget=forms.RadioSelect,
        initial="keep",
    )
    doubtful = forms.ChoiceField(
        label=_("Doubtful rows"),
        choices=[("leave", _("Leave them out")), ("take", _("Take them as they stand in the file"))],
        widget=forms.RadioSelect,
        initial="leave",
    )

    def __init__(self, *args: Any, asks_gone: bool, asks_doubtful: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_gone:
            del self.fields["gone"]
        if not asks_doubtful:
            del self.fields["doubtful"]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place that waits to be said, with the two ways to say it; `add` is empty where nothing could hold it."""

    place: NamedPlaceRow
    unit: forms.BoundField
    add: forms.BoundField | None


class PlacesForm(forms.Form):
    """Which micro-grid each unknown place means: typed or picked from the page's one list, or added to the tree."""

    def __init__(self, data: Any = None, *, places: Sequence[NamedPlaceRow], micro_grids: Mapping[str, Unit]) -> None:
        super().__init__(data)
        self.places, self._micro_grids = places, micro_grids
        names = {unit.pk: name for name, unit in micro_grids.items()}
        for place in places:
            self.fields[f"unit-{place.index}"] = forms.CharField(
                label=str(place) or gettext("(nothing said)"),
                required=False,
                initial=names.get(place.unit_id, ""),
                widget=forms.TextInput(
                    attrs={"list": "micro-grids", "autocomplete": "off", "placeholder": gettext("type to search")}
                ),
            )
            if place.within and (place.found == NamedPlaceRow.Found.NEW or can_be_added(place)):
                self.fields[f"add-{place.index}"] = forms.BooleanField(
                    label=gettext("Add it to %(unit)s") % {"unit": place.within.full_name},
                    required=False,
                    initial=place.found == NamedPlaceRow.Found.NEW,
                )

    @property
    def rows(self) -> list[PlaceRow]:
        fields = self.fields
        return [
            PlaceRow(
                place,
                self[f"unit-{place.index}"],
                self[f"add-{place.index}"] if f"add-{place.index}" in fields else None,
            )
            for place in self.places
        ]

    @property
    def can_add(self) -> bool:
        return any(row.add for row in self.rows)

    def clean(self) -> dict[str, Any]:
        """A name must be one of the list: half a name could be two places."""
        cleaned = super().clean() or {}
        for place in self.places:
            name = cleaned.get(f"unit-{place.index}", "")
            if name and name not in self._micro_grids:
                self.add_error(f"unit-{place.index}", _("No micro-grid has this name. Choose one of the list."))
            elif name and cleaned.get(f"add-{place.index}"):
                self.add_error(f"unit-{place.index}", _("Either choose a micro-grid or add one, not both."))
        return cleaned

    @property
    def units(self) -> dict[int, Unit | None]:
        """The micro-grid of each place; None leaves it as it was found. Places to be added are not among them."""
        said = {place.index: self.cleaned_data[f"unit-{place.index}"] for place in self.places}
        added = self.additions
        return {index: self._micro_grids.get(name) for index, name in said.items() if index not in added}

    @property
    def additions(self) -> set[int]:
        """The places to be added to the tree."""
        return {place.index for place in self.places if self.cleaned_data.get(f"add-{place.index}")}
