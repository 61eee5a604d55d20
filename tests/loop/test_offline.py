"""A worker's phone without a network: what was pressed arrives later, once and in order, or a person decides.

The back-off is travelled with the page's own clock. Only the test of a killed browser starts one of its own; the others
share the browser of the run. With SCREENS=folder a picture of each station is kept there.
"""

import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

import clock
from accounts.models import User
from incidents.models import Incident, Note
from incidents.services import dispatch, sign, void
from incidents.workflow import Status
from tests.browser import PHONE, find_chromium
from tests.incidents import stages
from tests.world import World

pytestmark = pytest.mark.long

_KEPT = os.environ.get("SCREENS", "")
LIKE_A_PHONE = {"viewport": PHONE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
WAITING = "[data-waiting] [data-number]"
REPORT_IS_KEPT = """async () => {
  while (!await caches.match("/incidents/report/")) await new Promise(resolve => setTimeout(resolve, 20));
}"""
NOTHING_IS_SENT = """async () => {
  while ((await navigator.locks.query()).held.length) await new Promise(requestAnimationFrame);
}"""
COUNT_TAPS = """() => {
  const count = () => Number(sessionStorage.getItem("taps"));
  addEventListener("click", event => {
    // A tap on a label is passed on to its control: the same finger.
    if (event.isTrusted && event.detail) sessionStorage.setItem("taps", count() + 1);
  }, true);
  navigator.geolocation.getCurrentPosition = () => sessionStorage.setItem("place", "asked");
}"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """As an old chat app has it: its WebView knows no service worker. The clock runs, and can be put forward."""
    context = browser.new_context(**LIKE_A_PHONE, service_workers="block")
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def picture_of(page: Page, name: str) -> None:
    """Keep what the phone shows now, when the run is to keep its screens."""
    if _KEPT:
        Path(_KEPT).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(_KEPT) / f"{name}.png")


def log_in(page: Page, site: str, user: User, *, at: str = "/today/") -> None:
    """Who logs in by the page is tried elsewhere; here the session alone counts."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page.goto(f"{site}{at}")
    assert page.locator("body").get_attribute("data-user") == str(user.pk)


def picture() -> dict[str, str | bytes]:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "JPEG")
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def report(page: Page, text: str, *, waits: int) -> None:
    """Fill in the report form that is open, and press; `waits` forms then wait on the phone."""
    page.locator("main label.tile").first.click()
    page.fill("[name=description]", text)
    page.locator(".action-bar .btn-primary").click()
    page.locator("#messages .message[data-tone=success]").wait_for()
    expect(page.locator(WAITING)).to_have_text(str(waits))


def reports_of(user: User) -> list[tuple[str, int]]:
    """What arrived from a user: the first words, and how many photos."""
    arrived = Incident.objects.filter(reporter=user).order_by("pk")
    return [(incident.description.partition("：")[0], incident.attachments.count()) for incident in arrived]


def test_a_report_cut_off_in_mid_submit_is_tried_again_later_and_later_and_is_there_once(
    phone: Page, site: str, street: World
) -> None:
    log_in(phone, site, street.worker, at="/incidents/report/")
    tries: list[str] = []

    def cut_off(route: Route) -> None:
        """The server has it, and its answer is lost; after that there is no way to the server at all."""
        if route.request.method == "POST":
            route.fetch()
        tries.append(route.request.method)
        route.abort()

    phone.route("**/incidents/report/", cut_off)
    report(phone, "断网：垃圾散在路边。", waits=1)
    assert (tries, reports_of(street.worker)) == (["POST"], [("断网", 0)])
    picture_of(phone, "offline-saved")

    for early, late in (
        (4, 3),
        (14, 5),
    ):  # after 5 s, then after 15 s; each a little later, never the same on two phones
        so_far = len(tries)
        phone.clock.fast_forward(early * 1000)
        assert len(tries) == so_far
        with phone.expect_event("requestfailed"):
            phone.clock.fast_forward(late * 1000)
        phone.evaluate(NOTHING_IS_SENT)

    phone.unroute("**/incidents/report/")
    with phone.expect_response("**/incidents/report/") as answer:
        phone.clock.fast_forward(80_000)
    assert answer.value.status == 200, "had it already"
    expect(phone.locator("[data-waiting]")).to_be_hidden()
    assert reports_of(street.worker) == [("断网", 0)]


