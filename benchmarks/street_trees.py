"""Streets of the true size, and what it costs to change one: by `grids.tree`, and by MPTT as it comes."""

import statistics
import time
from collections.abc import Callable

from django.db import connection, transaction
from mptt.models import MPTTModel

import clock
from benchmarks.rig import say, seconds
from grids import soundness, tree
from grids.models import District, Kind, Unit
from grids.tree import NewUnit

# The benchmark alone opens the doors that the product keeps shut.
Unit.save, Unit.insert_at, Unit.move_to = MPTTModel.save, MPTTModel.insert_at, MPTTModel.move_to  # type: ignore[method-assign]

BECAUSE = {"actor": None, "reason": "benchmark"}
# The proportions of 大碶: 47 communities, 272 grids, 1,010 micro-grids, 25,381 households.
COMMUNITIES, GRIDS, MICRO_GRIDS, HOUSEHOLDS = 47, 272, 1_010, 25_381
CITY_UNITS = 660_000


def measure_street(district: District) -> None:
    built: list[Unit] = []
    loaded = seconds(lambda: built.append(build_street(district, 0)))
    tidy()
    street = built[0]
    say(f"load a street of {Unit.objects.count():,} units, codes and history", loaded, "s")
    middle = the_middle(street)
    add_ours, add_theirs = median(30, lambda n: add_by_service(middle, n)), median(7, lambda n: add_by_mptt(middle, n))
    compare("add a household in the middle", add_ours, add_theirs)
    grids = list(Unit.objects.filter(tree_id=street.pk, kind=Kind.GRID).order_by("lft"))
    here = next(number for number, grid in enumerate(grids) if grid.pk == middle.parent_id)
    measure_move("move a micro-grid to the next grid", middle, grids[here + 1])
    measure_move("move a micro-grid to the far end", middle, grids[-1])
    measure_a_full_micro_grid(middle)
    say("number the street afresh", renumber([street]), "s")
    say("check it", seconds(lambda: soundness.findings(street)), "s")


def measure_city(district: District) -> None:
    streets = [build_street(district, number) for number in range(1, CITY_UNITS // HOUSEHOLDS)]
    tidy()
    say("city: units", Unit.objects.count(), "rows")
    say(f"city: number {len(streets)} streets afresh", renumber(streets), "s")
    tidy()
    say("city: check all trees", seconds(soundness.findings), "s")
    middle = the_middle(streets[len(streets) // 2])
    say("city: add a household in the middle", median(30, lambda n: add_by_service(middle, n)))


def measure_a_full_micro_grid(micro: Unit) -> None:
    """200 households where there is room for 24: most acts use room, some make it."""
    taken = [timed(lambda n=n: add_by_service(micro, n)) * 1000 for n in range(200)]
    say("200 households into one micro-grid, median", statistics.median(taken))
    say("200 households into one micro-grid, slowest", max(taken))


def measure_move(name: str, unit: Unit, to: Unit) -> None:
    compare(name, median(15, lambda _n: move_by_service(unit, to)), median(5, lambda _n: move_by_mptt(unit, to)))


def build_street(district: District, number: int) -> Unit:
    street = tree.add_street(district, name=f"基准街道{number}", **BECAUSE)
    communities = [NewUnit(street, Kind.COMMUNITY, f"{n}社区") for n in range(COMMUNITIES)]
    grids = [NewUnit(communities[n % COMMUNITIES], Kind.GRID, f"{n}网格") for n in range(GRIDS)]
    micros = [NewUnit(grids[n % GRIDS], Kind.MICRO_GRID, f"{n}微网格") for n in range(MICRO_GRIDS)]
    doors = [NewUnit(micros[n % MICRO_GRIDS], Kind.HOUSEHOLD, f"{n}号") for n in range(HOUSEHOLDS)]
    tree.add_units_in_bulk(street, [*communities, *grids, *micros, *doors], **BECAUSE)
    return street


def the_middle(street: Unit) -> Unit:
    micros = Unit.objects.filter(tree_id=street.tree_id, kind=Kind.MICRO_GRID).order_by("lft")
    return micros[MICRO_GRIDS // 2]


def add_by_service(parent: Unit, number: int) -> None:
    tree.add_unit(parent, kind=Kind.HOUSEHOLD, name=f"新{number}号", **BECAUSE)


def add_by_mptt(parent: Unit, number: int) -> None:
    """What a plain MPTT model does on save, with the same columns; no lock, no code, no history."""
    parent = Unit.objects.get(pk=parent.pk)
    columns = {name: getattr(parent, name) for name in ("street_id", "community_id", "grid_id", "micro_grid_id")}
    names = {"kind": Kind.HOUSEHOLD, "code": f"B{number}", "name": f"新{number}号", "made_at": clock.now()}
    Unit(district_id=parent.district_id, parent=parent, **names, **columns).save()


def move_by_service(unit: Unit, parent: Unit) -> None:
    tree.rename_unit(
        unit, name="搬走的微网格", **BECAUSE
    )  # names repeat from grid to grid; this one act is ours to bear
    tree.move_unit(unit, parent=parent, **BECAUSE)


def move_by_mptt(unit: Unit, parent: Unit) -> None:
    """Numbers only: ancestor columns, history and the lock would come on top."""
    Unit.objects.get(pk=unit.pk).move_to(Unit.objects.get(pk=parent.pk), "last-child")


def renumber(streets: list[Unit]) -> float:
    """Seconds to number the streets from nothing."""
    Unit.objects.filter(tree_id__in=[street.pk for street in streets]).update(lft=0, rght=1)
    tidy()
    taken = sum(timed(lambda: tree.number_street(street)) for street in streets)  # noqa: B023 -- called at once
    tidy()
    return taken


def median(rounds: int, act: Callable[[int], object]) -> float:
    """Median milliseconds; each round is undone, so that every one finds the same tree."""
    taken = []
    for number in range(rounds):
        with transaction.atomic():
            taken.append(timed(lambda: act(number)))  # noqa: B023 -- called at once
            transaction.set_rollback(True)
    tidy()
    return statistics.median(taken) * 1000


def timed(act: Callable[[], object]) -> float:
    """Seconds that the act takes, the deferred foreign keys checked as at a commit."""
    begun = time.perf_counter()
    with transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return time.perf_counter() - begun


def tidy() -> None:
    """Away with the dead rows of what was undone: the next act shan't pay for them."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE grids_unit")


def compare(name: str, ours: float, theirs: float) -> None:
    say(f"{name}, grids.tree", ours)
    say(f"{name}, MPTT", theirs)
    say(f"{name}, ratio", theirs / ours, "x")
