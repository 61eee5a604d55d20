"""People at a screen. They press and type where the words on the page say so, in their own language, and each page that
they come to is looked at: nothing scrolls sideways, and the browser has no complaint. Whether everybody can use it is
asked of every page in `tests/walk`, and here (`judge`) only of what nobody sees without having done something first.

The tests name a word by its English text in the code; the person finds what the catalogue makes of it.
"""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Locator, ViewportSize

from accounts.models import Language, User
from incidents.models import Incident
from tests.browser import Pages
from tests.walk.judging import axe
from tests.world import PASSWORD, World

_FACTS = """() => {
  const root = document.documentElement;
  return [root.lang.toLowerCase(), root.scrollWidth - root.clientWidth];
}"""


_STOPS = 80
"""Of the keyboard, at most, from the head of the content to what is wanted."""


class Person:
    """One user at a screen, with cookies of their own."""

    def __init__(self, pages: Pages, size: ViewportSize, user: User, site: str) -> None:
        self.page, self.user, self.site = pages.open(size, works_offline=True), user, site
        self.language = ""  # of the page that is open
        self.has_mouse = True
        self._pages = pages

    def word(self, text: str, context: str = "", **facts: object) -> str:
        """What a text of the code reads like for this person."""
        with translation.override(self.language):
            said = pgettext(context, text) if context else gettext(text)
        return said % facts if facts else said

    # -- Going somewhere ---------------------------------------------------------------------------------------------

    def log_in(self) -> "Person":
        """Through the log-in page, as everybody does."""
        self.page.goto(f"{self.site}{reverse('accounts:login')}")
        self.look()
        self.enter_password()
        assert self.page.locator("body").get_attribute("data-user") == str(self.user.pk)
        return self

    def enter_password(self) -> None:
        """Fill in the log-in page that is open, and go on."""
        self.fill("Account", self.user.username)
        self.fill("Password", PASSWORD)
        self.press("Log in")

    def hold(self, size: ViewportSize) -> "Person":
        """Go on at a screen of this size."""
        self.page.set_viewport_size(size)
        return self

    def by_keys(self) -> "Person":
        """From now on without mouse and finger: Tab, arrows, Space and Enter."""
        self.has_mouse = False
        return self

    def speak(self, language: Language) -> "Person":
        """Press the language button if the pages speak the other one."""
        if self.language != language:
            with self.page.expect_navigation():
                self.page.locator(f".language-button[value={language}]").click()
            self.look()
        return self

    def go(self, name: str, *arguments: object, query: str = "") -> None:
        self.page.goto(f"{self.site}{reverse(name, args=arguments)}{query}")
        self.look()

    def open(self, incident: Incident) -> None:
        """The page of an incident, as its link in a chat message opens it."""
        self.go("incidents:incident", incident.number)

    def press(self, text: str, context: str = "") -> None:
        """Press the button or link of that name in the page, and come to the next page."""
        assert self.offers(text, context), f"no “{self.word(text, context)}” on {self.page.url}"
        self.follow(self.pressable(text, context).first)

    def follow(self, link: Locator) -> None:
        """Press it and come to the next page."""
        if not self.has_mouse:
            self.reach(link)
        with self.page.expect_navigation():
            if self.has_mouse:
                link.click()
            else:
                self.page.keyboard.press("Enter")
        self.look()

    def reach(self, wanted: Locator) -> None:
        """Go on there with Tab; from outside of the content past the menu, by the link that leads to it."""
        keyboard = self.page.keyboard
        if not self.page.locator("main :focus").count():
            keyboard.press("Tab")
            assert self.page.locator(".skip:focus").count(), f"the content of {self.page.url} is not a Tab away"
            keyboard.press("Enter")
        for _stop in range(_STOPS):
            if wanted.evaluate("node => node === document.activeElement"):
                return
            keyboard.press("Tab")
        raise AssertionError(f"Tab doesn't lead to {wanted} on {self.page.url}")

    def offers(self, text: str, context: str = "") -> bool:
        """Whether the page has a button or link of that name. On a phone all but two acts stand in a menu."""
        menu = self.page.locator("details.more-acts:not([open]) summary")
        if not self.pressable(text, context).count() and menu.is_visible():
            menu.click()
        return self.pressable(text, context).count() > 0

    def pressable(self, text: str, context: str = "") -> Locator:
        main, name = self.page.locator("main"), self.word(text, context)
        return main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True))

    # -- Filling in --------------------------------------------------------------------------------------------------

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        """One of a drop-down list, by what stands there."""
        self.field(label).select_option(label=option)

    def tick(self, label: str) -> None:
        """A tile, a radio button or a switch, pressed by its words as a finger does."""
        words = self.page.locator("main label:visible").filter(has_text=label).first
        if self.has_mouse:
            words.click()
        else:
            self.select(words.locator("input"))

    def select(self, button: Locator) -> None:
        """One of a group of radio buttons, by keys: Tab leads to the group, arrows lead through it."""
        group = self.page.locator(f"main input[name={button.get_attribute('name')}]")
        stop = group.locator("xpath=self::*[@checked]").or_(group.first).first
        self.reach(stop)
        self.page.keyboard.press("Space")
        for _other in range(group.count()):
            if button.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows don't lead to {button} on {self.page.url}")

    def field(self, label: str) -> Locator:
        return self.page.locator("main").get_by_label(self.word(label)).locator("visible=true").first

    def unfold(self, text: str) -> None:
        """Open what is folded away under these words, unless it stands open already."""
        folded = self.page.locator("main details:not([open]) > summary").filter(has_text=self.word(text))
        if folded.count():
            folded.first.click()

    def act(self, text: str, **fields: str) -> None:
        """An act with a form of its own: open it from the incident's page, fill it in by the fields' names, do it."""
        self.press(text)
        for name, value in fields.items():
            self.page.locator(f"main form [name={name}]").fill(value)
        self.press(text)

    # -- Seeing ------------------------------------------------------------------------------------------------------

    @property
    def number(self) -> str:
        """The number at the head of an incident's page."""
        return self.page.locator(".incident-number").inner_text()

    @property
    def status(self) -> str:
        """The status word at the head of an incident's page."""
        return self.page.locator(".page-head .status").inner_text().strip()

    @property
    def said(self) -> str:
        """What the page says about the act just done."""
        return " ".join(self.page.locator("#messages, .notice.sent").all_inner_texts()).strip()

    @property
    def timeline(self) -> list[str]:
        """The titles of the history, the latest first."""
        return [title.strip() for title in self.page.locator(".timeline-head strong").all_inner_texts()]

    @property
    def parties(self) -> list[list[str]]:
        """Part, name and state of the parties that hold the incident now."""
        rows = self.page.locator("ul.parties").first.locator("li").all()
        return [[part.strip() for part in row.locator("> *").all_inner_texts()] for row in rows]

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def look(self) -> None:
        """Take in the page that is open: its language, its width, and what the browser says of it."""
        self.page.wait_for_load_state()
        assert self._pages.complaints == [], f"what the browser complained about, on {self.page.url}"
        self.language, beyond = self.page.evaluate(_FACTS)
        assert beyond <= 0, f"{self.page.url} scrolls sideways by {beyond} px"

    def judge(self) -> None:
        """Everybody can use what is shown now."""
        assert axe(self.page) == [], self.page.url


@dataclass
class Cast:
    """The people of the street; who came once stays logged in."""

    pages: Pages
    site: str
    street: World
    _present: dict[str, Person] = field(default_factory=dict)

    def at(self, size: ViewportSize, username: str, *, language: Language = Language.CHINESE) -> Person:
        if username not in self._present:
            user = User.objects.get(username=username)
            self._present[username] = Person(self.pages, size, user, self.site).log_in()
        person = self._present[username].hold(size)
        person.has_mouse = True
        return person.speak(language)


def history_of(incident: Incident) -> list[tuple[str, str, str]]:
    """The history in the database: the act, who did it, and the status it led to."""
    changes = incident.changes.select_related("actor").order_by("pk")
    return [(change.act, change.actor.username if change.actor else "", change.new) for change in changes]