def test_three_reports_outlive_a_killed_browser_and_arrive_in_order_with_their_photos(
    browser: Browser, site: str, street: World, tmp_path: Path
) -> None:
    phone = started(browser, tmp_path)
    page = phone.pages[0]
    log_in(page, site, street.worker2)
    page.evaluate(REPORT_IS_KEPT)

    phone.set_offline(True)
    page.goto(f"{site}/incidents/report/")
    assert page.locator("body").get_attribute("data-kept-at")
    picture_of(page, "offline-report")
    report(page, "第一件：垃圾散在路边。", waits=1)
    page.locator("input[name=photos]").set_input_files([picture()])
    page.locator("[data-kept]").wait_for()
    report(page, "第二件：楼道堆物。", waits=2)
    report(page, "第三件：路灯不亮。", waits=3)
    kill(tmp_path)

    phone = started(browser, tmp_path)
    page = phone.pages[0]
    # Chromium writes cookies down every half minute only; what waits it had written at once.
    log_in(page, site, street.worker2, at="/offline/")
    expect(page.locator(".wait")).to_have_count(0)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert reports_of(street.worker2) == [("第一件", 0), ("第二件", 1), ("第三件", 0)]
    phone.close()


def started(browser: Browser, profile: Path) -> BrowserContext:
    """A browser with a profile on disk, as a phone has it."""
    return browser.browser_type.launch_persistent_context(
        profile, executable_path=find_chromium(), args=["--no-sandbox"] if os.geteuid() == 0 else [], **LIKE_A_PHONE
    )


def kill(profile: Path) -> None:
    """End the browser of this profile as a phone does that needs the memory: at once, nothing written any more."""
    pid = (profile / "SingletonLock").readlink().name.rpartition("-")[2]
    os.kill(int(pid), signal.SIGKILL)


def test_an_act_that_came_too_late_stands_beside_the_servers_state_and_its_author_decides(
    phone: Page, site: str, street: World
) -> None:
    incident = dispatch(moved(street), actor=street.command, lead=street.enforcement)
    page = f"/incidents/{incident.number}/return/"
    log_in(phone, site, street.department, at=page)
    phone.context.set_offline(True)
    phone.fill("[name=note]", "不归我们管，应派派出所")
    phone.locator(".action-bar .btn-primary").click()
    expect(phone.locator(WAITING)).to_have_text("1")

    void(incident, actor=street.command, note="同一件事已由居民撤回")
    phone.context.set_offline(False)
    phone.goto(f"{site}/offline/")
    row = phone.locator(".wait")
    expect(row.locator(".beside [data-differs]").first).to_contain_text(str(Status.DISPATCHED.label))
    expect(row.locator(".beside")).to_contain_text("不归我们管，应派派出所")
    expect(row.locator(".beside")).to_contain_text(street.command.name)
    expect(row.locator(".beside")).to_contain_text(str(Status.VOID.label))
    picture_of(phone, "offline-conflict")
    phone.reload()
    expect(row).to_have_count(1)

    row.locator("[data-as-remark]").click()
    expect(row).to_have_count(0)
    assert "不归我们管，应派派出所" in Note.objects.get(incident=incident).text
    incident.refresh_from_db()
    assert incident.status == Status.VOID


IDS = "() => [document.querySelector('[name=client_uuid]').value, document.querySelector('[data-photos]').dataset.key]"


