"""Accounts at screens: each opens pages with a session of its own, in one language or the other."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from playwright.sync_api import Page as Tab
from playwright.sync_api import Response, ViewportSize

from accounts.models import Language, User
from tests.browser import Pages
from tests.walk.examples import Examples
from tests.walk.pages import VISITOR, Page

_TURN_OVER = """async () => {
  const text = await (await fetch(location.href, {credentials: "same-origin"})).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  document.documentElement.lang = fresh.documentElement.lang;
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
}"""
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Visitor:
    """One account at one screen. The session begins without the log-in page, which is a page of the list itself."""

    tab: Tab
    site: str
    user: User | None
    examples: Examples

    @classmethod
    def at(cls, pages: Pages, site: str, who: str, size: ViewportSize, examples: Examples) -> "Visitor":
        tab = pages.open(size)
        user = None if who == VISITOR else examples.people[who]
        if user:
            tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": _session(user), "url": site}])
        tab.emulate_media(reduced_motion="reduce")
        return cls(tab, site, user, examples)

    def speak(self, language: Language) -> None:
        """From the next page on: the account's language, for a visitor that of the cookie."""
        if self.user:
            User.objects.filter(pk=self.user.pk).update(language=language)
        self.tab.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": str(language), "url": self.site}]
        )

    def open(self, page: Page) -> Response:
        """Open the page and bring it into the state that it is shown in; returns the first answer."""
        answer = self.tab.goto(self.site + page.address(self.examples))
        assert answer is not None
        if page.types:
            self.tab.locator("input[type=search]").first.fill(page.types)
        if page.press and self.tab.locator(page.press).count():
            self._press(page)
        return answer

    def _press(self, page: Page) -> None:
        """Press what the page is shown after, and wait for what comes of it: a part of the page, else another page."""
        pressed = self.tab.locator(page.press).first
        if page.awaits:
            pressed.click()
            self.tab.locator(page.awaits).first.wait_for()
            return
        with self.tab.expect_navigation():
            pressed.click()

    def turn_over(self) -> None:
        """Put the same page into the tab in the language that counts now. Its scripts don't run again: this is for
        reading, and takes a quarter of the time."""
        self.tab.evaluate(_TURN_OVER)

    def hold(self, size: ViewportSize) -> None:
        if self.tab.viewport_size != size:
            self.tab.set_viewport_size(size)

    def darken(self, is_dark: bool) -> None:
        self.tab.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion="reduce")


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = _BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
