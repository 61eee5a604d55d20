"""A worker types what a neighbour has reported: told while typing, nothing moves, and one press adds it, later too; and
when that has ended meanwhile, it becomes a report of its own with its photos."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

import clock
from incidents.models import Incident, Note
from incidents.services import void
from tests.browser import PHONE
from tests.incidents import files, stages
from tests.incidents.stages import HOUR
from tests.world import World

pytestmark = pytest.mark.long
_MOVED = """() => {
  window.moved = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (!entry.hadRecentInput) window.moved += entry.value;
  })).observe({type: "layout-shift"});
}"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """One whose network is cut: the browser's complaint about that is no fault."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


@pytest.mark.django_db(transaction=True)
def test_what_is_open_already_is_told_while_typing_and_added_to_without_a_network(
    live_server: LiveServer, world: World, phone: Page, client: Client
) -> None:
    common = stages.category(world, 2)
    common.is_common = True
    common.save(update_fields=["is_common"])
    first = stages.report(world, actor=world.command, at=clock.now() - 2 * HOUR)
    client.force_login(world.worker)
    session = client.cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    _type(phone, live_server, world)
    expect(phone.locator(".alike-list")).to_contain_text(first.number)
    phone.context.set_offline(True)
    _add(phone)
    expect(phone.locator(".alike-found")).to_have_count(0)
    phone.context.set_offline(False)
    expect(phone.locator("[data-waiting]").first).to_be_hidden()
    note = Note.objects.get()
    assert (note.incident_id, note.by_id) == (first.pk, world.worker.pk)
    assert Incident.objects.count() == 1

    # Once more, with a photo; and when it arrives the command room has put an end to the first.
    _type(phone, live_server, world)
    phone.locator("[name=photos]").set_input_files(
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": files.photo().read()}]
    )
    phone.context.set_offline(True)
    _add(phone)
    void(first, actor=world.command, note="误报")
    phone.context.set_offline(False)
    phone.goto(f"{live_server.url}/offline/")
    phone.locator("[data-anew]").click()
    expect(phone.locator(".wait")).to_have_count(0)
    second = Incident.objects.exclude(pk=first.pk).get()
    assert (second.reporter, second.attachments.count(), first.attachments.count()) == (world.worker, 1, 0)
    assert Note.objects.count() == 1


def _type(phone: Page, live_server: LiveServer, world: World) -> None:
    """The same thing as the neighbour, until the page tells of it and shows which."""
    phone.goto(f"{live_server.url}/incidents/report/")
    phone.evaluate(_MOVED)
    phone.select_option("[name=unit]", str(world.micro_1.pk))
    phone.locator(".tile").click()
    phone.fill("[name=description]", "楼道口又堆了旧家具，过道变窄。")
    expect(phone.locator("[data-alike-said]")).to_contain_text("同一地点")
    assert phone.evaluate("window.moved") == 0
    phone.locator(".alike-found summary").click()


def _add(phone: Page) -> None:
    phone.locator("[name=add_to]").click()
    expect(phone.locator("[data-waiting] [data-number]").first).to_have_text("1")
