"""Places that a file names and the tree doesn't have, where the user said to add them."""

from django.utils.translation import gettext as _

from grids import tree
from grids.models import Form, Kind, Unit
from grids.tree import NewUnit
from households.loading.placing.place_names import plain
from households.loading.writing.jobs import Job
from households.models import NamedPlaceRow

_BELOW = {Kind.STREET: Kind.COMMUNITY, Kind.AREA: Kind.COMMUNITY, Kind.COMMUNITY: Kind.GRID, Kind.GRID: Kind.MICRO_GRID}

_FORMS = (("组", Form.VILLAGER_GROUP), ("幢", Form.BUILDING), ("单元", Form.STAIRWELL), ("村", Form.NATURAL_VILLAGE))


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
    wanted = _List()
    micro_grids = {place.pk: wanted.micro_grid(place) for place in places}
    if wanted.rows:
        tree.add_units_in_bulk(
            job.street, wanted.rows, actor=job.actor, reason=_("Named by a file that was loaded"), at=job.at
        )
    for place in places:
        place.unit_id = micro_grids[place.pk].pk
    NamedPlaceRow.objects.bulk_update(places, ["unit"])
    return len(wanted.rows)


class _List:
    """The units to be added, parents first. Places that only differ in spelling are one."""

    def __init__(self) -> None:
        self.rows: list[NewUnit] = []
        self._known: dict[tuple[object, str], Unit | NewUnit] = {}

    def micro_grid(self, place: NamedPlaceRow) -> Unit | NewUnit:
        """The micro-grid of the place, found or put on the list with what it needs above it."""
        unit: Unit | NewUnit = place.unit  # type: ignore[assignment]
        names = {
            Kind.COMMUNITY: place.community,
            Kind.GRID: place.grid,
            Kind.MICRO_GRID: place.micro_grid or place.hint,
        }
        while unit.kind != Kind.MICRO_GRID:
            kind = _BELOW[Kind(unit.kind)]
            unit = self._below(unit, kind, names[kind] or unit.name)
        return unit

    def _below(self, parent: Unit | NewUnit, kind: Kind, name: str) -> Unit | NewUnit:
        key = (parent if isinstance(parent, NewUnit) else parent.pk, plain(name))
        if key not in self._known:
            self._known[key] = _existing(parent, name) or self._new(parent, kind, name)
        return self._known[key]

    def _new(self, parent: Unit | NewUnit, kind: Kind, name: str) -> NewUnit:
        row = NewUnit(parent, kind, name, form=_form(name) if kind == Kind.MICRO_GRID else "")
        self.rows.append(row)
        return row


def _form(name: str) -> str:
    """What sort of micro-grid a name speaks of; empty where it says nothing."""
    return next((form for word, form in _FORMS if plain(name).endswith(word)), "")


def _existing(parent: Unit | NewUnit, name: str) -> Unit | None:
    if isinstance(parent, NewUnit):
        return None
    return Unit.objects.filter(parent=parent, name=name, retired_at=None).first()
