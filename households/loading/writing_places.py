"""Places that a file names and the tree doesn't have, where the user said to add them."""

from django.utils.translation import gettext as _

from grids import tree
from grids.models import Kind, Unit
from grids.tree import NewUnit
from households.loading.jobs import Job
from households.models import NamedPlaceRow

_BELOW = {Kind.STREET: Kind.COMMUNITY, Kind.AREA: Kind.COMMUNITY, Kind.COMMUNITY: Kind.GRID, Kind.GRID: Kind.MICRO_GRID}


def add_named(job: Job) -> int:
    """Add what is missing above the doors; the places of the load then mean their micro-grids. Returns how many units.

    `unit` of such a place is the lowest unit above it that exists. Where the file skips a tier, the unit below is
    named like the one above: a community that isn't divided has one grid of its own name.
    """
    if job.load.answers.get("add_places") is False:
        return 0
    places = list(
        job.load.places.filter(found=NamedPlaceRow.Found.NEW, unit__street=job.street)
        .exclude(unit__kind=Kind.MICRO_GRID)
        .select_related("unit")
        .order_by("index")
    )
    made: dict[tuple[int, str], Unit | NewUnit] = {}
    rows: list[NewUnit] = []
    micro_grids = {place.pk: _micro_grid(place, made, rows) for place in places}
    if rows:
        tree.add_units_in_bulk(
            job.street, rows, actor=job.actor, reason=_("Named by a file that was loaded"), at=job.at
        )
    for place in places:
        place.unit_id = micro_grids[place.pk].pk
    NamedPlaceRow.objects.bulk_update(places, ["unit"])
    return len(rows)


def _micro_grid(
    place: NamedPlaceRow, made: dict[tuple[int, str], Unit | NewUnit], rows: list[NewUnit]
) -> Unit | NewUnit:
    """The micro-grid of the place, found or put on the list with what it needs above it."""
    unit: Unit | NewUnit = place.unit  # type: ignore[assignment]
    names = {Kind.COMMUNITY: place.community, Kind.GRID: place.grid, Kind.MICRO_GRID: place.micro_grid or place.hint}
    while unit.kind != Kind.MICRO_GRID:
        kind = _BELOW[Kind(unit.kind)]
        name = names[kind] or unit.name
        below = made.get((id(unit) if isinstance(unit, NewUnit) else unit.pk, name)) or _existing(unit, name)
        if below is None:
            below = NewUnit(unit, kind, name)
            rows.append(below)
        made[id(unit) if isinstance(unit, NewUnit) else unit.pk, name] = below
        unit = below
    return unit


def _existing(parent: Unit | NewUnit, name: str) -> Unit | None:
    if isinstance(parent, NewUnit):
        return None
    return Unit.objects.filter(parent=parent, name=name, retired_at=None).first()
