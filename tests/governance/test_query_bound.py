"""No page asks the database more than twelve times; the counts themselves are held page by page."""

import json

from tests.query_counts import FILE

MOST = 12


def test_no_page_asks_more_than_twelve_queries() -> None:
    counts: dict[str, int] = json.loads(FILE.read_text())
    assert {page: count for page, count in counts.items() if count > MOST} == {}
