"""Every page of the list, looked at as its reader would: in both languages, on a phone and at a desk.

SCREENS=/some/folder keeps a picture of everything that was looked at.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.urls import resolve

from accounts.models import Language
from tests.browser import DESK, PHONE, Pages
from tests.walk import judging
from tests.walk.examples import Examples
from tests.walk.pages import LEFT_OUT, PAGES, Page, acts_without_a_page, patterns
from tests.walk.visiting import Visitor

pytestmark = pytest.mark.long

WHO = sorted({page.who for page in PAGES})
_KEPT = os.environ.get("SCREENS", "")


def test_every_address_is_in_the_list_or_left_out_with_a_reason(examples: Examples) -> None:
    addresses = [unquote(page.address(examples).partition("?")[0]) for page in PAGES if page.name != "nowhere"]
    shown = {resolve(address).route for address in addresses}
    excused = {name for names in LEFT_OUT.values() for name in names}
    known = patterns()
    assert shown <= known.keys()
    missing = {
        route: name for route, name in known.items() if route not in shown and not _is_excused(route, name, excused)
    }
    assert missing == {}
    assert {each for each in excused if not any(_is_excused(*pattern, {each}) for pattern in known.items())} == set()
    assert acts_without_a_page() == set()
    assert len({page.name for page in PAGES}) == len(PAGES)


def _is_excused(route: str, name: str, excused: set[str]) -> bool:
    return bool({route, name, name.partition(":")[0] + ":"} & excused)


@pytest.mark.parametrize("who", WHO, ids=lambda who: who or "visitor")
def test_everybody_can_use_every_page(who: str, pages: Pages, site: str, examples: Examples) -> None:
    visitor = Visitor.at(pages, site, who, DESK, examples)
    faults = [
        f"{page.name} ({language}): {fault}"
        for page in PAGES
        if page.who == who
        for language in Language
        for fault in _faults(visitor, page, language, pages)
    ]
    assert faults == []


def _faults(visitor: Visitor, page: Page, language: Language, pages: Pages) -> Iterator[str]:
    """What is wrong with one page in one language. It has to fit both sizes; axe sees it whole at the one that it was
    drawn for, and the words of the other language where the first one has left it."""
    sizes = [page.size, DESK if page.size == PHONE else PHONE]
    if language != Language.CHINESE and not page.press:
        sizes.reverse()
    visitor.hold(sizes[0])
    visitor.speak(language)
    yield from _arriving(visitor, page, language)
    if foreign := judging.foreign_words(visitor.tab, language):
        yield f"says in the other language: {', '.join(foreign)}"
    # Colours and structure are the same in both.
    yield from judging.axe(visitor.tab, of_words=language != Language.CHINESE)
    for size in sizes:
        visitor.hold(size)
        if (beyond := judging.width_beyond(visitor.tab)) > 0:
            yield f"scrolls sideways by {beyond} px at {size['width']}"
        _keep(visitor, f"{page.name}-{size['width']}-{language}")
    yield from pages.complaints
    pages.complaints.clear()


def _arriving(visitor: Visitor, page: Page, language: Language) -> Iterator[str]:
    """Opened once, in Chinese; the other language is put in its place, unless something was pressed on the way."""
    if language != Language.CHINESE and not page.press:
        visitor.turn_over()
        return
    answer = visitor.open(page)
    if (answer.status, answer.request.redirected_from) != (page.status, None):
        yield f"answers {answer.status} at {answer.url}"
    if not page.press and (unseen := judging.unseen_focus(visitor.tab)):
        yield f"the keyboard begins unseen at {unseen}"


def _keep(visitor: Visitor, name: str) -> None:
    if _KEPT:
        folder = Path(_KEPT)
        folder.mkdir(parents=True, exist_ok=True)
        visitor.tab.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=60)
