"""What a page weighs and whether it stands still: `python -m benchmarks.pages http://127.0.0.1:8000 PASSWORD`.

Against a running product with the demo district. Each page is opened in Chromium with nothing kept from before, as on a
first visit, on a phone and on a desk; printed are the bytes that came over the wire (as compressed as the server sends
them), the moment of the first content, and the cumulative layout shift until the page is at rest. What is over the
limits of the product is marked, and the command then ends with 1.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser import DESK, PHONE, find_chromium

MOST_KB: Final = 300
MOST_KB_WITH_CHARTS: Final = 700
MOST_SHIFT: Final = 0.01  # a tenth of what browsers' makers call good; here nothing may move
FIRST_CONTENT_MS: Final = 1000

_WATCH_SHIFTS: Final = """
  window.shifted = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (!entry.hadRecentInput) window.shifted += entry.value;
  })).observe({type: "layout-shift", buffered: true});
"""
_FIRST_CONTENT: Final = "(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime || 0"


@dataclass(frozen=True)
class Visit:
    """One page as one account opens it; `""` is a visitor."""

    account: str
    path: str
    has_charts: bool = False


VISITS: Final = (
    Visit("", "/accounts/login/"),
    Visit("", "/q/"),
    Visit("", "/feedback/"),
    Visit("worker", "/today/"),
    Visit("worker", "/incidents/report/"),
    Visit("worker", "/incidents/"),
    Visit("worker", "/units/"),
    Visit("command", "/queue/"),
    Visit("command", "/board/", has_charts=True),
    Visit("command", "/close-out/"),
    Visit("command", "/incidents/"),
    Visit("command", "/messages/"),
    Visit("department", "/tasks/"),
    Visit("command", "/board/wall/", has_charts=True),
    Visit("leader", "/board/", has_charts=True),
    Visit("leader", "/leader/"),
    Visit("register", "/register/"),
    Visit("command", "/accounts/profile/"),
)


@dataclass(frozen=True)
class Weight:
    """What one visit cost."""

    kilobytes: float
    first_content_ms: float
    shift: float

    def faults(self, visit: Visit) -> list[str]:
        """Which limits are passed, in words."""
        limits = {
            "heavy": self.kilobytes > (MOST_KB_WITH_CHARTS if visit.has_charts else MOST_KB),
            "late": self.first_content_ms > FIRST_CONTENT_MS,
            "moves": self.shift > MOST_SHIFT,
        }
        return [name for name, is_passed in limits.items() if is_passed]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__)
    parser.add_argument("address", help="of a running product with the demo district")
    parser.add_argument("password", help="of the demo accounts")
    options = parser.parse_args(arguments)
    with chromium() as browser:
        faults = [
            fault
            for size, viewport in (("phone", PHONE), ("desk", DESK))
            for fault in weigh_all(browser, options.address.rstrip("/"), options.password, size, viewport)
        ]
    return 1 if faults else 0


@contextmanager
def chromium() -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--disable-gpu", *sandbox])
        yield browser
        browser.close()


def weigh_all(browser: Browser, address: str, password: str, size: str, viewport: ViewportSize) -> list[str]:
    """Open every page at one size, print a line for each, and return what is over the limits."""
    sessions: dict[str, Any] = {"": None}
    faults: list[str] = []
    for visit in VISITS:
        if visit.account not in sessions:
            sessions[visit.account] = session_of(browser, address, visit.account, password)
        weight = weigh(browser, f"{address}{visit.path}", sessions[visit.account], viewport)
        found = weight.faults(visit)
        faults += found
        sys.stdout.write(
            f"{size:<6} {visit.account or 'visitor':<11} {visit.path:<22} {weight.kilobytes:>7.1f} KB"
            f" {weight.first_content_ms:>6.0f} ms {weight.shift:>7.4f} {' '.join(found)}\n"
        )
    return faults


def session_of(browser: Browser, address: str, account: str, password: str) -> Any:
    """Log in once; returns the cookies, without anything that the browser would keep of the pages."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=username]", account)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main button")
    cookies = context.cookies()
    context.close()
    return {"cookies": cookies, "origins": []}


def weigh(browser: Browser, url: str, session: Any, viewport: ViewportSize) -> Weight:
    """Open one page with an empty cache and let it come to rest."""
    context = browser.new_context(
        viewport=viewport, is_mobile=viewport["width"] < 600, locale="zh-CN", storage_state=session
    )
    context.add_init_script(_WATCH_SHIFTS)
    page = context.new_page()
    received = count_bytes(page)
    answer = page.goto(url, wait_until="load")
    assert answer, url
    assert answer.status < 400, f"{url}: {answer.status}"
    page.wait_for_timeout(1200)
    weight = Weight(sum(received) / 1000, page.evaluate(_FIRST_CONTENT), page.evaluate("window.shifted"))
    context.close()
    return weight


def count_bytes(page: Page) -> list[float]:
    """A list that grows by the size on the wire of each answer, heads included."""
    received: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    return received


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
