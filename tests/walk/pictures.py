"""Pictures of the pages and the page that shows them; used by `script/screens`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path

from django.utils import translation
from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from accounts.models import Language
from governance.demo.staff import ACCOUNTS
from tests.browser import DESK, PHONE, WALL, Pages
from tests.walk.examples import Examples
from tests.walk.pages import PAGES, Page
from tests.walk.visiting import Visitor

_CODES = {Language.CHINESE: "zh", Language.ENGLISH: "en"}
_SIZES = {390: "phone", 1440: "desk", 1920: "wall"}
_COLOURS = 96
_TALLEST = 3000
"""Of a picture of a whole page: longer lists repeat themselves."""


@dataclass(frozen=True)
class Shot:
    """One picture: a page at a size, in a language, by day or in the dark."""

    page: Page
    size: ViewportSize
    language: Language
    is_dark: bool = False

    @property
    def name(self) -> str:
        dark = "-dark" if self.is_dark else ""
        return f"{self.page.name}-{_SIZES[self.size['width']]}-{_CODES[self.language]}{dark}"


def main_shots() -> Iterator[Shot]:
    """Those kept with the project: the main journeys in both languages, each at the size it was drawn for."""
    for page in PAGES:
        if page.is_main:
            yield from (Shot(page, page.size, language) for language in Language)
            yield from _of_the_room(page)


def all_shots() -> Iterator[Shot]:
    """Every page in both languages and at both sizes."""
    for page in PAGES:
        yield from (Shot(page, size, language) for language in Language for size in (PHONE, DESK))
        yield from _of_the_room(page)


def _of_the_room(page: Page) -> Iterator[Shot]:
    if page.is_room:
        yield Shot(page, page.size, Language.CHINESE, is_dark=True)
        if page.size == DESK:
            yield Shot(page, WALL, Language.CHINESE)


class Camera:
    """Takes pictures as the accounts see the pages. One session for each account; the language changes in between."""

    def __init__(self, browser: Browser, site: str, examples: Examples) -> None:
        self._pages, self._site, self._examples = Pages(browser), site, examples
        self._visitors: dict[str, Visitor] = {}
        self.titles: dict[str, str] = {}

    def take(self, shots: Iterable[Shot], *, whole: bool) -> Iterator[tuple[Shot, bytes]]:
        """Each picture as PNG: of the screen, or of the `whole` page. Sorted so that nobody waits for a language."""
        for shot in sorted(shots, key=lambda shot: (shot.page.who, shot.language)):
            visitor = self._visitor(shot.page.who)
            visitor.speak(shot.language)
            visitor.darken(shot.is_dark)
            # What a press opens beside a list on a wide screen is a page of its own on a phone, with its own picture.
            visitor.hold(shot.page.size if shot.page.awaits else shot.size)
            visitor.open(shot.page)
            visitor.hold(shot.size)
            self.titles[f"{shot.page.name}-{shot.language}"] = visitor.tab.title().partition(" · ")[0]
            yield shot, self._develop(visitor, shot, whole)

    def close(self) -> None:
        self._pages.complaints.clear()
        self._pages.close()

    def _visitor(self, who: str) -> Visitor:
        if who not in self._visitors:
            self._visitors[who] = Visitor.at(self._pages, self._site, who, DESK, self._examples)
        return self._visitors[who]

    def _develop(self, visitor: Visitor, shot: Shot, whole: bool) -> bytes:
        if not whole:
            return visitor.tab.screenshot()
        height = min(visitor.tab.evaluate("document.documentElement.scrollHeight"), _TALLEST)
        visitor.hold(ViewportSize(width=shot.size["width"], height=max(height, shot.size["height"])))
        return visitor.tab.screenshot()


def compressed(image: bytes) -> bytes:
    """The same picture with a palette: a page has few colours, and the file a third of the size."""
    few = (
        Image.open(BytesIO(image))
        .convert("RGB")
        .quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def write_index(folder: Path, shots: Iterable[Shot], titles: dict[str, str], *, about: str) -> None:
    """`README.md` beside the pictures: by account, and of each page all its pictures in a row."""
    lines = ["# Screens", "", about]
    ordered = sorted(shots, key=lambda shot: [*_accounts()].index(shot.page.who))
    for who, of_account in groupby(ordered, key=lambda shot: shot.page.who):
        lines += ["", f"## {_accounts()[who]}"]
        for page, of_page in groupby(of_account, key=lambda shot: shot.page):
            chinese, english = (titles[f"{page.name}-{language}"] for language in (Language.CHINESE, Language.ENGLISH))
            lines += ["", f"### {english} · {chinese}", ""]
            lines += [_image(shot, english) for shot in of_page]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _accounts() -> dict[str, str]:
    """What each account is called, in the order in which people meet them; visitors last."""
    with translation.override(str(Language.ENGLISH)):
        named = {account.username: f"{account.shows}" for account in ACCOUNTS}
    return {**{name: f"`{name}`: {shows}" for name, shows in named.items()}, "": "Visitors without an account"}


def _image(shot: Shot, title: str) -> str:
    width = 260 if shot.size == PHONE else 620
    said = f"{title}, {shot.name.removeprefix(shot.page.name)[1:]}"
    return f'<a href="{shot.name}.png"><img src="{shot.name}.png" width="{width}" alt="{said}"></a>'
