"""The configuration and the API's documentation in a real browser, under the content security policy of all pages."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from incidents.models import Category
from incidents.services.catalogue import revise_category
from incidents.terms import Terms
from tests.world import World, build

pytestmark = pytest.mark.long


@pytest.fixture
def world(transactional_db: None) -> World:
    world = build()
    revise_category("90", terms=Terms(name="道路"), actor=None)
    revise_category("9001", terms=Terms(name="路灯不亮", level=2, lead=world.police), actor=None)
    return world


@pytest.fixture
def page(world: World, desk: Page, live_server) -> Page:
    """The system administrator's browser."""
    client = Client()
    client.force_login(world.admin)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    desk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    desk.goto(live_server.url + reverse("admin:index"))
    return desk


def test_the_pages_work_under_our_content_security_policy(page: Page, live_server) -> None:
    expect(page.get_by_role("heading", name="配置项")).to_be_visible()
    for name in ("incidents_category_add", "incidents_category_import", "incidents_category_export"):
        page.goto(live_server.url + reverse(f"admin:{name}"))
        expect(page.locator("form").last).to_be_visible()
    page.goto(live_server.url + reverse("admin:grids_post_add"))
    expect(page.get_by_role("textbox", name="人员")).to_be_attached()


def test_a_catalogue_file_is_previewed_and_confirmed(page: Page, live_server) -> None:
    page.goto(live_server.url + reverse("admin:incidents_category_import"))
    file = {"name": "目录.csv", "mimeType": "text/csv", "buffer": "编码,级别\n9001,3\n".encode()}
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_label("格式").select_option(label="csv")
    page.locator("form:has(input[type=file]) input[type=submit]").click()
    expect(page.locator("table.import-preview ins").first).to_have_text("3")
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Category.objects.get(code="9001", ended_at=None).level == 3


def test_the_documentation_of_the_api_shows_its_endpoints(page: Page, live_server) -> None:
    page.goto(live_server.url + reverse("api:docs"))
    expect(page.get_by_text("/api/v1/incidents/", exact=True).first).to_be_visible()
    page.get_by_text("/api/v1/categories/", exact=True).first.click()
    page.get_by_role("button", name="Try it out").first.click()
    page.get_by_role("button", name="Execute").first.click()
    expect(page.get_by_text("路灯不亮").first).to_be_visible()
