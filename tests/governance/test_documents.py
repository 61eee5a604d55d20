"""Documents say what is there: every model, and no file that isn't."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

DOCS = Path(settings.BASE_DIR) / "docs"
OURS = ("accounts", "grids", "households", "incidents", "tagging", "dispatch", "public")
_PATH = re.compile(
    r"`((?:accounts|clock|dispatch|docs|governance|grids|households|incidents|public|script|static|tagging|templates|tests)/[\w./-]+)`"
)


def test_the_data_model_has_a_paragraph_for_each_model_under_its_app() -> None:
    sections = re.split(r"^## ", (DOCS / "data-model.md").read_text(), flags=re.MULTILINE)[1:]
    paragraph = re.compile(r"^\*\*(\w+)\*\*:", re.MULTILINE)
    told = {section.split("\n")[0].strip(): set(paragraph.findall(section)) for section in sections}
    there = {app: {model.__name__ for model in apps.get_app_config(app).get_models()} for app in OURS}
    assert told == there


LIVING = sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "decisions")  # those are of their day


@pytest.mark.parametrize("document", LIVING, ids=lambda path: path.name)
def test_a_document_names_only_files_that_are_there(document: Path) -> None:
    named = set(_PATH.findall(document.read_text()))
    assert {path for path in named if not (DOCS.parent / path).exists()} == set()
