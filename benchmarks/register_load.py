"""Loading registers: ours beside the floor and the usual way, in one run: `python -m benchmarks.register_load`.

Prints what `docs/performance.md` quotes. The floor is reading the same file with calamine and COPYing the same rows
into a table with the same indexes and keys. `--city` adds a county-level city; `--vanilla-households 0` leaves the
usual way out, which takes minutes.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rig import bare_database, say, seconds

TARGETS = {"preview": 3.0, "apply": 3.0, "both": 5.0}
_DORMITORY = 12  # people behind one door: floors of dormitories don't stand in a village's file


def main(*, households: int, city: bool) -> None:
    with bare_database(durable=True), tempfile.TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = folder
        from django.conf import settings

        settings.MEDIA_ROOT = folder
        street = _measure_street(Path(folder))
        if households:
            _measure_vanilla(Path(folder), households, street)
    if city:  # in a process of its own: Django knows one database for as long as it lives
        beside = str(street["both"] / street["lines"])
        subprocess.run([sys.executable, "-m", "benchmarks.register_load", "--city-beside", beside], check=True)


def measure_city(seconds_a_row: float) -> None:
    """The city alone, beside what a row of the street took."""
    with bare_database(durable=True), tempfile.TemporaryDirectory() as folder:
        os.environ["MEDIA_ROOT"] = folder
        _measure_city(Path(folder), seconds_a_row)


def _measure_street(folder: Path) -> dict[str, Any]:
    from benchmarks import register_files
    from clock import now

    streets, homes = register_files.build_tree("street", at=now())
    kept = list(homes)
    first, second = folder / "first.xlsx", folder / "second.xlsx"
    lines = register_files.write(first, kept)
    register_files.write(second, register_files.changed(kept))
    say("street: households", len(kept), "")
    say("street: residents", lines, "")
    code = streets[0].code
    loaded = _worker(first, code)
    _tell("street, first load", loaded)
    floor = _floor(first)
    both = loaded["preview"] + loaded["apply"]
    for what, took in {"preview": loaded["preview"], "apply": loaded["apply"], "both": both}.items():
        say(f"street: {what} beside the floor (at most {TARGETS[what]:g})", took / floor, "x")
    for name, file in (("the same file again", first), ("one line in a hundred changed", second)):
        again = _worker(file, code)
        _tell(f"street, {name}", again)
        say(f"street, {name}: beside the first load", (again["preview"] + again["apply"]) / both, "x")
    _check_tree()
    return {"lines": lines, "both": both, "homes": kept}


def _measure_vanilla(folder: Path, households: int, street: dict[str, Any]) -> None:
    from benchmarks import register_files, register_vanilla

    small = folder / "small.xlsx"
    homes = (home for home in street["homes"] if len(home.household.members) <= _DORMITORY)
    lines = register_files.write(small, islice(homes, households))
    took = seconds(lambda: register_vanilla.load(small))
    say(f"vanilla: {households:,} households, {lines:,} residents", took, "s")
    say("vanilla: residents a second", lines / took, "")
    say("ours: residents a second, preview and apply", street["lines"] / street["both"], "")
    say(
        "ours beside vanilla, rows a second (at least 100)",
        (street["lines"] / street["both"]) / (lines / took),
        "x",
    )


def _measure_city(folder: Path, seconds_a_row: float) -> None:
    from benchmarks import register_files
    from clock import now

    _streets, homes = register_files.build_tree("city", at=now())
    file = folder / "city.xlsx"
    lines = register_files.write(file, homes)
    loaded = _worker(file, "")
    _tell("city, first load", loaded)
    both = loaded["preview"] + loaded["apply"]
    say("city: time a row beside the street's (at most 1.3)", both / lines / seconds_a_row, "x")
    say("city: memory of the worker (at most 1,500)", loaded["memory"], "MB")
    _check_tree()


def _worker(file: Path, street: str) -> dict[str, Any]:
    """The load in a process of its own, whose memory nothing else has touched."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.register_worker", str(file), street],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _tell(what: str, loaded: dict[str, Any]) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in loaded["counts"].items() if count)
    print(f"{what}: {counts}", flush=True)
    if loaded["problems"]:
        print(f"{what}: {loaded['problems']}", flush=True)
    print(f"{what}: {', '.join(f'{stage} {took:.1f}' for stage, took in loaded['seconds'].items())}", flush=True)
    say(f"{what}: preview", loaded["preview"], "s")
    say(f"{what}: apply", loaded["apply"], "s")
    say(f"{what}: memory of the worker", loaded["memory"], "MB")


def _floor(file: Path) -> float:
    """Seconds for what can't be saved: reading the file, and writing its rows with their indexes and keys."""
    read = median(seconds(lambda: _read(file)) for _time in range(3))
    copied = _copy_rows()
    say("floor: read the file with calamine", read, "s")
    say("floor: COPY the same rows into a table with the same indexes and keys", copied, "s")
    say("floor", read + copied, "s")
    return read + copied


def _read(file: Path) -> None:
    from python_calamine import CalamineWorkbook

    for _row in CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).iter_rows():
        pass


_TABLE = """
CREATE TABLE floor_resident (LIKE households_resident INCLUDING ALL);
ALTER TABLE floor_resident
    ADD FOREIGN KEY (household_id) REFERENCES households_household (unit_id) DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (made_in_id) REFERENCES households_registerload (id) DEFERRABLE INITIALLY DEFERRED
"""


def _copy_rows() -> float:
    from django.db import connection

    rows = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY households_resident TO STDOUT", rows)

    def copy() -> None:
        rows.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert("COPY floor_resident FROM STDIN", rows)

    def once(work: Callable[[], None]) -> float:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS floor_resident")
            cursor.execute(_TABLE)
            cursor.execute("CHECKPOINT")
        took = seconds(work)
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE floor_resident")
        return took

    return median(once(copy) for _time in range(3))


def _check_tree() -> None:
    from grids import soundness

    if found := soundness.findings():
        raise SystemExit(f"The tree is not sound: {found[:3]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vanilla-households", type=int, default=5_000)
    parser.add_argument("--city", action="store_true")
    parser.add_argument("--city-beside", type=float, metavar="SECONDS", help="only the city, beside so much a row")
    asked = parser.parse_args()
    if asked.city_beside:
        measure_city(asked.city_beside)
    else:
        main(households=asked.vanilla_households, city=asked.city)
