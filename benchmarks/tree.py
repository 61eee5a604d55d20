"""The tree, our acts beside MPTT's own on the same tree in the same run: `python -m benchmarks.tree [--city]`.

Prints what `docs/performance.md` quotes. With --city a forest of 660,000 units is built and measured, too.
"""

import argparse

from benchmarks.rig import bare_database


def main(*, city: bool) -> None:
    with bare_database():
        from benchmarks import street_trees
        from grids.models import District

        district = District.objects.create(code="999999", name="基准区")
        street_trees.measure_street(district)
        if city:
            street_trees.measure_city(district)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--city", action="store_true")
    main(city=parser.parse_args().city)
