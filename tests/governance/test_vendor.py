"""What was fetched from elsewhere is what the manifests say, and pages ask nobody else for anything."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOMES = ("static/vendor", "tests/vendor")
# The names of XML's languages look like addresses; nobody ever opens them.
_NAMESPACE = "http://www.w3.org/"
_ADDRESS = re.compile(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+[^\s\"'<>)]*")
_OWN_TEXT = {".html", ".css", ".js", ".svg", ".txt", ".xml", ".json", ".webmanifest"}


def manifest(home: str) -> list[dict[str, Any]]:
    return json.loads((ROOT / home / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("home", HOMES)
def test_every_vendored_file_is_listed_with_its_checksum(home: str) -> None:
    listed = {name: digest for package in manifest(home) for name, digest in package["files"].items()}
    found = {
        path.relative_to(ROOT / home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / home).rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == listed


@pytest.mark.parametrize("home", HOMES)
def test_every_vendored_package_brings_its_licence(home: str) -> None:
    for package in manifest(home):
        assert package["licence"]
        assert any(name.endswith("/LICENSE") for name in package["files"]), package["name"]


def test_no_vendored_file_names_a_source_map_that_is_not_shipped() -> None:
    for path in (ROOT / "static/vendor").rglob("*.*s*"):
        assert b"sourceMappingURL" not in path.read_bytes(), path


def test_pages_ask_no_other_host_for_anything() -> None:
    folders = (ROOT / "static", *ROOT.glob("**/templates"))
    outside = [
        f"{path.relative_to(ROOT)}: {address}"
        for folder in folders
        if ".venv" not in folder.parts
        for path in folder.rglob("*")
        if path.suffix in _OWN_TEXT and "vendor" not in path.parts
        for address in _ADDRESS.findall(path.read_text(encoding="utf-8"))
        if not address.startswith(_NAMESPACE)
    ]
    assert outside == []
