"""The message catalogue: read the messages out of code and templates, keep their translations, compile.

The texts in the code are English; `locale/zh_Hans` holds the Chinese that most people see. No gettext is needed on the
machine: Babel reads Python, Django turns templates into something that Babel reads, polib writes both files. They are
written from their contents alone (no dates, no line numbers), so that two people get the same bytes.

`--merge FILE…` fills untranslated messages from tab-separated lines: message, Chinese, and for a plural its English
plural form. `\\n` is a new line; a message with a context is written `context\\x04message`.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract as babel_extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"
APPS = ("accounts", "clock", "dispatch", "governance", "grids", "households", "incidents", "public", "tagging")
TEMPLATES = ("templates", *(f"{app}/templates" for app in APPS))
_SUFFIXES = ("", "_lazy", "_noop")
KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    **{f"gettext{suffix}": None for suffix in _SUFFIXES},
    **{f"ngettext{suffix}": (1, 2) for suffix in _SUFFIXES},
    **{f"pgettext{suffix}": ((1, "c"), 2) for suffix in _SUFFIXES},
    **{f"npgettext{suffix}": ((1, "c"), 2, 3) for suffix in _SUFFIXES},
}
HEADER = {
    "Project-Id-Version": "weige",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
_PERCENT_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sd]")


@dataclass
class Message:
    """One text of the product and the files that say it."""

    text: str
    context: str | None = None
    plural: str | None = None
    files: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


Key = tuple[str | None, str]


def extract(root: Path = ROOT) -> dict[Key, Message]:
    """Every message of the code and templates, in the order of files and of their lines."""
    found: dict[Key, Message] = {}
    for path, source in _sources(root):
        for _line, texts, _comments, context in babel_extract(
            "python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            text, plural = texts[:2] if isinstance(texts, tuple) else (texts, None)
            message = found.setdefault((context, text), Message(text, context))
            message.plural = message.plural or plural
            if path not in message.files:
                message.files.append(path)
    return found


def _sources(root: Path) -> Iterator[tuple[str, str]]:
    """Path and Python text of every file that can hold messages; a template as the calls that it amounts to."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_text()
    for folder in TEMPLATES:
        for path in sorted(p for p in (root / folder).rglob("*") if p.suffix in {".html", ".txt", ".md"}):
            calls = templatize(path.read_text())
            # A template's indentation means nothing to Python.
            yield path.relative_to(root).as_posix(), "\n".join(line.strip() for line in calls.splitlines()) + "\n"


def updated(old: polib.POFile, messages: Iterable[Message]) -> polib.POFile:
    """A catalogue of exactly these messages, with the translations of `old` where it has them."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=120)
    new.metadata = dict(HEADER)
    for message in messages:
        entry = polib.POEntry(msgid=message.text, msgctxt=message.context, flags=_flags(message))
        entry.occurrences = [(path, "") for path in message.files]
        before = known.get(message.key)
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: _translation(before)}
        else:
            entry.msgstr = _translation(before)
        new.append(entry)
    return new


def _flags(message: Message) -> list[str]:
    return ["python-format"] if placeholders(message.text) else []


def _translation(entry: polib.POEntry | None) -> str:
    if entry is None or entry.fuzzy:
        return ""
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def placeholders(text: str) -> list[str]:
    """The `%(name)s` of a text, sorted: a translation must have the same ones."""
    return sorted(set(_PERCENT_PLACEHOLDER.findall(text)))


def read_translations(path: Path) -> dict[Key, str]:
    """Message and Chinese of each line; the last line of a message counts. `ValueError` for a line without either."""
    translations: dict[Key, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip():
            continue
        columns = [column.replace("\\n", "\n").replace("\\x04", "\x04") for column in line.split("\t")]
        if len(columns) < 2 or not columns[1].strip():
            raise ValueError(f"{path.name}, line {number}: a message and its Chinese, divided by a tab.")
        context, _sep, text = columns[0].rpartition("\x04")
        translations[(context or None, text)] = columns[1]
    return translations


def merge(catalogue: polib.POFile, translations: dict[Key, str]) -> list[str]:
    """Fill the untranslated messages. Returns what a person should look at: other words, or nobody says it."""
    doubts = []
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    for key, chinese in translations.items():
        entry = entries.get(key)
        if entry is None:
            doubts.append(f"nobody says {key[1]!r}")
        elif placeholders(chinese) != placeholders(entry.msgid):
            doubts.append(f"other placeholders in {key[1]!r}: {chinese!r}")
        elif present := _translation(entry):
            if present != chinese:
                doubts.append(f"{key[1]!r} stays {present!r}, not {chinese!r}")
        elif entry.msgid_plural:
            entry.msgstr_plural = {0: chinese}
        else:
            entry.msgstr = chinese
    return doubts


def main() -> int:
    """Update, merge, save and compile; returns 1 while messages are untranslated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE", help="files of translations")
    options = parser.parse_args()
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    catalogue = updated(old, extract().values())
    for path in options.merge:
        for doubt in merge(catalogue, read_translations(path)):
            print(f"{path.name}: {doubt}", file=sys.stderr)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    missing = [entry.msgid for entry in catalogue if not _translation(entry)]
    print(f"{len(catalogue)} messages, {len(missing)} without Chinese")
    for text in missing:
        print(f"  {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
