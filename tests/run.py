"""`script/test`: lint, types and migrations, then pytest, on servers that are thrown away afterwards.

The servers of `DATABASE_URL` and `REDIS_URL` are never used here: the tests empty what they touch.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing

import psycopg2

from governance.embedded import Trouble
from governance.embedded.servers import throw_away_servers
from governance.embedded.state import PROJECT

CHECKS = (
    ("ruff check", ("ruff", "check", "--quiet")),
    ("ruff format", ("ruff", "format", "--check", "--quiet")),
    ("mypy", ("mypy", ".")),
    ("missing migrations", ("manage", "makemigrations", "--check", "--dry-run")),
)
# Side by side; whoever is done first takes over from the others. Tests of one file stay together mostly, and with them
# the servers and districts that they share. One more than there are processors: browsers and servers are waited for.
SIDE_BY_SIDE = ("-n", str(min((os.cpu_count() or 1) + 1, 5)), "--dist", "worksteal")
TEMPLATE = "migrated"
# Known to everybody, and good for nothing but tests.
TEST_ENVIRONMENT = {
    "TRIAL": "1",
    "SECRET_KEY": "for-tests-only",
    "FIELD_KEYS": "k1:dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DJANGO_SETTINGS_MODULE": "governance.settings",
}


def main(arguments: list[str]) -> int:
    """Run everything, or pytest alone when there are `arguments`. Returns 0 only when all of it passed."""
    with throw_away_servers() as servers:
        environment = {**os.environ, **TEST_ENVIRONMENT, **servers}
        template = None if arguments else _begin_template(environment)
        failed = [] if arguments else [name for name, command in CHECKS if not _passes(name, command, environment)]
        if template and template.wait() == 0:
            environment["TEST_TEMPLATE"] = TEMPLATE
        # As a module: the project's folder is then where imports begin, as in manage.py.
        pytest = [sys.executable, "-m", "pytest", *(arguments or SIDE_BY_SIDE)]
        tests = subprocess.run(pytest, cwd=PROJECT, env=environment, check=False)
    if failed:
        _say(f"FAILED: {', '.join(failed)} (see above)", red=True)
    return tests.returncode or (1 if failed else 0)


def _begin_template(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Migrate a database while the checks run. Each process of the tests copies it: a second instead of twenty."""
    with closing(psycopg2.connect(environment["DATABASE_URL"])) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {TEMPLATE}")
    there = environment["DATABASE_URL"].rpartition("/")[0]
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    return subprocess.Popen(command, cwd=PROJECT, env={**environment, "DATABASE_URL": f"{there}/{TEMPLATE}"})


def _passes(name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> bool:
    began = time.monotonic()
    module = ["manage.py"] if command[0] == "manage" else ["-m", command[0]]
    done = subprocess.run([sys.executable, *module, *command[1:]], cwd=PROJECT, env=environment, check=False)
    passed = done.returncode == 0
    _say(f"{name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s", red=not passed)
    return passed


def _say(line: str, *, red: bool = False) -> None:
    coloured = f"\033[31;1m{line}\033[0m" if red and sys.stdout.isatty() else line
    sys.stdout.write(f"{coloured}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(f"script/test: {trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
