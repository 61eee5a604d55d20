"""The furnished demonstration district at a fixed moment, served to real browsers as long as the module's tests run."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from tests.browser import Pages, served
from tests.walk.district import furnished_district
from tests.walk.examples import Examples


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """In place of pytest-django's own: what is written stays until the last test of the module."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


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
