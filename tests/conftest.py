"""What every test stands on: no network, no secrets worth the name, nothing left over from the test before."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import translation

pytest_plugins = ["tests.browser", "tests.emptying", "tests.order", "tests.robot", "tests.sweeping", "tests.world"]

# The same examples every time, however slow the machine: a test fails because of the code or not at all.
hypothesis.settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

_LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def _settings_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Cheap passwords (the real hash takes half a second), files in a scratch folder, a cache of one's own."""
    with override_settings(
        TRIAL=False,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        WHITENOISE_AUTOREFRESH=True,  # static files as they lie in the checkout, without collecting them first
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        CACHES={"default": {**settings.CACHES["default"], "LOCATION": _own_cache(settings.REDIS_URL)}},
    ):
        yield


def _own_cache(url: str) -> str:
    """Each xdist worker empties its own numbered database; 0 stays the broker's."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"{url.rpartition('/')[0]}/{int(worker) + 1}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """In place of pytest-django's own: a database that is migrated already is copied (`tests.run` makes one)."""
    if template := os.environ.get("TEST_TEMPLATE"):
        connection.settings_dict["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    """A test that reaches for a machine other than this one fails, with the address it reached for."""
    connect = socket.socket.connect

    def connect_at_home(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"A test tried to reach {address[0]}:{address[1]}: tests stay on this machine.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_at_home)
        yield


@pytest.fixture(autouse=True)
def _fresh_start() -> Iterator[None]:
    """An empty cache, and the product's own language whatever the test before has chosen."""
    cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def media_root() -> Path:
    """Where uploaded files land in tests."""
    return Path(settings.MEDIA_ROOT)
