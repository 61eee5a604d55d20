"""What a test has committed is deleted after it.

Django truncates every table instead and then makes all permissions anew: half a second for the few rows of a test.
"""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

_MADE_BY_MIGRATING = {model._meta.db_table for model in (ContentType, Permission)}


def empty_the_tables() -> None:
    """Every row of every model, past the triggers that guard histories; permissions stay as migrating made them."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    deletions = "".join(f'DELETE FROM "{table}";' for table in sorted(tables - _MADE_BY_MIGRATING))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deletions}")


@pytest.fixture(scope="session", autouse=True)
def _emptied_instead_of_truncated() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_the_tables())
        yield


@pytest.fixture(scope="module")
def db_of_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is written stays until the last test of the module. A `conftest` makes it the `db` of its tests."""
    with django_db_blocker.unblock():
        yield
        empty_the_tables()
