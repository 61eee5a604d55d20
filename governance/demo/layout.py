"""The plan of a demonstration district: which grids and micro-grids stand in which real communities, and how large.

`plan(divisions, scale, seed=…)` takes real streets and communities and lays invented grids into them. Numbers come out
exactly as the scale says. Nothing is written anywhere; the caller makes the units, in the order in which they come.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import NamedTuple

from governance.demo import places
from governance.demo.scales import Scale

RURAL_FORMS = frozenset({"villager_group", "natural_village"})
RESIDENTIAL = "residential"
DEDICATED = "dedicated"


class Division(NamedTuple):
    """A real community: its street's code, its own 12-digit code and everyday name, `village` or `residents`."""

    street: str
    code: str
    name: str
    form: str


class MicroGrid(NamedTuple):
    """A micro-grid to be made. Addresses in it begin with `place`; `by_floor`: a dormitory's door is a whole floor."""

    name: str
    form: str
    use: str
    organisation: str
    place: str
    by_floor: bool = False
    owned: int = 0
    rented: int = 0
    dormitories: int = 0

    @property
    def is_rural(self) -> bool:
        return self.form in RURAL_FORMS

    @property
    def households(self) -> int:
        return self.owned + self.rented + self.dormitories


class Grid(NamedTuple):
    """A grid to be made, with its micro-grids. A dedicated grid names the organisation responsible for it."""

    name: str
    use: str
    organisation: str
    micro_grids: tuple[MicroGrid, ...]


class Community(NamedTuple):
    """A community of the layout with its grids; `invented` where the divisions don't hold it."""

    division: Division
    invented: bool
    grids: tuple[Grid, ...]


class Layout(NamedTuple):
    """The whole plan, in the order in which units are made."""

    scale: Scale
    communities: tuple[Community, ...]

    def micro_grids(self) -> Iterator[MicroGrid]:
        """Every micro-grid, community by community and grid by grid."""
        return (micro for community in self.communities for grid in community.grids for micro in grid.micro_grids)


def plan(divisions: Iterable[Division], scale: Scale, *, seed: int) -> Layout:
    """Lay the grids of a scale into real communities. The same arguments give the same plan.

    Raises ValueError when a community that the scale names is not among the divisions.
    """
    rng = Random(seed)
    chosen = _chosen(list(divisions), scale)
    enterprise = _spread(rng, chosen, scale.enterprise_micro_grids, each=6, first="village")
    public = _spread(rng, chosen, scale.public_micro_grids, each=3, first="residents")
    dedicated = sum(map(_enterprise_grid_count, enterprise)) + sum(1 for number in public if number)
    sizes = _residential_sizes(rng, len(chosen), scale, scale.grids - dedicated)
    firms = places.firms(rng)
    invented = {code for _, code, _ in places.INVENTED_COMMUNITIES}
    communities = [
        Community(
            division,
            division.code in invented,
            (
                *_residential_grids(rng, division, sizes[index], first="新村" if index == 0 else None),
                *_enterprise_grids(division, enterprise[index], firms, by_floor=scale.dormitory_floors),
                *_public_grids(division, public[index], start=index),
            ),
        )
        for index, division in enumerate(chosen)
    ]
    return Layout(scale, tuple(_peopled(rng, communities, scale)))


