"""What holds for every style sheet: readable contrast in both themes, and how much a page weighs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TEXT = ("--ink", "--ink-2", "--ink-3", "--accent", "--accent-strong", "--red", "--amber", "--blue", "--green")
PAIRS = [
    *((text, ground) for text in TEXT for ground in ("--ground", "--surface", "--sunken")),
    *((f"--{tone}", f"--{tone}-soft") for tone in ("red", "amber", "blue", "green")),
    *(("--ink", f"--{tone}-soft") for tone in ("red", "amber", "blue", "green", "accent")),
    ("--accent-strong", "--accent-soft"),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-strong"),
    ("--on-red", "--red"),
    ("--surface", "--ink-3"),
]


def colours(theme: str) -> dict[str, str]:
    """The colours of a theme, by name."""
    text = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    return dict(re.findall(r"(--[\w-]+): (#\w+);", block_of(theme, text)))


def block_of(theme: str, text: str) -> str:
    """What the tokens say under one theme, without indentation."""
    found = re.search(rf"\[data-theme=\"{theme}\"\] {{(.*?)\n *}}", text, re.DOTALL)
    assert found
    return "\n".join(line.strip() for line in found.group(1).splitlines())


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_on_every_ground_it_stands_on(theme: str) -> None:
    of = colours(theme)
    weak = {pair: round(contrast(of[pair[0]], of[pair[1]]), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_following_a_dark_device_is_the_dark_theme_itself() -> None:
    text = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
    assert block_of("auto", text) == block_of("dark", text)
    assert colours("light").keys() == colours("dark").keys()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_edge_of_a_control_is_visible(theme: str) -> None:
    of = colours(theme)
    assert contrast(of["--control"], of["--surface"]) >= 3
    assert contrast(of["--focus"], of["--ground"]) >= 3


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_is_whole_and_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    assert len(text.splitlines()) < 400


def links_of(template: Path) -> set[Path]:
    """The style sheets and scripts of ours that a template names."""
    named = re.findall(r"(?<!admin/)(?:css|js)/[a-z_]+\.(?:css|js)", template.read_text(encoding="utf-8"))
    return {ROOT / "static" / name for name in named}


EVERYWHERE = (
    links_of(ROOT / "templates/base.html")
    | links_of(ROOT / "templates/components/_styles.html")
    | set((ROOT / "static/img").glob("*.svg"))
    | set((ROOT / "static/vendor").glob("htmx-*/htmx.min.js"))
)
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if not path.name.startswith("_"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "templates").as_posix())
def test_a_page_weighs_little(page: Path) -> None:
    """All that it links, before compression: well below the 300 KB that a compressed page may have."""
    assert sum(path.stat().st_size for path in EVERYWHERE | links_of(page)) < 150_000


def test_what_works_without_a_network_weighs_little() -> None:
    """The scripts that keep and send what was written offline come on top of every page, and stay in the cache."""
    scripts = links_of(ROOT / "templates/components/_offline.html")
    assert scripts
    assert sum(path.stat().st_size for path in scripts) < 30_000