def test_a_form_that_was_sent_is_never_found_again(phone: Page, site: str, street: World) -> None:
    """Neither after a step back nor after a reload: its id is used, and photos would go where it went."""
    log_in(phone, site, street.worker, at="/incidents/report/")
    used, _ = phone.evaluate(IDS)
    phone.locator("main label.tile").first.click()
    phone.fill("[name=description]", "退回：只报一次。")
    with phone.expect_navigation():
        phone.locator(".action-bar .btn-primary").click()
    phone.go_back()
    ids = phone.evaluate(IDS)
    assert ids[0] == ids[1] != used
    assert phone.input_value("[name=description]") == ""
    phone.context.set_offline(True)
    report(phone, "退回：第二件。", waits=1)
    phone.context.set_offline(False)
    expect(phone.locator("[data-waiting]")).to_be_hidden()
    phone.reload()
    ids = phone.evaluate(IDS)
    assert ids[0] == ids[1]
    assert phone.input_value("[name=description]") == ""
    assert [text for text, _ in reports_of(street.worker) if text == "退回"] == ["退回"] * 2


def test_what_was_to_be_mended_is_never_laid_into_another_form(phone: Page, site: str, street: World) -> None:
    """The lead forgot the reason; until it is mended, another party leads and this one only signs."""
    incident = dispatch(stages.report(street, at=clock.now()), actor=street.command, lead=street.enforcement)
    log_in(phone, site, street.department, at=f"/incidents/{incident.number}/return/")
    phone.context.set_offline(True)
    phone.fill("[name=note]", "长" * 501)
    phone.locator(".action-bar .btn-primary").click()
    expect(phone.locator(WAITING)).to_have_text("1")
    phone.context.set_offline(False)
    phone.goto(f"{site}/offline/")
    way = phone.locator("[data-mend]")
    expect(way).to_be_visible()
    sign(incident, actor=street.department)
    way.click()
    phone.wait_for_url(f"{site}/offline/")
    expect(phone.locator(".beside")).to_contain_text("长" * 501)
    expect(phone.locator("[data-as-remark]")).to_be_visible()
    phone.evaluate("weigeStore.clear(weigeQueue.user)")


def moved(street: World) -> Incident:
    """An incident that others have reported."""
    return Incident.objects.filter(reporter=street.worker2).latest("pk")


def test_a_photo_gets_the_time_that_a_poor_network_needs(phone: Page, site: str, street: World) -> None:
    log_in(phone, site, street.worker, at="/incidents/report/")
    phone.context.set_offline(True)
    large = picture() | {"buffer": b"\xff\xd8" + bytes(2_000_000)}
    phone.locator("input[name=photos]").set_input_files([large])
    phone.locator("[data-kept]").wait_for()
    report(phone, "慢网：照片很大。", waits=1)
    under_way: list[Route] = []
    phone.route("**/incidents/photos/", lambda route: under_way.append(route))
    with phone.expect_request("**/incidents/photos/"):
        phone.context.set_offline(False)
    phone.clock.fast_forward(200_000)  # 10 kB a second
    assert phone.evaluate("navigator.locks.query().then(locks => locks.held.length)") == 1
    assert len(under_way) == 1
    phone.clock.fast_forward(120_000)
    phone.evaluate(NOTHING_IS_SENT)
    phone.evaluate("weigeStore.clear(weigeQueue.user)")


def test_what_is_deleted_while_it_waits_for_its_turn_is_not_sent_and_does_not_come_back(
    phone: Page, site: str, street: World
) -> None:
    log_in(phone, site, street.worker, at="/incidents/report/")
    before = reports_of(street.worker)
    phone.context.set_offline(True)
    report(phone, "先：等着。", waits=1)
    report(phone, "后：不要了。", waits=2)
    first_under_way: list[Route] = []
    phone.route("**/incidents/report/", lambda route: first_under_way.append(route))
    with phone.expect_request("**/incidents/report/"):
        phone.context.set_offline(False)
    phone.evaluate("weigeStore.clear(weigeQueue.user)")
    first_under_way[0].fulfill(status=403, body="")
    phone.evaluate(NOTHING_IS_SENT)
    assert (len(first_under_way), reports_of(street.worker)) == (1, before)
    assert phone.evaluate("weigeStore.forms().then(rows => rows.length)") == 0


