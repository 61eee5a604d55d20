"""Which open incidents a report may be about: asked while it is typed, before it is filed, and when two are merged.

Whoever can tell stands above this app (`tagging.duplicates`) and says so once, while the apps are made ready. So there
is one finder, and page, API and merge form show the same.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.db.models import QuerySet

from grids.models import Kind, Unit
from incidents.models import Category, Incident


@dataclass(frozen=True, slots=True)
class Likeness:
    """An open incident, how likely it is the same thing (0 to 1), how near it is, and why: in the reader's language."""

    incident: Incident
    score: float
    where: str
    because: str


class Finder(Protocol):
    """The open incidents of `among` that may be the same thing, the likeliest first, each with place and category."""

    def __call__(self, incident: Incident, *, among: QuerySet[Incident]) -> list[Likeness]: ...


_finder: Final[list[Finder]] = []


def set_finder(finder: Finder) -> None:
    """Ask this one from now on; called once, while the apps are made ready."""
    _finder[:] = [finder]


def likely_same(incident: Incident, *, among: QuerySet[Incident]) -> list[Likeness]:
    """What may be the same thing as `incident`, filed or only imagined, of those `among` (what the reader may see)."""
    return [like for finder in _finder for like in finder(incident, among=among)]


def imagined(unit: Unit, category: Category | None, text: str, *, spot: str = "", at: datetime) -> Incident:
    """A report that nobody has filed, as an incident to compare others with (`unit` with the columns of its place)."""
    return Incident(
        category=category,
        description=text,
        place_note=spot,
        unit=unit,
        street=unit if unit.kind == Kind.STREET else unit.street,
        community=unit.community,
        grid=unit.grid,
        micro_grid=unit.micro_grid,
        reported_at=at,
    )
