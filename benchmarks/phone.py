"""How long a report takes on a cheap phone: `python -m benchmarks.phone http://127.0.0.1:8000 PASSWORD`.

Against a running product with the demo district. Chromium is slowed down to a sixth and put behind a poor mobile
network; a worker opens Today, and then reports again and again what somebody has just seen. Printed is how long the
phone keeps the worker waiting, step by step: what is left of the half minute that a report may take is for six taps and
one sentence. The network goes away for the last report, which then counts as done when it is kept.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from typing import Final

from playwright.sync_api import Browser, Page

from benchmarks.pages import chromium, session_of
from tests.browser import PHONE

TIMES: Final = 5
SLOWER: Final = 6
"""How much slower than this machine the phone works."""
NETWORK: Final = {"latency": 300, "downloadThroughput": 700_000 / 8, "uploadThroughput": 300_000 / 8}
"""A poor 3G network: 300 ms, 700 kbit/s down, 300 kbit/s up."""


def main(address: str, password: str) -> None:
    with chromium() as browser:
        page = _phone(browser, address, password)
        took: dict[str, list[float]] = defaultdict(list)
        for attempt in range(TIMES):
            _report(page, address, took, said=f"第{attempt + 1}根路灯不亮，晚上看不清路。")
        _report_without_network(page, address, took)
    for step, seconds in took.items():
        sys.stdout.write(f"{step:<52} median {statistics.median(seconds):5.2f} s   last {max(seconds):5.2f} s\n")


def _phone(browser: Browser, address: str, password: str) -> Page:
    session = session_of(browser, address, "worker", password)
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN", storage_state=session)
    page = context.new_page()
    page.goto(f"{address}/today/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    slowed = context.new_cdp_session(page)
    slowed.send("Network.enable")
    slowed.send("Network.emulateNetworkConditions", {"offline": False, **NETWORK})
    slowed.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _report(page: Page, address: str, took: dict[str, list[float]], *, said: str) -> None:
    page.goto(f"{address}/today/")
    began = time.perf_counter()
    page.locator(".tab-bar a[href='/incidents/report/']").tap()
    page.locator("main label.tile").first.wait_for()
    page.wait_for_load_state("load")
    took["from the tap on “Report” until the form is there"].append(time.perf_counter() - began)
    _fill(page, said)
    began = time.perf_counter()
    page.locator(".action-bar .btn-primary").tap()
    page.locator(".notice.sent").wait_for()
    took["from the tap that sends it until the answer"].append(time.perf_counter() - began)


def _report_without_network(page: Page, address: str, took: dict[str, list[float]]) -> None:
    page.goto(f"{address}/incidents/report/", wait_until="load")
    page.context.set_offline(True)
    _fill(page, "井盖松动，车一过就响。")
    began = time.perf_counter()
    page.locator(".action-bar .btn-primary").tap()
    page.locator("[data-waiting] [data-number]").first.wait_for()
    took["the same without a network, until it is kept"].append(time.perf_counter() - began)


def _fill(page: Page, said: str) -> None:
    page.locator("main label.tile").first.tap()
    page.locator("[name=description]").tap()
    page.keyboard.insert_text(said)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a running product with the demo district")
    parser.add_argument("password", help="of the demo accounts")
    options = parser.parse_args()
    main(options.address.rstrip("/"), options.password)
