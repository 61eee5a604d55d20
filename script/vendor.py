"""Copy pinned browser files out of their npm packages into the tree, with licence, version and checksum.

The product never asks a CDN for anything: what the pages need lies under `static/vendor/`, what the browser tests need
under `tests/vendor/`. Each folder has a `manifest.json` that tests compare with the bytes on disk. To upgrade, change a
version below, run `script/vendor`, and change the path in the templates: the version stands in the folder's name.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ICON_NAMES = ROOT / "static/img/icons.txt"
ICON_SPRITE = ROOT / "static/img/icons.svg"
SVG = "http://www.w3.org/2000/svg"
_SOURCE_MAP = re.compile(rb"\s*(//[#@]\s*sourceMappingURL=\S+|/\*[#@]\s*sourceMappingURL=[^*]+\*/)\s*$")


@dataclass(frozen=True, eq=False)
class Package:
    """One npm package, and which of its files go where."""

    name: str
    version: str
    licence: str
    home: str
    files: dict[str, str]

    @property
    def folder(self) -> str:
        """The folder's name: `htmx-2.0.11`, without scope or the `.org` of the npm name."""
        return f"{self.name.split('/')[-1].removesuffix('.org')}-{self.version}"


HTMX = Package("htmx.org", "2.0.11", "0BSD", "static/vendor", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"})
AXE = Package("axe-core", "4.14.1", "MPL-2.0", "tests/vendor", {"axe.min.js": "axe.min.js", "LICENSE": "LICENSE"})
ECHARTS = Package(
    "echarts",
    "6.1.0",
    "Apache-2.0",
    "static/vendor",
    {"dist/echarts.common.min.js": "echarts.common.min.js", "LICENSE": "LICENSE", "NOTICE": "NOTICE"},
)
ICONS = Package("@tabler/icons", "3.51.0", "MIT", "static/vendor", {"LICENSE": "LICENSE"})


def main() -> None:
    """Fetch every package, then write the sprite and one manifest per home."""
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = {package: unpack(package, Path(scratch)) for package in (HTMX, ECHARTS, AXE, ICONS)}
        for package, source in unpacked.items():
            copy_files(package, source)
        write_sprite(unpacked[ICONS])
    for home in sorted({package.home for package in unpacked}):
        write_manifest(home, [package for package in unpacked if package.home == home])


def unpack(package: Package, scratch: Path) -> Path:
    """Fetch one package with `npm pack` (nothing of it is run) and return the folder with its contents."""
    target = scratch / package.folder
    target.mkdir()
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}", "--pack-destination", str(target)]
    subprocess.run(command, check=True, cwd=target, stdout=subprocess.DEVNULL)
    (archive,) = target.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def copy_files(package: Package, source: Path) -> None:
    """Replace any earlier version's folder with this one's files."""
    home = ROOT / package.home
    home.mkdir(parents=True, exist_ok=True)
    stem = package.folder.removesuffix(package.version)
    for old in home.glob(f"{stem}[0-9]*"):
        shutil.rmtree(old)
    for inside, outside in package.files.items():
        target = home / package.folder / outside
        target.parent.mkdir(parents=True, exist_ok=True)
        # A source map that isn't shipped makes collectstatic fail and the browser ask for a missing file.
        target.write_bytes(_SOURCE_MAP.sub(b"\n", (source / inside).read_bytes()))


def write_sprite(source: Path) -> None:
    """Write the symbols named in `icons.txt` as one SVG; colour and stroke come from the page's style sheet."""
    symbols = [symbol(name, source / "icons/outline" / f"{name}.svg") for name in icon_names()]
    note = f"Symbols of {ICONS.name} {ICONS.version}, {ICONS.licence} licence; made by script/vendor from icons.txt"
    ICON_SPRITE.write_text(
        f'<svg xmlns="{SVG}"><!-- {note} -->\n{"\n".join(symbols)}\n</svg>\n', encoding="utf-8", newline="\n"
    )


def icon_names() -> list[str]:
    """The names wanted, in order, once each; `#` begins a comment."""
    lines = (line.split("#")[0].split() for line in ICON_NAMES.read_text(encoding="utf-8").splitlines())
    return sorted({name for names in lines for name in names})


def symbol(name: str, path: Path) -> str:
    """One `<symbol>`; the invisible bounding square that each drawing carries is left out."""
    shapes = []
    for shape in ET.parse(path).getroot():
        if shape.get("stroke") == "none":
            continue
        tag = shape.tag.removeprefix(f"{{{SVG}}}")
        attributes = "".join(f' {key}="{value}"' for key, value in shape.attrib.items())
        shapes.append(f"<{tag}{attributes}/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def write_manifest(home: str, packages: list[Package]) -> None:
    """Record name, version, licence and the checksum of every file of one home."""
    rows = [
        {
            "name": package.name,
            "version": package.version,
            "licence": package.licence,
            "files": {
                f"{package.folder}/{name}": sha256(ROOT / home / package.folder / name)
                for name in sorted(package.files.values())
            },
        }
        for package in packages
    ]
    text = json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
    (ROOT / home / "manifest.json").write_text(text, encoding="utf-8", newline="\n")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
