"""What an incident is about, in its reporter's words, without where it is."""

from collections.abc import Iterable
from typing import Final

from incidents.models import Incident

_LEAST: Final = 2
_TIERS: Final = ("微网格", "网格", "社区", "村")


def without(text: str, names: Iterable[str]) -> str:
    """The text without these names of places: a village says nothing about the matter, and would be learnt by heart."""
    forms = {form for name in names for form in _forms(name)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, " ")
    return text


def matter_of(incident: Incident) -> str:
    """Its description without the names of its place (load the columns with select_related)."""
    names = [unit.name for unit in (incident.street, *incident.place)]
    return without(incident.description, [*names, incident.place_note])


def _forms(name: str) -> list[str]:
    """A name as people write it: whole, and without the tier at its end."""
    forms = [name, *(name.removesuffix(tier) for tier in _TIERS)]
    return [form for form in forms if len(form) >= _LEAST]
