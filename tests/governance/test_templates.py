"""What holds for every template: the CSP's rules, closed tags, icons that exist, and that it compiles at all."""

import re
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path
    for folder in ROOT.glob("**/templates")
    if not {".venv", "build"} & set(folder.relative_to(ROOT).parts)
    for path in folder.rglob("*")
    if path.suffix in {".html", ".txt"}
)
_IDS = [str(path.relative_to(ROOT)) for path in TEMPLATES]
_PYTHON_WITH_ICONS = [*ROOT.glob("*/navigation.py"), ROOT / "governance/gallery.py"]

_TAG = re.compile(r"<[a-zA-Z][^>]*>", re.DOTALL)
_INLINE_HANDLER = re.compile(r"\son[a-z]+\s*=", re.IGNORECASE)
_INLINE_STYLE = re.compile(r"\sstyle\s*=", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_DJANGO_TAG = re.compile(r"{%.*?%}|{#.*?#}|{{.*?}}")
_ICON_TAG = re.compile(r"{%\s*icon\s+\"([^\"]+)\"")
_ICON_PARAMETER = re.compile(r"_empty\.html\"\s+with\s[^%]*?name=\"([^\"]+)\"")
_ICON_IN_PYTHON = re.compile(r"place\(\s*(?:\"[\w:]+\",\s*_\([^)]*\),\s*)?\"([a-z0-9-]+)\"")


def symbols() -> set[str]:
    return set(re.findall(r"<symbol id=\"([^\"]+)\"", (ROOT / "static/img/icons.svg").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=_IDS)
def test_template_has_nothing_inline_that_the_csp_refuses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for tag in _TAG.findall(_DJANGO_TAG.sub("", text)):
        assert not _INLINE_HANDLER.search(tag), tag
        assert not _INLINE_STYLE.search(tag), tag
    assert "<style" not in text
    assert "javascript:" not in text
    for attributes, body in _SCRIPT.findall(text):
        is_data = 'type="application/json"' in attributes
        assert is_data or not body.strip(), "a script with contents"


@pytest.mark.parametrize("path", TEMPLATES, ids=_IDS)
def test_template_compiles_with_every_tag_closed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    engines["django"].from_string(text)
    # Broken over two lines a tag is plain text to Django, and nobody notices.
    without = _DJANGO_TAG.sub("", text)
    assert "{%" not in without
    assert "%}" not in without
    assert text.count("{% blocktrans") == text.count("{% endblocktrans")


@pytest.mark.parametrize("path", TEMPLATES, ids=_IDS)
def test_every_icon_that_a_template_names_is_in_the_sprite(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = {*_ICON_TAG.findall(text), *_ICON_PARAMETER.findall(text)}
    assert named <= symbols()


def test_every_icon_of_the_menu_is_in_the_sprite() -> None:
    named = {name for path in _PYTHON_WITH_ICONS for name in _ICON_IN_PYTHON.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert named <= symbols()


def test_the_sprite_holds_exactly_the_names_on_the_list() -> None:
    lines = (ROOT / "static/img/icons.txt").read_text(encoding="utf-8").splitlines()
    assert symbols() == {name for line in lines for name in line.split("#")[0].split()}
