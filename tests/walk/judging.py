"""What is judged of a page that is open: its words, its width, where the keyboard begins, and what axe finds."""

import re
from functools import cache

from django.apps import apps
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import trans_real
from playwright.sync_api import Page as Tab

from accounts.models import Language, User
from governance.demo.staff import ACCOUNTS
from tests.browser import VENDOR
from tests.walk.furniture import HEADERS

_AXE = next(VENDOR.glob("axe-core-*/axe.min.js")).relative_to(VENDOR).as_posix()
_RUN_AXE = """async ofWords => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
  const words = ["cat.name-role-value", "cat.text-alternatives", "cat.language", "cat.forms"];
  const rules = axe.getRules(tags).filter(rule => !rule.tags.includes("experimental")
    && (!ofWords || rule.tags.some(tag => words.includes(tag))));
  const found = await axe.run(document, {
    runOnly: {type: "rule", values: rules.map(rule => rule.ruleId)}, resultTypes: ["violations"], preload: false,
  });
  return found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "));
}"""
_BEYOND = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Names of keys, what a machine says, and what is marked as another language are no words of the page.
_WORDS = """() => {
  const said = new Set([document.title]), apart = "script, style, template, kbd, code, pre, svg, [lang]:not(html)";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest(apart)) said.add(node.data.replace(/<[^>]*>/g, " ").trim());  // <noscript> is text
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"])
    for (const node of document.body.querySelectorAll("[" + name + "]"))
      if (!node.closest(apart)) said.add(node.getAttribute(name).trim());
  return [...said].filter(Boolean);
}"""
_FOCUS = """async () => {
  await Promise.all(document.getAnimations().map(animation => animation.finished));
  const node = document.activeElement, box = node.getBoundingClientRect(), look = getComputedStyle(node);
  if (node === document.body) return "nothing";
  const ringed = (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2) || look.boxShadow !== "none";
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight;
  return ringed && seen ? "" : node.outerHTML.slice(0, 120);
}"""

_LATIN = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z'’]+(?![\w-])")  # not the letters of a number or code
_HAN = re.compile(r"[一-鿿]{2,}")
# What stands in Latin letters in any Chinese office, and names.
_SAID_IN_CHINESE_TOO = frozenset(
    {
        *("xlsx", "xls", "csv", "docx", "pdf", "jpeg", "jpg", "png", "heic", "svg", "json", "mb", "kb", "gb"),
        *(
            "excel",
            "word",
            "gps",
            "id",
            "url",
            "api",
            "http",
            "https",
            "qr",
            "pin",
            "app",
            "english",
            "javascript",
            "true",
            "false",
        ),
        *("redis", "postgresql", "valkey", "celery", "beat", "enter", "esc", "ctrl", "shift", "alt", "tab"),
    }
)
# Its own name, and the headers of the file that is loaded.
_SAID_IN_ENGLISH_TOO = frozenset({"简体中文", *HEADERS})
_ACCOUNTS = frozenset(account.username for account in ACCOUNTS)


def width_beyond(tab: Tab) -> int:
    """By how many pixels the page scrolls sideways; nothing for a page that fits."""
    return int(tab.evaluate(_BEYOND))


def unseen_focus(tab: Tab) -> str:
    """The first stop of the keyboard, when it can't be seen there; empty when it can."""
    tab.keyboard.press("Tab")
    return str(tab.evaluate(_FOCUS))


def axe(tab: Tab, *, of_words: bool = False) -> list[str]:
    """What axe finds against WCAG 2.1 AA, rule by rule; `of_words`: only by the rules that other words may break."""
    if not tab.evaluate("Boolean(window.axe)"):
        # By address: the browser keeps it compiled, and the page's content security policy has its say.
        tab.add_script_tag(url=static(_AXE))
    return list(tab.evaluate(_RUN_AXE, of_words))


def foreign_words(tab: Tab, language: Language) -> list[str]:
    """What the page says in the other language.

    In Chinese ones the names of accounts are none of its words. In English ones only words of the interface count and
    what catalogues have in both: names, places and what people wrote are Chinese.
    """
    said: list[str] = tab.evaluate(_WORDS)
    if language == Language.ENGLISH:
        return sorted({text for text in said if text in _chinese_interface() or text in _chinese_of_catalogues()})
    words = {word for text in said for word in _LATIN.findall(text)}
    return sorted(word for word in words if word.lower() not in _SAID_IN_CHINESE_TOO | _ACCOUNTS)


@cache
def _chinese_interface() -> frozenset[str]:
    """The Chinese of every text of the interface that stands by itself."""
    with translation.override(str(Language.CHINESE)):
        texts = {text for _key, text in trans_real.catalog()._catalog.items() if isinstance(text, str)}
    texts -= _SAID_IN_ENGLISH_TOO
    return frozenset(text for text in texts if _HAN.search(text) and "%" not in text and "{" not in text)


@cache
def _chinese_of_catalogues() -> frozenset[str]:
    """What roles, departments, categories, tags … are called in Chinese, where they have an English name."""
    catalogues = [
        model for model in apps.get_models() if {"name", "name_en"} <= {each.name for each in model._meta.fields}
    ]
    named = [model._default_manager.exclude(name_en="").values_list("name", flat=True) for model in catalogues]
    people = set(User.objects.values_list("name", flat=True))
    return frozenset(name for names in named for name in names if _HAN.search(name)) - people
