"""Parties to choose from: the departments that serve the street, and the units that the incident lies in."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from grids.models import Department, Kind
from incidents.forms.fields import Choices
from incidents.models import Incident
from incidents.services.triage import Party

_UNIT_KINDS: Final = (Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID)


class Parties:
    """What one incident can be dispatched to, as choices of a form and back again."""

    def __init__(self, incident: Incident) -> None:
        self.departments = list(departments_for(incident))
        self.units = [unit for unit in incident.place if unit.kind in _UNIT_KINDS and unit.is_live]
        self._by_key: dict[str, Party] = {key_of(party): party for party in (*self.departments, *self.units)}

    def choices(self) -> Choices:
        """Both kinds, in two groups."""
        return [
            (_("Departments"), [(key_of(party), str(party)) for party in self.departments]),
            (_("Units of this place"), [(key_of(unit), unit.name) for unit in self.units]),
        ]

    def flat_choices(self) -> Choices:
        return [row for _group, rows in self.choices() for row in rows]

    def find(self, key: str) -> Party:
        try:
            return self._by_key[key]
        except KeyError as error:
            raise ValidationError(_("Choose one of the list."), code="invalid_choice") from error

    def includes(self, party: Party | None) -> bool:
        return party is not None and key_of(party) in self._by_key


def key_of(party: Any) -> str:
    """A party as the value of a form's option."""
    return f"{party._meta.model_name}:{party.pk}"


def departments_for(incident: Incident) -> Any:
    """The departments in use that serve the incident's street or the whole district."""
    serving = Q(street=None) | Q(street=incident.street_id)
    return Department.objects.filter(serving, is_active=True).order_by("street", "code")


class PartyField(forms.ChoiceField):
    """One party, as the object itself."""

    parties: Parties

    def clean(self, value: Any) -> Party | None:
        key = super().clean(value)
        return self.parties.find(key) if key else None


class PartiesField(forms.MultipleChoiceField):
    """Any number of parties, as the objects themselves."""

    parties: Parties

    def clean(self, value: Any) -> list[Party]:
        return [self.parties.find(key) for key in super().clean(value)]
