"""The report: what, where, a sentence; whether it was handled on the spot."""

from collections import defaultdict
from typing import Any, Final, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from grids.models import Ability, Kind, Unit
from grids.posts import has_ability
from incidents.forms.fields import (
    Choices,
    DescribedRadios,
    DescribedSelect,
    ManyFilesField,
    ManyFilesInput,
    OnceForm,
    TextField,
    catalogue_choices,
    catalogue_facts,
    choice_of,
    long_text,
    photos_field,
    rows_of,
)
from incidents.icons import icon_of
from incidents.models import Category, Source
from incidents.places import communities_for, own_unit, places_for
from incidents.selectors import current_categories
from incidents.services import Draft

ROOM_SOURCES: Final = (Source.COMMAND, Source.HOTLINE, Source.PATROL)


class ReportForm(OnceForm):
    """Everything of the report page. Built for one user: the places and sources offered are the user's own.

    The six common kinds are tiles; the list below them has all. Whichever was chosen in the list counts.
    """

    common = forms.ChoiceField(label=gettext_lazy("What is it"), required=False, widget=DescribedRadios)
    category = forms.ChoiceField(label=gettext_lazy("All kinds"), required=False, widget=DescribedSelect)
    area = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Community"), empty_label=gettext_lazy("Choose the community")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Grid"),
        required=False,
        empty_label=gettext_lazy("Choose the community first"),
        error_messages={"invalid_choice": gettext_lazy("This grid lies in another community. Choose again.")},
    )
    place_note = TextField(
        label=gettext_lazy("Where exactly"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Building, gate, shop …")}),
    )
    description = long_text(
        gettext_lazy("What is the matter"),
        limit=2000,
        help_text=gettext_lazy("One sentence is enough. Dictation works too."),
    )
    photos: ManyFilesField = photos_field()
    camera = ManyFilesField(
        label=gettext_lazy("Take a photo"),
        required=False,
        widget=ManyFilesInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    source = forms.ChoiceField(label=gettext_lazy("Who told us"), required=False)
    on_the_spot = forms.BooleanField(
        label=gettext_lazy("Handled on the spot"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
        help_text=gettext_lazy("For small things that you have just settled yourself."),
    )
    measures = long_text(gettext_lazy("What did you do"), limit=2000, required=False, rows=2)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._categories = {row.code: row for row in current_categories()}
        self._offer_categories()
        self._offer_places()
        if has_ability(user, Ability.DISPATCH):
            choice_of(self, "source").choices = [(source.value, source.label) for source in ROOM_SOURCES]
        else:
            del self.fields["source"]

    @property
    def tile_icons(self) -> dict[str, str]:
        """A symbol for each tile."""
        return {code: icon_of(row) for code, row in self._categories.items() if row.is_common}

    def draft(self) -> Draft:
        """The report as the service takes it. Call it on a valid form."""
        data = self.cleaned_data
        return Draft(
            unit=data["unit"],
            category=data["chosen"],
            description=data["description"],
            place_note=data["place_note"],
            source=data.get("source") or Source.WORKER,
            client_uuid=data["client_uuid"],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("category") or data.get("common")
        data["chosen"] = self._categories.get(code or "")
        if data["chosen"] is None and not {"category", "common"} & set(self.errors):
            self.add_error("common", _("Choose what it is."))
        if data.get("on_the_spot") and not data.get("measures"):
            self.add_error("measures", _("Say what was done."))
        if data.get("area") and not data.get("unit") and "unit" not in self.errors:
            data["unit"] = self._whole_area(data["area"])
        return data

    def _whole_area(self, area: Unit) -> Unit | None:
        """Who reports for a community need not know the grid; who reports for a grid names it."""
        if places_for(self.user, area).filter(pk=area.pk).exists():
            return area
        self.add_error("unit", _("Choose the grid."))
        return None

    def _offer_categories(self) -> None:
        rows: list[Category] = list(self._categories.values())
        facts = catalogue_facts(rows)
        common, every = choice_of(self, "common"), choice_of(self, "category")
        common.choices = [(row.code, str(row)) for row in rows if row.is_common and row.is_reportable]
        every.choices = [("", _("All kinds, by group")), *catalogue_choices(rows)]
        for field in (common, every):
            cast(DescribedSelect | DescribedRadios, field.widget).facts = facts

    def _offer_places(self) -> None:
        communities = communities_for(self.user)
        areas = list(communities)
        area = rows_of(self, "area")
        area.queryset, area.choices = communities, _areas_by_street(areas)
        home = own_unit(self.user)
        self.is_area_fixed = len(areas) == 1
        if self.is_area_fixed:
            self.initial["area"] = areas[0].pk
            area.widget = forms.HiddenInput()
        else:
            area.widget.attrs |= {
                "hx-get": reverse("incidents:places"),
                "hx-target": "#unit",
                "hx-swap": "outerHTML",
            }
        if home is not None:
            self.initial.setdefault("area", home.community_id)
        chosen = next((area for area in areas if str(area.pk) == str(self["area"].value())), None)
        self.has_places = chosen is not None
        if chosen is not None:
            self._offer_units(chosen, home)

    def _offer_units(self, area: Unit, home: Unit | None) -> None:
        """The community itself, if the user may report for it, its grids and its micro-grids."""
        places = places_for(self.user, area)
        units = list(places)
        field = rows_of(self, "unit")
        field.queryset, field.choices = places, _units_by_grid(units)
        if home is not None and home.pk in {unit.pk for unit in units}:
            self.initial.setdefault("unit", home.pk)


def _areas_by_street(areas: list[Unit]) -> Choices:
    """Communities; in groups by street when there are several streets."""
    groups: dict[str, Choices] = defaultdict(list)
    for area in areas:
        groups[str(area.street)].append((str(area.pk), area.name))
    empty: Choices = [("", _("Choose the community"))]
    return [*empty, *(groups.items() if len(groups) > 1 else next(iter(groups.values()), []))]


def _units_by_grid(units: list[Unit]) -> Choices:
    """The community as a whole, then each grid with its micro-grids under it."""
    rows: Choices = [
        (str(unit.pk), _("%(place)s, no particular grid") % {"place": unit.name})
        for unit in units
        if unit.kind == Kind.COMMUNITY
    ]
    groups: dict[str, Choices] = defaultdict(list)
    for unit in units:
        if unit.kind == Kind.GRID:
            groups[unit.name].append((str(unit.pk), _("%(place)s as a whole") % {"place": unit.name}))
        elif unit.kind == Kind.MICRO_GRID:
            groups[str(unit.grid or "")].append((str(unit.pk), unit.name))
    return [*rows, *groups.items()]
