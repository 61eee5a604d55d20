"""The board on a wall, in a real browser: its screens take turns, and it outlives the network and says so."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

import clock
from dispatch.limits import load_default_rules
from tests.browser import WALL
from tests.incidents import stages
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wall(browser: Browser) -> Iterator[Page]:
    """One whose network is cut (the browser's complaint about that is no fault), and whose clock can be put forward."""
    context = browser.new_context(viewport=WALL, locale="zh-CN", service_workers="block")
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def test_its_screens_take_turns_and_it_outlives_the_network(
    live_server: LiveServer, wall: Page, client: Client
) -> None:
    world = build()
    load_default_rules()
    client.force_login(world.command)
    session = client.cookies["sessionid"].value
    wall.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    wall.goto(f"{live_server.url}{reverse('dispatch:board_wall')}")
    expect(wall.locator("h1")).to_have_text(world.street_a.name)
    screens = wall.locator("[data-screen]")
    turns = []
    for _turn in range(screens.count() + 1):
        turns.append([screen.is_visible() for screen in screens.all()].index(True))
        assert screens.locator("visible=true").count() == 1
        wall.clock.run_for(20_000)
    assert turns == [*range(screens.count()), 0]

    alarm = wall.locator("#wall-alarm")
    wall.context.set_offline(True)
    expect(alarm).to_be_visible()
    stages.report(world, at=clock.now())
    wall.context.set_offline(False)
    expect(alarm).to_be_hidden()
    expect(wall.locator("[data-wall]")).to_contain_text("1")
