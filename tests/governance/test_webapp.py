"""The product as an app on a phone: what is served, what may be kept, and scripts that an old WebView can read."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted([*(ROOT / "static/js").glob("*.js"), ROOT / "governance/service_worker.js"])
# Each came to Chromium after version 80, or isn't in scripts that aren't modules.
TOO_YOUNG = {
    "optional chaining came with 80, but not in every WebView": r"\?\.[\w([]",
    "nullish coalescing": r"\?\?",
    "logical assignment": r"(\|\||&&)=",
    "module syntax": r"^\s*(import|export)\b",
    "await outside of a function": r"^await\b",
    "private names and fields": r"[\s.]#\w+\s*[=(;]",
    "numbers with separators": r"\b\d+_\d",
    "younger functions": r"\.(replaceAll|at|findLast|toSorted|toReversed|replaceChildren|structuredClone)\(",
    "younger objects": r"\b(structuredClone|Promise\.any|AggregateError|WeakRef|Object\.hasOwn|randomUUID)\b",
    "pop-ups, which a WebView may swallow": r"\bwindow\.(alert|confirm|prompt)\(|(?<![.\w])(alert|confirm|prompt)\(",
}


def code_of(text: str) -> str:
    """A script without its comments and strings."""
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", '""', text, flags=re.DOTALL)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_uses_no_syntax_beyond_chromium_80(path: Path) -> None:
    code = code_of(path.read_text(encoding="utf-8"))
    assert [why for why, pattern in TOO_YOUNG.items() if re.search(pattern, code, re.MULTILINE)] == []
    assert len(code.splitlines()) < 400


@pytest.mark.parametrize(
    "line", ["a?.b", "a ?? b", "a ||= b", "import x from 'y'", "await f()", "x.replaceAll(1)", "confirm(y)", "1_000"]
)
def test_the_lint_sees_what_it_looks_for(line: str) -> None:
    assert any(re.search(pattern, code_of(line), re.MULTILINE) for pattern in TOO_YOUNG.values())


def test_the_service_worker_is_served_at_the_root_and_asked_for_each_time(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert answer.text.startswith('var VERSION = "')
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_the_manifest_names_icons_that_exist(client, db):
    told = client.get("/manifest.webmanifest").json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    for icon in told["icons"]:
        assert (ROOT / "static/img" / icon["src"].rpartition("/")[2]).is_file()


def test_the_queue_asks_who_is_logged_in(world, client):
    assert client.get("/offline/ready/").status_code == 401
    client.force_login(world.worker)
    told = client.get("/offline/ready/").json()
    assert told["user"] == str(world.worker.pk)
    assert told["token"]


def test_the_page_of_what_waits_opens_for_nobody_too(client, db):
    assert client.get("/offline/").status_code == 200
