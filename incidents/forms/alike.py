"""The report form while it is typed, and when what was typed is added to an incident that is open already."""

from datetime import datetime
from typing import Any, Final

from django import forms

from grids.models import Unit
from incidents.forms.fields import TextField, rows_of
from incidents.forms.report import ReportForm
from incidents.likeness import imagined
from incidents.models import Category, Incident
from incidents.selectors import current_categories

_COUNTS: Final = frozenset({"client_uuid", "description", "photos", "camera"})


class SupplementForm(ReportForm):
    """The report form, of which only the words, the files and the form's own id count: the place and the kind are those
    of the incident that they are added to."""

    def clean(self) -> dict[str, Any]:
        data = forms.Form.clean(self) or {}
        for name in self.errors.keys() - _COUNTS:
            del self.errors[name]
        return data

    @property
    def words(self) -> str:
        """Everything that was written, one after the other. Call it on a valid form."""
        data = self.cleaned_data
        measures = data.get("measures") if data.get("on_the_spot") else ""
        return "\n".join(filter(None, (data.get("place_note"), data["description"], measures)))


class TypedReport(forms.Form):
    """What stands in the report form so far. Nothing is required and nothing refused: it is only compared."""

    area = forms.ModelChoiceField(Unit.objects.none(), required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), required=False)
    common = forms.ModelChoiceField(Category.objects.none(), required=False, to_field_name="code")
    category = forms.ModelChoiceField(Category.objects.none(), required=False, to_field_name="code")
    place_note = TextField(required=False)
    description = TextField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("area", "unit"):
            rows_of(self, name).queryset = Unit.objects.select_related("street", "community", "grid", "micro_grid")
        for name in ("common", "category"):
            rows_of(self, name).queryset = current_categories()

    def imagined(self, *, at: datetime) -> Incident | None:
        """The report as if it were filed at that moment; None while no place is chosen or nothing is written."""
        self.full_clean()
        said = self.cleaned_data
        unit, text = said.get("unit") or said.get("area"), said.get("description")
        if unit is None or not text:
            return None
        category = said.get("category") or said.get("common")
        return imagined(unit, category, text[:2000], spot=said.get("place_note", "")[:200], at=at)