def apportion(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """`total` in whole parts close to the weights, each at least `least`, by largest remainder; the sum is exact.

    Raises ValueError when `total` is too small to give everybody the least.
    """
    spare = total - least * len(weights)
    if spare < 0:
        raise ValueError(f"{total} can't give {len(weights)} parts {least} each")
    scale = spare / sum(weights)
    exact = [weight * scale for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: spare - sum(parts)]:
        parts[index] += 1
    return [part + least for part in parts]


def _chosen(divisions: list[Division], scale: Scale) -> list[Division]:
    """The communities of the scale in its own order, or all of its streets by code, invented ones included."""
    if scale.communities:
        by_code = {division.code: division for division in divisions}
        missing = [code for code in scale.communities if code not in by_code]
        if missing:
            raise ValueError(f"not among the divisions: {', '.join(missing)}")
        return [by_code[code] for code in scale.communities]
    chosen = [division for division in divisions if not scale.streets or division.street in scale.streets]
    known = {division.code for division in chosen}
    if scale.completed:
        streets = {division.street for division in chosen}
        chosen += [
            Division(street, code, name, "residents")
            for street, code, name in places.INVENTED_COMMUNITIES
            if street in streets and code not in known
        ]
    return sorted(chosen, key=lambda division: division.code)


def _uneven(rng: Random, number: int) -> list[float]:
    return [rng.uniform(0.6, 1.4) for _ in range(number)]


def _spread(rng: Random, chosen: list[Division], total: int, *, each: int, first: str) -> list[int]:
    """`total` dedicated micro-grids over some of the communities, about `each` in one, one form of community first."""
    ranked = sorted(range(len(chosen)), key=lambda index: (chosen[index].form != first, rng.random()))
    hosts = ranked[: max(1, min(-(-total // each), len(chosen) * 3 // 4))]
    counts = dict(zip(hosts, apportion(total, _uneven(rng, len(hosts)), least=1), strict=True))
    return [counts.get(index, 0) for index in range(len(chosen))]


def _enterprise_grid_count(micro_grids: int) -> int:
    return -(-micro_grids // 12)


def _residential_sizes(rng: Random, communities: int, scale: Scale, grids: int) -> list[list[int]]:
    """For every community the number of micro-grids in each of its residential grids."""
    per_community = apportion(grids, _uneven(rng, communities), least=1)
    micro_grids = scale.micro_grids - scale.enterprise_micro_grids - scale.public_micro_grids
    sizes = iter(apportion(micro_grids, _uneven(rng, grids), least=1))
    return [[next(sizes) for _ in range(number)] for number in per_community]


def _residential_grids(rng: Random, division: Division, sizes: list[int], first: str | None) -> Iterator[Grid]:
    """高田王社区第2网格 and its 新村三组微网格, …"""
    spots = places.villager_groups(rng, first) if division.form == "village" else places.stairwells(rng)
    for number, size in enumerate(sizes, start=1):
        micro_grids = tuple(
            MicroGrid(f"{place}微网格", form, RESIDENTIAL, "", place) for form, place in islice(spots, size)
        )
        yield Grid(f"{division.name}第{number}网格", RESIDENTIAL, "", micro_grids)


def _enterprise_grids(division: Division, number: int, firms: Iterator[str], *, by_floor: bool) -> Iterator[Grid]:
    """青林村企业专属网格, one micro-grid a firm."""
    sizes = apportion(number, [1] * _enterprise_grid_count(number)) if number else []
    organisation = f"{division.name}企业服务站"
    for position, size in enumerate(sizes, start=1):
        ordinal = f"第{position}" if len(sizes) > 1 else ""
        micro_grids = tuple(
            MicroGrid(f"{firm}微网格", "enterprise", DEDICATED, f"{firm}有限公司", firm, by_floor)
            for firm in islice(firms, size)
        )
        yield Grid(f"{division.name}企业专属{ordinal}网格", DEDICATED, organisation, micro_grids)


def _public_grids(division: Division, number: int, *, start: int) -> Iterator[Grid]:
    """学苑社区公共场所专属网格: its school, its market, … Nobody lives there. `start` varies which kinds come first."""
    if not number:
        return
    micro_grids = []
    for index in range(number):
        turn = index // len(places.PUBLIC_PLACES)
        form, what = places.PUBLIC_PLACES[(start + index) % len(places.PUBLIC_PLACES)]
        name = f"{division.name}{'第' + places.NUMERALS[turn] if turn else ''}{what}"
        micro_grids.append(MicroGrid(f"{name}微网格", form, DEDICATED, name, name))
    yield Grid(f"{division.name}公共场所专属网格", DEDICATED, f"{division.name}公共服务中心", tuple(micro_grids))


def _peopled(rng: Random, communities: list[Community], scale: Scale) -> Iterator[Community]:
    """The same communities with the numbers of doors filled in, exact in total."""
    micro_grids = [micro for community in communities for grid in community.grids for micro in grid.micro_grids]
    homes = sum(micro.use == RESIDENTIAL for micro in micro_grids)
    firms = sum(micro.form == "enterprise" for micro in micro_grids)
    owned = iter(apportion(scale.owned, _uneven(rng, homes), least=1))
    rented = iter(apportion(scale.rented, _uneven(rng, homes)))
    dormitories = iter(apportion(scale.dormitories, _uneven(rng, firms)))

    def peopled(micro: MicroGrid) -> MicroGrid:
        if micro.use == RESIDENTIAL:
            return micro._replace(owned=next(owned), rented=next(rented))
        return micro._replace(dormitories=next(dormitories)) if micro.form == "enterprise" else micro

    for community in communities:
        grids = (grid._replace(micro_grids=tuple(map(peopled, grid.micro_grids))) for grid in community.grids)
        yield community._replace(grids=tuple(grids))
