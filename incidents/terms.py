"""What one version of a catalogue entry says, apart from when it said so."""

from dataclasses import dataclass, fields
from typing import Any

from grids.models import Department
from incidents.models import Category


@dataclass(frozen=True, slots=True)
class Terms:
    """`level` None: a group, which nothing is reported under. `limit_minutes` None: the limit of the level."""

    name: str = ""
    name_en: str = ""
    description: str = ""
    description_en: str = ""
    level: int | None = None
    lead: Department | None = None
    assisting: tuple[Department, ...] = ()
    limit_minutes: int | None = None
    closing_conditions: str = ""
    closing_conditions_en: str = ""
    keywords: str = ""
    is_common: bool = False


COLUMNS = tuple(field.name for field in fields(Terms) if field.name != "assisting")
"""The terms that stand in the row itself; the assisting departments have a table of their own."""


def terms_of(category: Category) -> Terms:
    """What this version says."""
    assisting = sorted(category.assisting.all(), key=lambda department: department.code)
    return Terms(**{name: getattr(category, name) for name in COLUMNS}, assisting=tuple(assisting))


def columns_of(terms: Terms) -> dict[str, Any]:
    """The terms as columns of the row."""
    return {name: getattr(terms, name) for name in COLUMNS}
