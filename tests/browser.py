"""Real pages in headless Chromium: the fixtures `browser`, `phone` and `desk`, and what happens when there is none.

Chromium comes from the system (`script/install-browser`), not from Playwright's own download. A test that asks for one
of these fixtures is marked `browser` by itself. Without Chromium those tests are skipped and counted in a last red
line; with REQUIRE_BROWSER=1 they fail.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import override_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)
WALL = ViewportSize(width=1920, height=1080)
VENDOR = Path(__file__).with_name("vendor")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_FILES = {"script", "stylesheet", "image", "font", "manifest"}
_NO_CHROMIUM = "no Chromium on this machine"


def find_chromium() -> str | None:
    """The browser of the machine, or the one that CHROMIUM names."""
    wanted = os.environ.get("CHROMIUM")
    return next((path for name in ([wanted] if wanted else _NAMES) if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run; tests open pages of their own in it."""
    program = find_chromium()
    if program is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"{_NO_CHROMIUM}, and REQUIRE_BROWSER=1 asks for it")
        pytest.skip(_NO_CHROMIUM)
    # Playwright's synchronous interface keeps an event loop in this thread, which Django takes for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = launch(playwright)
        yield launched
        launched.close()


def launch(playwright: Playwright) -> Browser:
    """The machine's Chromium without a window."""
    # Chromium's sandbox can't be set up by root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=find_chromium(), args=[*_ARGUMENTS, *sandbox])


@contextmanager
def served() -> Iterator[str]:
    """The address of the product, served by a thread of this process from the database as it is committed.

    What the tests bring along is served beside the product's own files, so that pages load it as they load those.
    """
    with override_settings(STATICFILES_DIRS=[*settings.STATICFILES_DIRS, VENDOR]):
        server = LiveServer("localhost")
        with server._live_server_modified_settings:
            yield server.url
        server.stop()


@pytest.fixture(scope="session", autouse=True)
def _files_are_asked_for_once() -> Iterator[None]:
    """As in service: a browser keeps what lies beside the pages and doesn't ask for it again on the next."""
    serve = StaticFilesHandler.serve

    def serve_for_long(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        answer = serve(self, request)
        answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_for_long)
        yield


OpenPage = Callable[[ViewportSize], Page]


class Pages:
    """Opens pages of any size in Chinese, each with its own cookies, and writes down what the browser complains about.

    That is a broken script, a breach of the content security policy, a file that is missing, an answer that never came.
    An answer like 404 or 422 to the page itself is the test's own business.
    """

    def __init__(self, browser: Browser) -> None:
        self.complaints: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def open(self, size: ViewportSize, *, works_offline: bool = False) -> Page:
        """With `works_offline` what it needs later is kept behind the page, which costs time at the first visit."""
        context = self._browser.new_context(
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="allow" if works_offline else "block",
        )
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note_error)
        page.on("response", self._note_missing_file)
        page.on("requestfailed", self._note_no_answer)
        return page

    def close(self) -> None:
        """Close them all; fails when there was a complaint."""
        for context in self._contexts:
            context.close()
        assert self.complaints == [], "what the browser complained about"

    def _note_error(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _note_missing_file(self, response: Response) -> None:
        # 304 is the answer to "has it changed?", and not ok to Playwright.
        if response.status >= 400 and response.request.resource_type in _FILES:
            self.complaints.append(f"{response.status} {response.url}")

    def _note_no_answer(self, request: Request) -> None:
        # Aborted: the page was left while something was still on its way.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure} {request.url}")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages of any size; the test fails in the end for what the browser complained about (`Pages`)."""
    pages = Pages(browser)
    yield pages.open
    pages.close()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A page the size of a phone, as workers hold it."""
    return open_page(PHONE)


@pytest.fixture
def desk(open_page: OpenPage) -> Page:
    """A page the size of a desk screen, as the command room has it."""
    return open_page(DESK)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say it in the very last line, below pytest's own."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # a worker of xdist
        return
    reports = reporter.stats.get("skipped", [])
    skipped = [report for report in reports if "browser" in report.keywords and _NO_CHROMIUM in str(report.longrepr)]
    if skipped:
        reporter.write_line(f"NOT RUN: {len(skipped)} browser test(s), {_NO_CHROMIUM}", red=True, bold=True)
