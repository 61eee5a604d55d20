"""Working in sets: temporary tables that live as long as the transaction, and pairing two sides off."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

type Parameters = Mapping[str, Any]


def run(sql: str, parameters: Parameters | None = None) -> int:
    """Execute one statement; returns how many rows it wrote or read."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def rows(sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def table(name: str, select: str, parameters: Parameters | None = None, *, index: str = "") -> int:
    """A temporary table with the answer of `select`, known to the planner; returns how many rows it has."""
    run(f"DROP TABLE IF EXISTS pg_temp.{name}")
    count = run(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {select}", parameters)
    if index:
        run(f"CREATE INDEX ON {name} ({index})")
    run(f"ANALYZE {name}")
    return count


def pair_off(candidates: str, *, left: str, right: str, best: str, into: str) -> None:
    """Move pairs from `candidates` to `into` (same columns) so that nobody on either side stands in two.

    Each round gives to everyone on the left the best that is free (`best`: an ORDER BY list), and of those who got the
    same one the best keeps it; so it ends when no pair of two free ones is left. Mostly the first round does all.
    """
    run(f"DROP TABLE IF EXISTS pg_temp.{into}")
    run(f"CREATE TEMPORARY TABLE {into} (LIKE {candidates}) ON COMMIT DROP")
    while run(f"""
        INSERT INTO {into} SELECT DISTINCT ON ({right}) * FROM (
            SELECT DISTINCT ON ({left}) * FROM {candidates} ORDER BY {left}, {best}, {right}
        ) AS chosen ORDER BY {right}, {best}, {left}
    """):  # noqa: S608 -- names of this package
        for side in (left, right):
            run(f"DELETE FROM {candidates} USING {into} WHERE {candidates}.{side} = {into}.{side}")  # noqa: S608
        if not rows(f"SELECT FROM {candidates} LIMIT 1"):
            break
    run(f"ANALYZE {into}")
