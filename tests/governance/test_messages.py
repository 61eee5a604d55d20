"""The Chinese catalogue is complete, compiled, and says what the code says."""

from pathlib import Path

import polib
import pytest

from script import messages


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(messages.CATALOGUE))


@pytest.fixture(scope="module")
def said() -> dict[messages.Key, messages.Message]:
    return messages.extract()


def test_every_message_of_code_and_templates_is_in_the_catalogue(
    catalogue: polib.POFile, said: dict[messages.Key, messages.Message]
) -> None:
    missing = said.keys() - {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert not missing, "run script/messages"


def test_the_catalogue_has_nothing_that_nobody_says(
    catalogue: polib.POFile, said: dict[messages.Key, messages.Message]
) -> None:
    left_over = {(entry.msgctxt, entry.msgid) for entry in catalogue} - said.keys()
    assert not left_over, "run script/messages"


def test_every_message_is_translated(catalogue: polib.POFile) -> None:
    open_entries = [entry.msgid for entry in catalogue if entry.fuzzy or not entry.translated()]
    assert not open_entries, "write the Chinese into locale/zh_Hans/LC_MESSAGES/django.po and run script/messages"


def test_a_translation_has_the_placeholders_of_its_message(catalogue: polib.POFile) -> None:
    differing = {
        entry.msgid: chinese
        for entry in catalogue
        for chinese in ([*entry.msgstr_plural.values()] or [entry.msgstr])
        if chinese and messages.placeholders(chinese) != messages.placeholders(entry.msgid)
    }
    assert not differing


def test_the_compiled_catalogue_is_the_written_one(catalogue: polib.POFile) -> None:
    compiled = messages.CATALOGUE.with_suffix(".mo").read_bytes()
    assert compiled == catalogue.to_binary(), "run script/messages"


def test_merging_fills_what_is_open_and_reports_the_rest(tmp_path: Path) -> None:
    translations = tmp_path / "someone.tsv"
    translations.write_text("Sign\t签收\nmonth\\x04May\t五月\nLost\t丢失\nKept\t别的话\n%(n)d left\t还剩\n")
    said = [messages.Message(text) for text in ("Sign", "Kept", "%(n)d left")]
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Kept", msgstr="原话"))
    catalogue = messages.updated(old, [*said, messages.Message("May", context="month")])

    doubts = messages.merge(catalogue, messages.read_translations(translations))

    assert {entry.msgid: entry.msgstr for entry in catalogue} == {
        "Sign": "签收",
        "May": "五月",
        "Kept": "原话",
        "%(n)d left": "",
    }
    assert len(doubts) == 3


def test_a_line_without_a_translation_is_named(tmp_path: Path) -> None:
    translations = tmp_path / "someone.tsv"
    translations.write_text("Sign\t签收\nOnly English\n")
    with pytest.raises(ValueError, match=r"someone\.tsv, line 2"):
        messages.read_translations(translations)
