"""A household added by hand in the middle of a street, beside MPTT's own way: `python -m benchmarks.register_by_hand`.

Prints what `docs/performance.md` quotes. The street has 26,711 units and a household behind each of its 25,381 doors.
"""

import argparse
import statistics
from collections.abc import Callable

from benchmarks.rig import bare_database, say


def main() -> None:
    with bare_database(durable=True):
        from django.db import connection

        from benchmarks import street_trees
        from grids.models import District, Kind, Unit
        from households.bulk import NewHousehold, add_households
        from households.services import add_household, correct_household, split_household
        from households.services.residents import add_resident

        street = street_trees.build_street(District.objects.create(code="999999", name="基准区"), 0)
        doors = Unit.objects.filter(kind=Kind.HOUSEHOLD).values_list("pk", "name")
        add_households(NewHousehold(pk, name, "owned", ()) for pk, name in doors.iterator())
        street_trees.tidy()
        middle = street_trees.the_middle(street)
        _measure("a plain INSERT of a unit", 30, lambda n: _insert_plainly(connection, middle.pk, n))
        _measure("a household's door by MPTT's own save", 5, lambda n: street_trees.add_by_mptt(middle, n))
        _measure("services.add_household", 60, lambda n: add_household(middle, actor=None, address=f"基准路{n + 1}号"))
        home = add_household(middle, actor=None, address="基准路9001号")
        people = [add_resident(home, actor=None, name=f"张{'一二三四'[n]}") for n in range(4)]
        _measure("services.correct_household", 30, lambda n: correct_household(home, actor=None, note=f"备注{n}"))
        _measure("services.add_resident", 30, lambda n: add_resident(home, actor=None, name="李四", note=f"{n}"))
        said = {"actor": None, "residents": people[:1]}
        _measure("services.split_household", 15, lambda n: split_household(home, address=f"基准路{n + 901}号", **said))


def _measure(what: str, rounds: int, act: Callable[[int], object]) -> None:
    """The median says what one gets on a machine that does other things beside, the best what the work costs."""
    from django.db import transaction

    from benchmarks import street_trees

    taken = []
    for number in range(rounds):
        with transaction.atomic():  # undone, so that every round finds the same tree
            taken.append(street_trees.timed(lambda: act(number)) * 1000)  # noqa: B023 -- called at once
            transaction.set_rollback(True)
    street_trees.tidy()
    say(what, statistics.median(taken), f"ms (best {min(taken):,.2f})")


def _insert_plainly(connection, parent: int, number: int) -> None:
    """One row with all its columns and indexes: no lock, no number of its own, no history."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grids_unit (district_id, parent_id, kind, form, use, responsible_org, code, name, made_at,"
            " street_id, community_id, grid_id, micro_grid_id, tree_id, level, lft, rght)"
            " SELECT district_id, id, 'household', '', 'residential', '', %s, %s, made_at,"
            " street_id, community_id, grid_id, id, tree_id, level + 1, rght, rght + 1 FROM grids_unit WHERE id = %s",
            [f"P{number}", f"平{number}号", parent],
        )


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    main()
