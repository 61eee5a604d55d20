"""Which unit a place named by a file is: by code, by name, by the address, or by what the file was loaded for.

`Directory.of` reads the tiers of the tree once; all places of a file are found in it. Nothing is guessed: a name that
several units carry is ambiguous, and a place outside the area is outside, never replaced by something like it within.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from grids.models import District, Kind, Unit
from households.loading.placing.place_names import keys_of, members_of, plain
from households.loading.rows import NamedPlace
from households.models import NamedPlaceRow

Found = NamedPlaceRow.Found
_CODE: Final = re.compile(r"\d{9}|\d{12}|\d{15}|\d{18}|\d{22}")
_TAIL: Final = re.compile(r"\d{3}|\d{6}|\d{9}")
_MICRO_GRID_CODE: Final = 18
_SAYS_GRID: Final = re.compile("(?<!微)网格")
"""第3网格 is never the third micro-grid, whatever the tree has."""
_TIERS: Final = (Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID)


@dataclass(frozen=True, slots=True)
class Match:
    """What a named place is. `within` is the lowest unit that is known for sure, where the place itself isn't."""

    found: NamedPlaceRow.Found
    unit: Unit | None = None
    within: Unit | None = None


@dataclass(slots=True)
class Directory:
    """The tiers of the tree above the doors, and the part of it that the file may go to (`scope`; None: all of it)."""

    units: Sequence[Unit]
    scope: Unit | None
    _by_code: dict[str, Unit] = field(default_factory=dict)
    _names: dict[tuple[str, int | None, bool], dict[str, list[tuple[int, Unit]]]] = field(default_factory=dict)
    _inside: dict[tuple[str, int | None], list[Unit]] = field(default_factory=dict)
    _unit_names: dict[int, str] = field(default_factory=dict)
    _streets: dict[str, list[Unit]] = field(default_factory=dict)
    _known: dict[NamedPlace, Match] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_code = {unit.code: unit for unit in self.units}
        self._unit_names = {unit.pk: unit.name for unit in self.units}
        for unit in self.units:  # once, not for every place: a city has thousands of places in thousands of units
            for pk in {None, unit.street_id, unit.community_id, unit.grid_id, unit.micro_grid_id}:
                self._inside.setdefault((unit.kind, pk), []).append(unit)
            if unit.kind == Kind.STREET:
                self._streets.setdefault(plain(unit.name), []).append(unit)

    @classmethod
    def of(cls, scope: Unit | None) -> "Directory":
        """The units in use, as they stand now."""
        kinds = (Kind.STREET, *_TIERS)
        units = Unit.objects.filter(kind__in=kinds, retired_at=None).order_by("tree_id", "lft")
        return cls(list(units), scope)

    def find(self, named: NamedPlace) -> Match:
        """The micro-grid that is meant, or why it isn't known."""
        if named not in self._known:
            self._known[named] = self._find(named)
        return self._known[named]

    def covers(self, unit: Unit) -> bool:
        """Whether the file may go there."""
        return self.scope is None or getattr(unit, f"{self.scope.kind}_id") == self.scope.pk

    # -- the steps ---------------------------------------------------------------------------------------------------
    def _find(self, named: NamedPlace) -> Match:
        coded = self._by_codes(named)
        if coded and (coded.unit or coded.found != Found.BY_CODE):
            return coded
        within = coded.within if coded else None
        if within is None and named.community and not self._is_street(named.community):
            community = self._named(Kind.COMMUNITY, named.community, None)
            if community.unit is None:
                return community
            within = community.unit
        return self._below(named, within)

    def _by_codes(self, named: NamedPlace) -> Match | None:
        """The lowest code that stands there: the micro-grid itself, or (as `within`) what it lies in; None without."""
        for text in (named.micro_grid, named.grid, named.community):
            code = text.strip()
            if not _CODE.fullmatch(code):
                continue
            unit = self._by_code.get(code[:_MICRO_GRID_CODE])
            if unit is None:
                begins_here = code.startswith(self._area_code())
                return Match(Found.UNKNOWN if begins_here else Found.OUTSIDE, within=self._scope_as_place())
            if not self.covers(unit) and not self._encloses_scope(unit):
                return Match(Found.OUTSIDE)
            is_answer = unit.kind == Kind.MICRO_GRID
            within = unit if unit.kind in (Kind.COMMUNITY, Kind.GRID) else None
            return Match(Found.BY_CODE, unit if is_answer else None, within)
        return None

    def _below(self, named: NamedPlace, within: Unit | None) -> Match:
        """Within the community or grid that is known, or within the whole area."""
        if named.grid and not _CODE.fullmatch(named.grid) and (within is None or within.kind == Kind.COMMUNITY):
            grid = self._named(Kind.GRID, named.grid, within)
            if grid.unit is None:
                return self._micro_grid_as_grid(named, within) or grid
            within = grid.unit
        if named.micro_grid and not _CODE.fullmatch(named.micro_grid):
            return self._named(Kind.MICRO_GRID, named.micro_grid, within)
        if named.hint:
            hinted = self._named(Kind.MICRO_GRID, named.hint, within)
            if hinted.unit:
                return Match(Found.BY_ADDRESS, hinted.unit)
        return self._only_one(within, named)

    def _micro_grid_as_grid(self, named: NamedPlace, within: Unit | None) -> Match | None:
        """Villages often write the micro-grid into the only column there is."""
        if named.micro_grid or _SAYS_GRID.search(named.grid):
            return None
        lower = self._named(Kind.MICRO_GRID, named.grid, within)
        return lower if lower.unit else None

    def _only_one(self, within: Unit | None, named: NamedPlace) -> Match:
        """Nothing names the micro-grid: fine where there is just one."""
        place = within or self.scope
        candidates = [unit for unit in self._candidates(Kind.MICRO_GRID, place) if self.covers(unit)]
        if place is not None and len(candidates) == 1:
            is_named = any((named.community, named.grid)) and within is not None
            return Match(Found.BY_NAME if is_named else Found.BY_SCOPE, candidates[0])
        return Match(Found.UNKNOWN, within=within or self._scope_as_place())

    def _named(self, kind: Kind, text: str, within: Unit | None) -> Match:
        """The unit of that kind with that name in `within`, or in the area."""
        here = self._look_up(kind, text, within, inside=True)
        if len(here) == 1:
            return Match(Found.BY_NAME, here[0])
        place = within or self._scope_as_place()
        if here:
            return Match(Found.AMBIGUOUS, within=place)
        if by_tail := self._by_tail(kind, text, within):
            return Match(Found.BY_CODE, by_tail)
        if kind == Kind.COMMUNITY and self._look_up(kind, text, None, inside=False):
            return Match(Found.OUTSIDE)
        return Match(Found.UNKNOWN, within=place)

    def _look_up(self, kind: Kind, text: str, within: Unit | None, *, inside: bool) -> list[Unit]:
        """The units that share the strictest key possible with the text."""
        names = self._names_in(kind, within, inside=inside)
        for key in keys_of(text, kind, self._above(within)):
            if found := names.get(key):
                best = min(rank for rank, _unit in found)
                return list(dict.fromkeys(unit for rank, unit in found if rank == best))
        return []

    def _names_in(self, kind: Kind, within: Unit | None, *, inside: bool) -> dict[str, list[tuple[int, Unit]]]:
        index = (kind.value, within.pk if within else None, inside)
        if index not in self._names:
            names: dict[str, list[tuple[int, Unit]]] = {}
            for unit in self._candidates(kind, within):
                if inside and not self.covers(unit):
                    continue
                for rank, key in enumerate(self._keys_of_unit(unit)):
                    names.setdefault(key, []).append((rank, unit))
            self._names[index] = names
        return self._names[index]

    def _keys_of_unit(self, unit: Unit) -> Iterable[str]:
        above = [self._unit_names.get(pk, "") for pk in (unit.street_id, unit.community_id) if pk and pk != unit.pk]
        keys = keys_of(unit.name, unit.kind, above)
        for member in members_of(unit.name):
            keys += keys_of(member, unit.kind, above)
        return dict.fromkeys(keys)

    def _candidates(self, kind: Kind, within: Unit | None) -> list[Unit]:
        return self._inside.get((kind.value, within.pk if within else None), [])

    def _by_tail(self, kind: Kind, text: str, within: Unit | None) -> Unit | None:
        """003 is the third grid of a known community; never where nothing is known above it."""
        if within is None or not _TAIL.fullmatch(text.strip()):
            return None
        found = self._by_code.get(within.code + text.strip())
        return found if found and found.kind == kind and self.covers(found) else None

    def _above(self, within: Unit | None) -> list[str]:
        pks = (within.street_id, within.community_id) if within else (self.scope.street_id if self.scope else None,)
        return [self._unit_names[pk] for pk in pks if pk in self._unit_names]

    def _is_street(self, text: str) -> bool:
        """Titles name the street where a community might stand; that narrows nothing down."""
        return any(self._touches(unit) for unit in self._streets.get(plain(text), ()))

    def _touches(self, street: Unit) -> bool:
        return self.scope is None or self.scope.street_id == street.pk

    def _encloses_scope(self, unit: Unit) -> bool:
        return self.scope is not None and getattr(self.scope, f"{unit.kind}_id") == unit.pk

    def _area_code(self) -> str:
        if self.scope is not None:
            return self.scope.code
        return District.objects.values_list("code", flat=True).first() or ""

    def _scope_as_place(self) -> Unit | None:
        """What the file is for, where a grid or a micro-grid could be added right below it."""
        return self.scope if self.scope is not None and self.scope.kind in (Kind.COMMUNITY, Kind.GRID) else None
