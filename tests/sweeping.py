"""What rolled-back tests leave in the tables is swept out now and then.

A row that was rolled back stays where it was written until somebody vacuums. Nothing does that by itself on the servers
of the tests, and after a thousand tests each look at a small table would go through twenty thousand dead rows: a sixth
of the time.
"""

from contextlib import closing
from itertools import count

import psycopg2
import pytest
from django.db import connection

_EVERY = 50  # tests
_DEAD = "SELECT string_agg(quote_ident(relname), ', ') FROM pg_stat_user_tables WHERE n_dead_tup > 500"
_tests = count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before a test opens its transaction, in a database of the tests' own."""
    name = connection.settings_dict["NAME"]
    if next(_tests) % _EVERY == 0 and name.startswith("test_"):
        _sweep(name)


def _sweep(database: str) -> None:
    """Past what somebody has locked: that waits for the next time."""
    at = connection.settings_dict
    with closing(
        psycopg2.connect(host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=database)
    ) as own:
        own.autocommit = True  # VACUUM stands outside of any transaction
        cursor = own.cursor()
        cursor.execute(_DEAD)
        (tables,) = cursor.fetchone() or (None,)
        if tables:
            cursor.execute(f"VACUUM (SKIP_LOCKED) {tables}")
