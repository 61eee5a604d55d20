"""The clocks' own tests: default limits, and no real broker behind a commit."""

from collections.abc import Callable
from datetime import datetime

import pytest
from celery import current_app
from django.utils import timezone

from dispatch.limits import load_default_rules
from tests.world import World


@pytest.fixture(autouse=True)
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    """What was handed to the broker: (name of the task, its arguments)."""
    sent: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **options: sent.append((name, args)))
    return sent


@pytest.fixture
def town(world: World) -> World:
    """The cast, with the limits that every deployment starts with."""
    load_default_rules()
    return world


@pytest.fixture
def stop_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`stop_clock(friday("15:42"))`: from now on it is that moment, for pages too."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)
