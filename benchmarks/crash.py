"""Kill everything at random: `python -m benchmarks.crash [--minutes 10] [--seed N] [--schema FILE] [--json]`.

Prints what happened and what was found afterwards; exits with 1 when anything was lost, doubled without a note, or done
for an incident that had ended. `--minutes 0` is one compressed afternoon: what `tests/loop/test_crash.py` does, which
also spares itself the migrations by a dump of a schema that is there already.
"""

import argparse
import logging
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.crashing.crew import Crew
    from tests.crashing.robot import MoodyRobot
    from tests.crashing.verdict import Verdict

FRIDAY = date(2026, 11, 20)
BEGINS = datetime(2026, 11, 20, 5, 2, tzinfo=UTC)  # 13:02 in Shanghai


def main(minutes: float, seed: int, schema: Path | None, *, as_json: bool) -> int:
    from tests.crashing.crew import crew
    from tests.crashing.robot import MoodyRobot, serving

    began = time.monotonic()
    with crew() as ours, serving(MoodyRobot(seed)) as robot:
        os.environ.update({**ours.start_servers(), "no_proxy": "127.0.0.1"})
        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        _build(schema)
        verdict = run(ours, robot, minutes, seed)
    verdict.figures["seconds"] = round(time.monotonic() - began, 1)
    print(verdict.as_json() if as_json else _table(verdict))
    return 1 if verdict.violations else 0


def _build(schema: Path | None) -> None:
    from django.core.management import call_command
    from django.db import connection

    if schema is None:
        call_command("migrate", verbosity=0)
        return
    with connection.cursor() as cursor:
        cursor.execute(schema.read_text())
    connection.close()  # the dump has emptied the search path of its session


def run(ours: "Crew", robot: "MoodyRobot", minutes: float, seed: int) -> "Verdict":
    from tests.crashing.day import AFTERNOON, Day, days_from, moments_of
    from tests.crashing.people import People
    from tests.crashing.verdict import hours_of, judge

    chance = random.Random(seed)
    day = Day(ours, People(_town(robot), chance), robot, chance)
    began = time.monotonic()
    day.set_clock(BEGINS)
    day.people.file_earlier(BEGINS, 30)
    ours.start_workers()
    seen: list[datetime] = []
    moments = days_from(FRIDAY) if minutes else moments_of(FRIDAY, AFTERNOON)
    day.live(_noted(moments, seen), until=time.monotonic() + (60 * minutes or 600))
    rest = day.come_to_rest(seen[-1])
    verdict = judge(day, hours_of([*seen, rest]), rest)
    verdict.figures["seconds of the day itself"] = round(time.monotonic() - began, 1)
    return verdict


def _noted(moments: Iterator[datetime], seen: list[datetime]) -> Iterator[datetime]:
    for moment in moments:
        if moment > BEGINS:
            seen.append(moment)
            yield moment


def _town(robot: "MoodyRobot"):
    """The cast of the tests, with limits, a ladder, and a robot for each street and the district."""
    from django.test import override_settings

    from dispatch.escalation.ladder import load_default_ladder
    from dispatch.limits import load_default_rules
    from dispatch.models import Channel
    from tests.world import build

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # nobody logs in
        world = build()
    load_default_rules()
    load_default_ladder()
    for token, street in (("a", world.street_a), ("b", world.street_b), ("district", None)):
        Channel.objects.create(name=token, street=street, token=token, base_url=robot.url)
    return world


def _table(verdict: "Verdict") -> str:
    lines = [f"{name:<40} {value}" for name, value in verdict.figures.items()]
    return "\n".join([*lines, *(f"VIOLATION: {each}" for each in verdict.violations), _last_line(verdict)])


def _last_line(verdict: "Verdict") -> str:
    return f"{len(verdict.violations)} violations" if verdict.violations else "nothing lost, nothing doubled unnoted"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--schema", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sys.exit(main(asked.minutes, asked.seed, asked.schema, as_json=asked.json))
