"""The street of the tests with the product's own catalogue and time limits, served to real browsers.

It lives as long as a module's tests: people log in once and go on working, and the lists fill as they do in service.
So each test looks at incidents of its own only.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from dispatch.limits import load_default_rules
from incidents.services.catalogue import load_categories
from tests import world
from tests.browser import Pages, served
from tests.loop.people import Cast
from tests.world import World


@pytest.fixture(scope="module")
def db(db_of_module: None) -> None:
    """In place of pytest-django's own, for every test of the module."""


@pytest.fixture(scope="module")
def street(db: None) -> World:
    people_and_places = world.build()
    load_categories()
    load_default_rules()
    return people_and_places


@pytest.fixture(scope="module")
def site(street: World) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def cast(browser: Browser, site: str, street: World) -> Iterator[Cast]:
    pages = Pages(browser)
    yield Cast(pages, site, street)
    pages.close()