def test_what_is_pressed_after_the_login_has_ended_waits_for_its_author(phone: Page, site: str, street: World) -> None:
    incident = dispatch(stages.report(street, at=clock.now()), actor=street.command, lead=street.enforcement)
    log_in(phone, site, street.department, at=f"/incidents/{incident.number}/return/")
    phone.context.clear_cookies()
    phone.fill("[name=note]", "不是我们的事")
    phone.locator(".action-bar .btn-primary").click()
    phone.wait_for_url("**/offline/")
    log_in(phone, site, street.department, at="/offline/")
    expect(phone.locator(".wait")).to_have_count(0)
    incident.refresh_from_db()
    assert incident.status == Status.RETURNED


def test_logging_out_asks_first_and_clears_and_the_next_user_of_the_phone_sees_and_sends_nothing(
    phone: Page, site: str, street: World
) -> None:
    log_in(phone, site, street.worker, at="/incidents/report/")
    before = reports_of(street.worker)
    phone.context.set_offline(True)
    report(phone, "秘密：只有本人能看。", waits=1)
    phone.context.clear_cookies()  # the session has ended; a colleague takes the phone
    phone.context.set_offline(False)
    log_in(phone, site, street.worker2, at="/offline/")
    expect(phone.locator(WAITING)).to_have_text("1")
    expect(phone.locator("[data-when=others]")).to_be_visible()
    assert "秘密" not in phone.content()
    assert reports_of(street.worker) == before

    # Its author is back, cannot send yet, and presses “log out”.
    phone.route("**/incidents/report/", lambda route: route.abort())
    log_in(phone, site, street.worker, at="/today/")
    log_out(phone)
    phone.wait_for_url("**/offline/#leaving")
    expect(phone.locator(".wait")).to_have_count(1)
    expect(phone.locator("[data-when=leaving]")).to_be_visible()
    picture_of(phone, "offline-leaving")
    phone.locator("[data-when=leaving] .btn-danger").click()
    phone.locator("[data-logged-out]").wait_for()

    phone.unroute("**/incidents/report/")
    log_in(phone, site, street.worker, at="/offline/")
    expect(phone.locator("[data-when=empty]")).to_be_visible()
    assert reports_of(street.worker) == before


def log_out(page: Page) -> None:
    page.locator("details.menu > summary.menu-button").click()
    page.locator(".menu-sheet [data-clear-drafts] button").click()


def test_who_logs_in_never_meets_the_pages_of_the_one_before(browser: Browser, site: str, street: World) -> None:
    context = browser.new_context(**LIKE_A_PHONE)
    page = context.new_page()
    log_in(page, site, street.worker)
    page.evaluate(REPORT_IS_KEPT)
    context.clear_cookies()  # the session has ended; nobody has logged out
    page.goto(f"{site}/accounts/login/")
    assert page.evaluate("caches.match('/today/').then(Boolean)")
    page.fill("[name=username]", "worker2")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    page.locator(".summary, [aria-invalid]").first.wait_for()
    assert not page.evaluate("caches.match('/today/').then(Boolean)")
    context.close()


def test_a_report_takes_six_taps_at_most_and_asks_for_no_place(phone: Page, site: str, street: World) -> None:
    log_in(phone, site, street.worker)
    phone.add_init_script(f"({COUNT_TAPS})()")
    phone.reload()
    phone.locator(".tab-bar a[href='/incidents/report/']").click()
    phone.locator("main label.tile").first.click()
    phone.locator("[name=description]").click()
    phone.keyboard.insert_text("垃圾桶满了，散在路边。")  # the keyboard's own microphone does the same
    phone.locator(".action-bar .btn-primary").click()
    phone.locator(".notice.sent").wait_for()
    assert phone.evaluate("Number(sessionStorage.taps)") <= 6
    assert phone.evaluate("sessionStorage.place || ''") == ""
