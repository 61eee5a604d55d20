"""A worker's phone without a network: what was pressed arrives when there is one, once and in order."""

import io
from collections.abc import Iterator

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from incidents.models import Incident
from tests.browser import PHONE
from tests.world import PASSWORD, World

pytestmark = pytest.mark.long

KEPT = "#messages .message[data-tone=success]"
# The network is cut when the server has written already: the answer is lost, the report isn't.
LOSE_ANSWERS = """() => {
  const fetch = window.fetch;
  window.fetch = (url, options) => fetch(url, options).then(answer => {
    if (options.method === "POST") throw new TypeError("lost");
    return answer;
  });
}"""


@pytest.fixture
def phone(browser: Browser, site: str, street: World) -> Iterator[Page]:
    """The worker's phone, logged in on Today, whose pages are kept by now."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{site}{reverse('accounts:login')}?next=/today/")
    page.fill("[name=username]", street.worker.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/today/")
    while not page.evaluate("caches.match('/incidents/report/').then(Boolean)"):
        page.wait_for_timeout(50)
    yield page
    context.close()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "JPEG")
    return out.getvalue()


def report(page: Page, text: str) -> None:
    page.locator("main label.tile").first.click()
    page.fill("[name=description]", text)
    page.locator(".action-bar .btn-primary").click()
    page.locator(KEPT).wait_for()


def test_what_waits_survives_closing_and_arrives_once_and_in_order(phone: Page, site: str) -> None:
    phone.goto(f"{site}/incidents/report/")
    phone.evaluate(LOSE_ANSWERS)
    report(phone, "第一件：垃圾散在路边。")
    assert Incident.objects.count() == 1

    phone.context.set_offline(True)
    phone.goto(f"{site}/incidents/report/")
    assert phone.locator("body").get_attribute("data-kept-at")
    report(phone, "第二件：路灯不亮。")
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    phone.locator("input[name=photos]").set_input_files([photo])
    phone.locator("[data-kept]").wait_for()
    report(phone, "第三件：楼道堆物。")
    expect(phone.locator("[data-waiting] [data-number]")).to_have_text("3")

    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto(f"{site}/offline/")
    expect(again.locator(".wait")).to_have_count(3)
    context.set_offline(False)
    again.goto(f"{site}/today/")
    expect(again.locator("[data-waiting]")).to_be_hidden()
    again.goto(f"{site}/offline/")
    expect(again.locator(".wait")).to_have_count(0)

    arrived = Incident.objects.order_by("pk")
    assert [incident.description[:3] for incident in arrived] == ["第一件", "第二件", "第三件"]
    assert [incident.attachments.count() for incident in arrived] == [0, 0, 1]
