"""Makes the gallery in `docs/screens/`: the pages of the main journeys, as each account of the demonstration sees
them."""

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from governance.embedded.servers import throw_away_servers
from tests.run import TEST_ENVIRONMENT

FOLDER = Path(__file__).resolve().parent.parent / "docs/screens"
MOST_BYTES = 4_000_000
"""Of all pictures kept with the project together."""
_ABOUT = (
    "Made by `script/screens` from the demonstration district: the main journeys in Chinese and English, each at the "
    "size it was drawn for. `script/screens --all FOLDER` makes every page, on a phone and at a desk."
)
_ABOUT_ALL = "Every page of the product in Chinese and English, on a phone and at a desk."


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/screens", description=__doc__)
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every page in every size, into this folder")
    parser.add_argument("--only", metavar="NAME", nargs="+", help="only these pages; no index is written")
    options = parser.parse_args(arguments)
    with _product():
        return _make(options.all, set(options.only or ()))


@contextmanager
def _product() -> Iterator[None]:
    """Django set up on empty servers of its own, which are gone afterwards."""
    with throw_away_servers() as servers, tempfile.TemporaryDirectory(prefix="weige-screens-") as media:
        os.environ.update({**TEST_ENVIRONMENT, **servers, "MEDIA_ROOT": media, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"})
        import django
        from django.core.management import call_command

        django.setup()
        logging.disable(logging.INFO)  # what would be sent to chat groups is of no interest here
        call_command("migrate", verbosity=0)
        yield


def _make(everything: Path | None, only: set[str]) -> int:
    """Take the pictures and write them; returns 1 when those of the project have grown too heavy."""
    from playwright.sync_api import sync_playwright

    from tests.browser import launch, served
    from tests.walk import pictures
    from tests.walk.district import furnished_district

    folder = everything or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pictures.all_shots() if everything else pictures.main_shots()
    shots = [shot for shot in wanted if not only or shot.page.name in only]
    with furnished_district(is_full=True) as examples, served() as site, sync_playwright() as playwright:
        browser = launch(playwright)
        camera = pictures.Camera(browser, site, examples)
        for shot, image in camera.take(shots, whole=everything is not None):
            (folder / f"{shot.name}.png").write_bytes(pictures.compressed(image))
        camera.close()
        browser.close()
    if not only:
        about = _ABOUT_ALL if everything else _ABOUT
        pictures.write_index(folder, shots, camera.titles, about=about)
    weight = sum(file.stat().st_size for file in folder.glob("*.png"))
    sys.stdout.write(f"{len(shots)} pictures in {folder}; all of them weigh {weight // 1000} kB\n")
    return 1 if everything is None and weight > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
