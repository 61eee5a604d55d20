"""Every part of the pages in a real browser: within everybody's reach, on phone and desk, in both themes."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import Language, User
from tests.browser import served
from tests.walk.judging import axe, width_beyond

_PRESSED = ", ".join(
    (
        "main .btn",
        "main input:not([type=checkbox]):not([type=radio]):not([type=file])",
        "main select",
        ".tile",
        ".tab-bar a",
        ".check",
        ".choices label",
    )
)
_SMALL_TARGETS = """([pressed, least]) => Array.from(document.querySelectorAll(pressed))
  .filter(node => node.offsetParent && node.getBoundingClientRect().height < least)
  .map(node => node.outerHTML.slice(0, 80) + " " + node.getBoundingClientRect().height)"""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def db(db_of_module: None) -> None:
    """In place of pytest-django's own, for every test of the module."""


@pytest.fixture(scope="module")
def staff(db: None) -> User:
    return User.objects.create_user("gallery", password=None, name="陈芳", is_staff=True, must_change_password=False)


@pytest.fixture(scope="module")
def address(staff: User) -> Iterator[str]:
    with served() as site:
        yield f"{site}{reverse('gallery')}"


def enter(page: Page, address: str, user: User) -> None:
    """Open the gallery as `user`, whose session begins here."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    page.goto(address)


def test_on_a_phone_nothing_scrolls_sideways_and_a_thumb_hits_everything(
    phone: Page, address: str, staff: User
) -> None:
    enter(phone, address, staff)
    assert width_beyond(phone) <= 0
    assert phone.evaluate(_SMALL_TARGETS, [_PRESSED, 47.9]) == []
    assert axe(phone) == []


def test_large_type_gives_20_pixel_letters_and_60_pixel_targets(phone: Page, address: str) -> None:
    facts = {"name": "何婷", "is_staff": True, "must_change_password": False}
    reader = User.objects.create_user("eyes", None, large_type=True, language=Language.ENGLISH, **facts)
    enter(phone, address, reader)
    assert phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 20
    assert phone.evaluate("parseFloat(getComputedStyle(document.querySelector('td')).fontSize)") >= 18
    assert width_beyond(phone) <= 0
    assert phone.evaluate(_SMALL_TARGETS, [_PRESSED, 59.9]) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_desk_axe_finds_nothing_in_either_theme(desk: Page, address: str, staff: User, theme: str) -> None:
    enter(desk, f"{address}?theme={theme}", staff)
    assert width_beyond(desk) <= 0
    assert axe(desk) == []


def test_a_draft_survives_until_log_out(phone: Page, address: str, staff: User) -> None:
    enter(phone, address, staff)
    phone.fill("#id_place", "新村三组村口")
    phone.check("input[name=kind][value=light]", force=True)
    phone.reload()
    assert phone.input_value("#id_place") == "新村三组村口"
    assert phone.is_checked("input[name=kind][value=light]")
    phone.click("details.menu summary")
    phone.click("form[data-clear-drafts] button")
    phone.wait_for_url("**/logged-out/**")
    assert phone.evaluate("Object.keys(localStorage).length") == 0


def test_the_second_press_of_a_submit_button_sends_nothing(desk: Page, address: str, staff: User) -> None:
    enter(desk, address, staff)
    desk.evaluate(
        """() => {
          window.sent = [];
          window.addEventListener("submit", event => {
            window.sent.push(!event.defaultPrevented);
            event.preventDefault();
          });
          const form = document.querySelector("form[data-draft]");
          form.noValidate = true;
          form.querySelector(".btn-primary").click();
          form.querySelector(".btn-primary").click();
        }"""
    )
    desk.wait_for_selector("form[data-draft] .btn-primary[aria-busy=true][disabled]")
    assert desk.evaluate("window.sent") == [True, False]


def test_a_dialog_opens_over_the_page_and_closes(desk: Page, address: str, staff: User) -> None:
    enter(desk, address, staff)
    desk.click("[data-opens=gallery-dialog]")
    assert desk.is_visible("#gallery-dialog")
    desk.click("#gallery-dialog [data-closes] >> nth=0")
    assert desk.is_hidden("#gallery-dialog")


def test_outside_a_trial_installation_only_staff_see_the_gallery(client: Client, staff: User) -> None:
    assert client.get(reverse("gallery")).status_code == 404
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("gallery")).status_code == 200


def test_a_chart_says_what_its_table_says_in_the_colours_of_the_page(desk: Page, address: str, staff: User) -> None:
    enter(desk, f"{address}?theme=light", staff)
    drawn = """() => echarts.getInstanceByDom(document.querySelector(".chart-plot")).getOption().series
      .map(series => [series.itemStyle.color, series.data[series.data.length - 2]])"""
    assert desk.evaluate(drawn) == [["#1d4ea8", 8], ["#17683a", 29], ["#b42318", 0]]
    desk.evaluate(
        """() => {
          const table = document.getElementById("gallery-hours");
          const rows = table.tBodies[0].rows;
          rows[rows.length - 2].cells[1].textContent = "1,208";
          charts.refresh(table);
          document.documentElement.dataset.theme = "dark";
        }"""
    )
    assert desk.evaluate(drawn) == [["#9dc1ff", 1208], ["#84d9a3", 29], ["#ff9b90", 0]]
