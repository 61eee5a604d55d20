"""Nothing that a chat app's WebView of 2020 (Chromium 80) can't read, run or open: scripts, style sheets, templates.

There is no build that would translate newer syntax; so a script with it is a script that never starts, on every page.
A list of words is enough: what is on it can't be written by accident, and each entry is tried below.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted([*(ROOT / "static/js").glob("*.js"), ROOT / "governance/service_worker.js"])
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Each came to Chromium with the version named, or isn't in scripts that aren't modules.
SYNTAX = {
    "optional chaining (80, but not in every WebView that says 80)": r"\?\.[\w([]",
    "nullish coalescing (80, the same)": r"\?\?",
    "logical assignment (85)": r"(\|\||&&|\?\?)=",
    "modules": r"^\s*(import|export)\b|\bimport\s*\(|\bimport\.meta\b",
    "await outside of a function (89)": r"^await\b",
    "private names (84, 91)": r"(?<!\w)#[a-zA-Z_]\w*\s*(?:[=(;,)]|in\b)|\.#\w",
    "static blocks and fields of classes (94, 72)": r"\bstatic\s*\{|\bstatic\s+\w+\s*=",
    "numbers with separators (75, not in every WebView)": r"\b\d+_\d",
    "flags of regular expressions (90, 112)": r"[)\]\w+*?$.]/[dv](?=[.,;)\s])",
}
FUNCTIONS = {
    "lists (85, 92, 97, 110)": r"\.(replaceAll|at|findLast|findLastIndex|toSorted|toReversed|toSpliced|with)\(",
    "objects (93, 98, 117, 121)": r"\b(structuredClone|Object\.hasOwn|(Object|Map)\.groupBy|Array\.fromAsync)\b",
    "promises (85, 119, 128)": r"\b(Promise\.(any|withResolvers|try)|AggregateError)\b",
    "memory (84)": r"\b(WeakRef|FinalizationRegistry)\b",
    "pages (86, 99, 105, 114)": r"\b(replaceChildren|showPicker|(show|toggle)Popover|checkVisibility|getHTML)\b",
    "the browser (90, 92, 103, 120)": r"\b(randomUUID|userAgentData|AbortSignal\.\w+|URL\.canParse)\b",
    "languages (81, 87)": r"\bIntl\.(DisplayNames|Segmenter)\b",
    "what was pressed (81): `|| document.activeElement`": r"\.submitter\b(?!\s*\|\|)",
    "pop-ups, which a WebView may swallow": r"(\bwindow\.|(?<![.\w]))(alert|confirm|prompt)\(|\bwindow\.open\(",
}
IN_STRINGS = {
    "selectors (86, 88, 105)": r":(is|where|has|focus-visible|modal|user-invalid|popover-open)\b(?!\))|:not\([^()]*,",
    "another window": r"_blank",
}
IN_TEMPLATES = {
    "another window, which a WebView may not have": r"\btarget=\"?_blank",
    "pop-ups": r"\bhx-(confirm|prompt)\b|\bjavascript:",
    "scripts in the page": r"<script(?![^>]*\bsrc=)",
    "attributes (102, 114, 120)": r"\s(inert|popover|popovertarget)(?=[\s=>])|<details[^>]*\sname=",
}
IN_SHEETS = {
    "selectors (86, 88, 105)": r":(is|where|has|modal|user-invalid)\(|:not\([^()]*,|:nth-child\([^)]*\bof\b",
    "directions (87)": r"\b(inset|inset-(inline|block)|(margin|padding)-(inline|block))(-start|-end)?\s*:",
    "one property for each move (104)": r"(?<![-\w])(translate|rotate|scale)\s*:",
    "units (108, 109)": r"\d(dvh|svh|lvh|dvw|lh|rlh|cqw)\b",
    "conditions (88, 104, 105)": r"@(layer|container|property|scope|starting-style)\b|@media[^{]*\([^)]*[<>]=?",
    "colours (111, 119)": r"\b(color-mix|oklch|oklab|lch|light-dark)\(|\bfrom var\(",
    "shapes (88)": r"\baspect-ratio\s*:",
    "nesting (112)": r"&",
}
EXAMPLES = {
    "syntax": """a?.b
        a ?? b
        a ||= b
        a ??= b
        import x from 'y'
        await f()
        #a = 1;
        this.#a
        static {
        static a = 1
        1_000
        /a/d.exec(b)""",
    "functions": """x.replaceAll(1)
        x.at(-1)
        structuredClone(x)
        Object.hasOwn(x, y)
        Promise.any(x)
        x.replaceChildren()
        crypto.randomUUID()
        event.submitter;
        confirm(y)
        window.open(y)""",
    "strings": """:is(a)
        a:has(b)
        :not(a, b)
        _blank""",
    "templates": """<a target="_blank">
        <a hx-confirm="?">
        <script>
        <div inert>
        <div popover>
        <details class="a" name="b">""",
    "sheets": """:is(a) {
        :not(a, b) {
        inset: 0
        margin-inline: 0
        rotate: 1deg
        height: 100dvh
        @layer a
        @media (width >= 9px)
        color-mix(in srgb
        aspect-ratio: 1
        & a {""",
}
PATTERNS = {
    "syntax": SYNTAX,
    "functions": FUNCTIONS,
    "strings": IN_STRINGS,
    "templates": IN_TEMPLATES,
    "sheets": IN_SHEETS,
}
_OLD_ONLY = r"@supports not \(inset: 0\)"
_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<![:\\\"'])//[^\n]*", " ", text, flags=re.DOTALL)


def found(patterns: dict[str, str], text: str) -> dict[str, str]:
    """Why, and where, of everything in `text` that is too young."""
    hits = ((why, re.search(pattern, text, re.MULTILINE)) for why, pattern in patterns.items())
    return {why: text[max(0, hit.start() - 30) : hit.end() + 30] for why, hit in hits if hit}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_runs_in_chromium_80(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))
    code, strings = re.sub(_STRING, '""', text), "\n".join(re.findall(_STRING, text))
    assert found(SYNTAX | FUNCTIONS, code) == {}
    assert found(IN_STRINGS, strings) == {}
    assert len(text.splitlines()) < 400


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_is_read_by_chromium_80(path: Path) -> None:
    text = without_comments(path.read_text(encoding="utf-8"))
    assert found(IN_SHEETS, re.sub(_OLD_ONLY, "", text)) == {}


def test_a_template_opens_nothing_that_a_webview_may_refuse() -> None:
    wrong = {
        path.relative_to(ROOT).as_posix(): found(IN_TEMPLATES, path.read_text(encoding="utf-8")) for path in TEMPLATES
    }
    assert {name: why for name, why in wrong.items() if why} == {}


@pytest.mark.parametrize("kind", PATTERNS)
def test_the_lint_sees_what_it_looks_for(kind: str) -> None:
    examples = map(str.strip, EXAMPLES[kind].splitlines())
    assert [example for example in examples if not found(PATTERNS[kind], example)] == []


def rules_of(text: str) -> list[tuple[str, str]]:
    return re.findall(r"([^{}]+)\{([^{}]*)\}", text)


def flexing_gaps(text: str) -> set[str]:
    """The selectors whose boxes flex with a gap between them; Chromium kept none before 84."""
    bodies = ((selectors, body) for selectors, body in rules_of(text) if re.search(r"(?<![-\w])gap:", body))
    gaps = (selectors for selectors, body in bodies if re.search(r"display: (inline-)?flex", body))
    return {selector.strip() for selectors in gaps for selector in selectors.split(",")}


def test_a_gap_in_a_flexing_row_has_a_margin_that_stands_in_for_it() -> None:
    """Nothing asks a browser about gaps alone; `inset` came three versions later."""
    text = "\n".join(without_comments(path.read_text(encoding="utf-8")) for path in SHEETS)
    stand_ins = "".join(re.findall(rf"{_OLD_ONLY}\s*\{{(.*?\}})\s*\}}", text, re.DOTALL))
    rows = flexing_gaps(text)
    assert ".cluster" in rows
    assert [row for row in sorted(rows) if not re.search(re.escape(row) + r" (> \*|\.icon)", stand_ins)] == []
