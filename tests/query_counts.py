"""How many queries each list page may ask: exact numbers, in a file that is read in review.

A page that asks once per row looks fine with three rows and dies with fifty. So each list page is opened within

    with query_count("incidents:list"):
        client.get(url)

and must ask exactly as often as `query_counts.json` says. Fewer is news as well as more: the file then is out of date.
When a change is meant, write the new numbers with `UPDATE_QUERY_COUNTS=1 script/test <the tests>` and commit the file.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

FILE = Path(__file__).with_suffix(".json")


@contextmanager
def query_count(page: str) -> Iterator[None]:
    """Fail unless the block asks the database exactly as often as the file says for `page` (its URL name)."""
    with CaptureQueriesContext(connection) as captured:
        yield
    queries = [query["sql"] for query in captured if not _keeps_session(query["sql"])]
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        _write(page, len(queries))
        return
    expected = _read().get(page)
    if len(queries) != expected:
        pytest.fail(_explanation(page, expected, queries), pytrace=False)


def _keeps_session(sql: str) -> bool:
    """The use of a session is noted every few minutes, on whatever page the user happens to be."""
    return '"django_session"' in sql or sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))


def _explanation(page: str, expected: int | None, queries: list[str]) -> str:
    asked = "\n".join(f"  {number:>2}. {sql[:180]}" for number, sql in enumerate(queries, start=1))
    return (
        f"{page} asked {len(queries)} queries; tests/{FILE.name} says {expected}.\n{asked}\n"
        f"If this is meant, run the test again with UPDATE_QUERY_COUNTS=1 and commit tests/{FILE.name}."
    )


def _read() -> dict[str, int]:
    return dict(json.loads(FILE.read_text())) if FILE.exists() else {}


def _write(page: str, count: int) -> None:
    counts = dict(sorted((_read() | {page: count}).items()))
    FILE.write_text(json.dumps(counts, indent=2) + "\n")
