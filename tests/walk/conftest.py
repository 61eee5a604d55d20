"""The furnished demonstration district at a fixed moment, served to real browsers as long as the module's tests run."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import Pages, served
from tests.walk.district import furnished_district
from tests.walk.examples import Examples


@pytest.fixture(scope="module")
def db(db_of_module: None) -> None:
    """In place of pytest-django's own, for every test of the module."""


@pytest.fixture(scope="module")
def examples(db: None) -> Iterator[Examples]:
    with furnished_district(is_full=False) as found:
        yield found


@pytest.fixture(scope="module")
def site(examples: Examples) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def pages(browser: Browser) -> Iterator[Pages]:
    """Their complaints are read page by page."""
    opened = Pages(browser)
    yield opened
    opened.complaints.clear()
    opened.close()
