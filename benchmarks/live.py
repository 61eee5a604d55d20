"""How soon fifty open pages show a commit: `python -m benchmarks.live http://127.0.0.1:8000 PASSWORD [--page board]`.

Against a running product with the demo district, as `script/server` starts it. Fifty pages ask over HTTP as
`static/js/live.js` does, each at its own moment, and renew themselves as the page does when something has changed; one
more is open in Chromium. Then the level of one incident is changed again and again, and printed is how long after the
form was sent each page had heard of it and had its new content: so the act itself is part of every figure.
"""

import argparse
import http.client
import random
import re
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from benchmarks.pages import chromium, session_of
from tests.browser import DESK

EVERY: Final = 0.6  # as live.js
SETTLES_WITHIN: Final = 5.0
_MARK: Final = re.compile(
    r'data-live data-url="(?P<url>[^"]+)" data-version="(?P<version>[^"]+)" data-ticket="(?P<ticket>[^"]+)"'
)
_WATCH_RENEWALS: Final = """
  window.renewals = [];
  document.addEventListener("htmx:afterSettle", () => window.renewals.push(Date.now() / 1000));
"""


@dataclass(frozen=True)
class Renewed:
    """A page that follows: where it is, and where its renewal comes from."""

    path: str
    renewal: str


PAGES: Final = {"queue": Renewed("/queue/", "/queue/news/"), "board": Renewed("/board/", "/board/")}


class Client:
    """One connection with a session, kept open as a browser does."""

    def __init__(self, address: str, session: Any) -> None:
        self._host = urlsplit(address).netloc
        cookies = {cookie["name"]: cookie["value"] for cookie in session["cookies"]}
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._connection = http.client.HTTPConnection(self._host, timeout=30)

    def send(self, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        sent = {"Cookie": self._cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self._host}{path}"}
        self._connection.request("GET" if body is None else "POST", path, body, sent)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()


@dataclass
class Follower:
    """One open page without a browser. `heard` and `shown`: when, for each version that was new to it."""

    client: Client
    page: Renewed
    stopped: threading.Event
    heard: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    query: str = ""

    def run(self) -> None:
        status, text = self.client.send(self.page.path)
        assert status == 200, f"{self.page.path}: {status}"
        mark = mark_of(text)
        self.query = urlencode([("shown", number) for number in re.findall(r'data-row="([^"]+)"', text)])
        time.sleep(random.random() * EVERY)
        while not self.stopped.wait(EVERY):
            began = time.perf_counter()
            status, _text = self.client.send(f"{mark['url']}?v={mark['version']}", Live_Ticket=mark["ticket"])
            self.polls.append(time.perf_counter() - began)
            if status == 200:
                self.heard.append(time.time())
                mark = mark_of(self._renew())
                self.shown.append(time.time())

    def _renew(self) -> str:
        status, text = self.client.send(f"{self.page.renewal}?{self.query}", HX_Request="true")
        assert status == 200, f"{self.page.renewal}: {status}"
        return text


def main(address: str, password: str, page: Renewed, pages: int, commits: int) -> None:
    with chromium() as browser:
        session = session_of(browser, address, "command", password)
        officer = Officer(Client(address, session))
        with (
            followers(address, session, page, pages) as open_pages,
            watching(browser, session, address + page.path) as tab,
        ):
            time.sleep(2 * EVERY)
            heard, shown, on_screen = [], [], []
            for _commit in range(commits):
                sent = officer.change_level()
                time.sleep(SETTLES_WITHIN + random.random())
                heard.append(since(sent, (each.heard for each in open_pages)))
                shown.append(since(sent, (each.shown for each in open_pages)))
                on_screen.append(since(sent, [tab.evaluate("window.renewals")]))
        tell("one poll", [seconds for each in open_pages for seconds in each.polls])
        tell("the act itself, from sending to its answer", officer.took)
        tell("heard of the commit", [seconds for found in heard for seconds in found])
        tell("had the new content", [seconds for found in shown for seconds in found])
        tell("the last page of each commit", [max(found) for found in shown])
        tell("on the screen of Chromium", [seconds for found in on_screen for seconds in found])
        missed = pages * commits - sum(map(len, shown))
        print(f"pages that had not heard after {SETTLES_WITHIN:.0f} s: {missed} of {pages * commits}")


class Officer:
    """Somebody in the command room who changes the level of the first incident in the queue."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.took: list[float] = []
        _status, queue = client.send("/queue/")
        found = re.search(r'data-row="([^"]+)"', queue)
        assert found, "nothing waits in the queue"
        self._path = f"/incidents/{found[1]}/triage/"
        _status, form = client.send(self._path)
        self._fields = dict(re.findall(r'name="(csrfmiddlewaretoken|form_owner)" value="([^"]*)"', form))
        category = re.search(r'<option value="(\d+)"[^>]* selected', form)
        level = re.search(r'name="level" value="(\d)"[^>]* checked', form)
        assert category, "no category is chosen in the form"
        assert level, "no level is chosen in the form"
        self._fields["category"], self._level = category[1], int(level[1])

    def change_level(self) -> float:
        """Between 1 and 2, to and fro; returns the moment when the form was sent."""
        self._level = 1 if self._level == 2 else 2
        sent = time.time()
        status, _text = self._client.send(self._path, urlencode({**self._fields, "level": self._level}))
        assert status == 302, f"{self._path}: {status}"
        self.took.append(time.time() - sent)
        return sent


@contextmanager
def followers(address: str, session: Any, page: Renewed, count: int) -> Iterator[list[Follower]]:
    stopped = threading.Event()
    everybody = [Follower(Client(address, session), page, stopped) for _each in range(count)]
    threads = [threading.Thread(target=each.run, daemon=True) for each in everybody]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    yield everybody
    stopped.set()
    for thread in threads:
        thread.join()


@contextmanager
def watching(browser: Any, session: Any, url: str) -> Iterator[Any]:
    context = browser.new_context(viewport=DESK, locale="zh-CN", storage_state=session)
    context.add_init_script(_WATCH_RENEWALS)
    tab = context.new_page()
    tab.goto(url, wait_until="load")
    tab.wait_for_selector("[data-live][data-state=on]")
    yield tab
    context.close()


def mark_of(text: str) -> dict[str, str]:
    """What `components/_live.html` wrote into a page."""
    found = _MARK.search(text)
    assert found, "this page follows nothing"
    return found.groupdict()


def since(moment: float, told: Any) -> list[float]:
    """How long after it each page was told for the first time; nothing of a page that was not."""
    firsts = (next((at for at in moments if at >= moment), None) for moments in told)
    return [at - moment for at in firsts if at is not None]


def tell(what: str, seconds: Sequence[float]) -> None:
    if not seconds:
        print(f"{what:<44} not once")
        return
    ranked = sorted(seconds)
    late = ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))]
    print(
        f"{what:<44} median {statistics.median(ranked):6.3f} s   95 of 100 within {late:6.3f} s"
        f"   last {ranked[-1]:6.3f} s",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of a running product with the demo district")
    parser.add_argument("password", help="of the demo accounts")
    parser.add_argument("--page", choices=PAGES, default="queue")
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--commits", type=int, default=10)
    options = parser.parse_args()
    main(options.address.rstrip("/"), options.password, PAGES[options.page], options.pages, options.commits)
